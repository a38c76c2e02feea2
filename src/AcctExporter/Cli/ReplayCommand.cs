// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.CommandLine;
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Metrics;

namespace AcctExporter.Cli;

/// <summary>
/// <c>acct-exporter replay FILE...</c>: whole accounting files into a ledger, and its exposition to stdout.
/// </summary>
internal static class ReplayCommand
{
    /// <summary>The command.</summary>
    public static ConfiguredCommand Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Accounting files of any version and byte order; - is standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new ConfiguredCommand(
            "replay", "Count whole accounting files and print what /metrics would show",
            "pairs.limit", "pairs.fold-kernel-threads", "pairs.all-histograms");
        command.Add(files);
        command.SetAction(result => command.Flags.Load(result) is not { } config ? ExitCode.Usage : Run(
            result.GetRequiredValue(files),
            config.Options.Ledger with { Labels = OptionalLabels.None, NativeHistograms = false },
            config.Options.Scrape with { WithoutAgent = true, Bounds = config.Options.Ledger.Bounds },
            result.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(string[] files, LedgerOptions limits, ScrapeOptions scrape, TextWriter errors)
    {
        var clock = TimeProvider.System;
        using var users = new IdNames(Agent.LookUpUser, clock, TimeSpan.FromSeconds(10));
        using var ledger = new ExitLedger(limits, users.Of);
        var replay = new FileReplay(ledger, clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000);
        var code = ExitCode.Done;
        foreach (var file in files)
        {
            try
            {
                using var input = file == "-" ? Console.OpenStandardInput()
                    : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete,
                        bufferSize: 0);
                replay.Read(input);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                errors.WriteLine($"acct-exporter: cannot read {file}: {error.Message}");
                code = ExitCode.CannotRead;
            }
        }

        if (replay.Rejected > 0 && code == ExitCode.Done)
        {
            errors.WriteLine($"acct-exporter: {replay.Rejected} records were rejected; the output says why, by reason");
            code = ExitCode.BadRecords;
        }

        var output = new ArrayBufferWriter<byte>();
        var status =
            new CaptureStatus { Source = "replay", Path = string.Join(' ', files), Ready = true, SourceUp = true };
        var renderer = new ScrapeRenderer(
            new ReplayedSource(ledger, status), scrape, Agent.Build, () => AgentFigures.Unknown, () => 0, clock);
        renderer.Write(output, ExpositionFormat.Text);
        using var stdout = Console.OpenStandardOutput();
        stdout.Write(output.WrittenSpan);
        return code;
    }

    /// <summary>A ledger that nothing more comes to.</summary>
    private sealed class ReplayedSource(ExitLedger ledger, CaptureStatus status) : IExitSource
    {
        public CaptureStatus Status => status;

        public Task<bool> CatchUpAsync(TimeSpan limit, CancellationToken cancellation) => Task.FromResult(true);

        public void CopyTo(LedgerSnapshot snapshot) => ledger.CopyTo(snapshot);
    }
}
