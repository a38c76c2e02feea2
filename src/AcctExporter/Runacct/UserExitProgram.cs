// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Diagnostics;

namespace AcctExporter.Runacct;

/// <summary>
/// The site's own program, which the state USEREXIT runs with the day as its argument. What it writes goes to the run's
/// log. It cannot fail the day.
/// </summary>
internal static class UserExitProgram
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="path">The program; it need not be there.</param>
    /// <param name="mmdd">Its argument.</param>
    /// <param name="limit">How long it may work.</param>
    /// <param name="log">Takes what it writes, and how it ended.</param>
    /// <returns>How the state came out.</returns>
    public static string Run(string path, string mmdd, TimeSpan limit, RunLog log)
    {
        if (path.Length == 0 || !File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return StateOutcome.Empty;
        }

        using var program = new Process
        {
            StartInfo = new(path, [mmdd]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        var gate = new Lock();
        program.OutputDataReceived += (_, line) => Take(line.Data);
        program.ErrorDataReceived += (_, line) => Take(line.Data);
        try
        {
            program.Start();
        }
        catch (Win32Exception error)
        {
            log.Warn($"cannot run {path}: {error.Message}");
            return StateOutcome.Skipped;
        }

        program.BeginOutputReadLine();
        program.BeginErrorReadLine();
        if (!program.WaitForExit(limit))
        {
            program.Kill(entireProcessTree: true);
            log.Warn($"{path} had not ended after {limit}: it was killed");
            return StateOutcome.Ok;
        }

        // Once more for the rest of its lines: but a daemon that it left behind may hold them open for ever.
        program.WaitForExit(TimeSpan.FromSeconds(1));
        if (program.ExitCode != 0)
        {
            log.Warn($"{path} ended with {program.ExitCode}");
        }

        return StateOutcome.Ok;

        void Take(string? line)
        {
            lock (gate)
            {
                if (line is not null)
                {
                    log.Say($"{path}: {line}");
                }
            }
        }
    }
}
