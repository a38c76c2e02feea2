// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Kernel;
using AcctExporter.Records;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter acctwtmp</c>: a reason into a login file of our own.</summary>
internal static class AcctWtmpApplet
{
    private const string Name = "acctwtmp";

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var reason = new Argument<string>("REASON") { Description = "Why; of more than 11 bytes, the first 11" };
        var file = new Argument<string>("FILE")
        {
            Description = "The file that the record is appended to; - is standard output",
        };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Write FILE's records and the new one to this file instead; FILE is only read",
            HelpName = "COPY",
        };
        var command = new AppletCommand(Name, "Append a record with a reason (acctg on) to a login file", io)
        {
            reason, file, output,
        };
        command.SetWork((result, format) =>
        {
            var files = new AppletFiles(Name, io);
            if (AcctWtmp.Reason(result.GetRequiredValue(reason)) is not { } text)
            {
                files.Say("the reason has control characters: give letters, digits and blanks");
                return ExitCode.Usage;
            }

            var path = result.GetRequiredValue(file);
            return result.GetValue(output) is { } copy ? Copy(io, files, text, path, copy, format)
                : path == AppletFiles.Standard ? Print(io, text, format)
                : format == ReportFormat.Text ? Append(io, files, text, path) : Unfit(files);
        });
        return command;
    }

    private static int Print(ReportIo io, byte[] reason, ReportFormat format)
    {
        var layout = UtmpLayout.OfThisHost;
        var to = new UtmpOutput(io.Output, format);
        to.Add(new(AcctWtmp.Record(reason, io.Clock.GetUtcNow(), layout), layout));
        to.End();
        return ExitCode.Done;
    }

    private static int Append(ReportIo io, AppletFiles files, byte[] reason, string path)
    {
        if (files.Refuses(path))
        {
            return ExitCode.Usage;
        }

        try
        {
            if (AcctWtmp.Append(path, reason, io.Clock.GetUtcNow()) is not { } fault)
            {
                return ExitCode.Done;
            }

            files.Say($"cannot append to {path}: {fault}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            files.Say($"cannot append to {path}: {FileFault.Why(error, path)}");
        }

        return ExitCode.Failure;
    }

    private static int Copy(
        ReportIo io, AppletFiles files, byte[] reason, string path, string copy, ReportFormat format) =>
        files.With(path, copy, (from, to) =>
        {
            var output = new UtmpOutput(to, format);
            var fix = new WtmpFix(output, files.Say);
            fix.Add(from);
            var layout = fix.Layout;
            output.Add(new(AcctWtmp.Record(reason, io.Clock.GetUtcNow(), layout), layout));
            fix.End();
            return files.Told(path, fix.LeftOut, "left out");
        });

    private static int Unfit(AppletFiles files)
    {
        files.Say("--format=json and csv go with standard output (-) or --output: a login file has records");
        return ExitCode.Usage;
    }
}
