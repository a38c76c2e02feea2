// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;

namespace AcctExporter.Benchmarks;

/// <summary>A PID namespace with a sleeper in it: accounting that is on inside never touches the host's.</summary>
internal sealed class PidNamespace : IDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(10);

    private readonly Process unshare;

    /// <summary>Makes it; it lasts until it is disposed.</summary>
    public PidNamespace()
    {
        string[] arguments = ["--pid", "--fork", "--mount-proc", "--kill-child", "sleep", "infinity"];
        unshare = Process.Start(new ProcessStartInfo("unshare", arguments) { RedirectStandardError = true })
            ?? throw new InvalidOperationException("unshare does not start");
        for (var clock = Stopwatch.StartNew(); FirstPid == 0 && clock.Elapsed < LongestStart; Thread.Sleep(5))
        {
            var child = File.ReadAllText($"/proc/{unshare.Id}/task/{unshare.Id}/children").Trim();
            if (child.Length > 0 && File.ReadAllText($"/proc/{child}/comm").Trim() == "sleep")
            {
                FirstPid = int.Parse(child, CultureInfo.InvariantCulture);
            }
        }
    }

    /// <summary>Its pid 1, as this process numbers it.</summary>
    public int FirstPid { get; }

    /// <summary>Ends all that is inside.</summary>
    public void Dispose()
    {
        using (var first = Process.GetProcessById(FirstPid))
        {
            first.Kill();
        }

        unshare.WaitForExit();
        unshare.Dispose();
    }
}
