// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// What is shipped, as deploy/publish.sh makes it: once for all tests of a run, when the first of them asks, which
/// takes a minute. ACCT_TEST_PUBLISHED names a folder that has it already.
/// </summary>
internal static class PublishedProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);
    private static readonly Lazy<string> Published = new(Publish);

    /// <summary>The folder: the program, and the libraries that stand beside it.</summary>
    public static string Folder => Published.Value;

    /// <summary>The program.</summary>
    public static string Program => Path.Combine(Folder, "acct-exporter");

    private static string Publish()
    {
        if (Environment.GetEnvironmentVariable("ACCT_TEST_PUBLISHED") is { Length: > 0 } given)
        {
            return given;
        }

        var folder = Path.Combine(Repository.Root, "artifacts/published");
        Script.Run(Limit, "deploy/publish.sh", folder);
        return folder;
    }
}

/// <summary>A script of this repository.</summary>
internal static class Script
{
    /// <summary>Runs it to its end; a failure fails the test. The standard output.</summary>
    /// <param name="limit">After that it is killed.</param>
    /// <param name="script">Its path in the repository.</param>
    /// <param name="arguments">What it is given.</param>
    public static string Run(TimeSpan limit, string script, params string[] arguments) =>
        Run(limit, [], script, arguments);

    /// <summary>The same with variables besides this process's: <c>NAME=value</c>.</summary>
    public static string Run(TimeSpan limit, string[] variables, string script, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "env", [.. variables, "bash", Path.Combine(Repository.Root, script), .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{script}: not at its end after {limit}");
        }

        return process.ExitCode == 0 ? output.Result
            : throw new InvalidOperationException(
                $"{script} ended with {process.ExitCode}: {output.Result}{errors.Result}");
    }
}
