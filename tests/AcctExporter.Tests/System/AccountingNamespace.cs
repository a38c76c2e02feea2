// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// A PID namespace with nothing in it but a sleeping first process: accounting that is switched on inside records what
/// the test starts inside, and never touches the host's. It takes root.
/// </summary>
internal sealed class AccountingNamespace : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process unshare;

    public AccountingNamespace()
    {
        string[] arguments = ["--pid", "--fork", "--mount-proc", "--kill-child", "sleep", "infinity"];
        // When its child is killed it says something that means nothing: nobody needs to see that.
        unshare = Process.Start(new ProcessStartInfo("unshare", arguments) { RedirectStandardError = true })!;
        FirstPid = FindFirst();
    }

    /// <summary>The namespace's pid 1, as this process numbers it.</summary>
    public int FirstPid { get; }

    /// <summary>A path inside, with the mounts of the namespace, for this process.</summary>
    public string PathOf(string path) => $"/proc/{FirstPid}/root{path}";

    /// <summary>
    /// Starts a program inside. nsenter waits for it outside the namespace, so the program's is the only exit inside.
    /// </summary>
    public Process Start(string file, params string[] arguments) =>
        Enter(["-t", $"{FirstPid}", "-p", "-m", "--", file, .. arguments]);

    /// <summary>Runs a program inside to its end and returns its standard output; a failure throws.</summary>
    public string Run(string file, params string[] arguments) => Finish(Start(file, arguments), file, arguments);

    /// <summary>
    /// The same with the mounts of the namespace, but outside of its process ids: no exit inside comes of it.
    /// </summary>
    public string RunBeside(string file, params string[] arguments) =>
        Finish(Enter(["-t", $"{FirstPid}", "-m", "--", file, .. arguments]), file, arguments);

    public void Dispose()
    {
        // The end of pid 1 ends everything inside, and unshare after it.
        using (var first = Process.GetProcessById(FirstPid))
        {
            first.Kill();
        }

        if (!unshare.WaitForExit(Limit))
        {
            unshare.Kill();
        }

        unshare.Dispose();
    }

    private static Process Enter(string[] arguments)
    {
        var start = new ProcessStartInfo("nsenter")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static string Finish(Process started, string file, string[] arguments)
    {
        using var process = started;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{file} did not end in {Limit}");
        }

        return process.ExitCode == 0
            ? output.Result
            : throw new InvalidOperationException(
                $"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output.Result}{errors.Result}");
    }

    /// <summary>unshare's child, once it has mounted its /proc and become the sleeper.</summary>
    private int FindFirst()
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Limit && !unshare.HasExited)
        {
            var child = File.ReadAllText($"/proc/{unshare.Id}/task/{unshare.Id}/children").Trim();
            if (child.Length > 0 && File.ReadAllText($"/proc/{child}/comm").Trim() == "sleep")
            {
                return int.Parse(child);
            }

            Thread.Sleep(5);
        }

        unshare.Kill();
        throw new InvalidOperationException("no PID namespace: this test takes root, unshare and nsenter");
    }
}
