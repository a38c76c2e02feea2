// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>The options that the commands of connect accounting share.</summary>
/// <param name="name">The command.</param>
/// <param name="io">What it reads and writes.</param>
internal sealed class ConnectFlags(string name, ReportIo io)
{
    /// <summary>The classic numbers.</summary>
    public Option<bool> Compat { get; } = AppletFiles.Switch(
        "--compat", null, "The numbers of the classic command, with what is odd about them");

    /// <summary>The holidays file.</summary>
    public Option<string> Holidays { get; } = new("--holidays")
    {
        Description = "When prime time is, and on which days there is none",
        HelpName = "FILE",
        DefaultValueFactory = _ => HolidayFile.UsualPath,
    };

    /// <summary>The sessions that are open.</summary>
    public Option<string?> Carry { get; } = new("--carry")
    {
        Description = "Keep open sessions in this file; the next run, over the records behind these, goes on",
        HelpName = "FILE",
    };

    /// <summary>The report of line use.</summary>
    public Option<string?> LineUse { get; } = new("--line-use", "-l")
    {
        Description = "Write the report of line use to this file",
        HelpName = "FILE",
    };

    /// <summary>The report of reboots.</summary>
    public Option<string?> Reboots { get; } = new("--reboots", "-o")
    {
        Description = "Write the report of reboots to this file",
        HelpName = "FILE",
    };

    /// <summary>Opens its files and says what is wrong with them.</summary>
    public AppletFiles Files { get; } = new(name, io);

    /// <summary>Nothing speaks against the files to write, and the options fit together.</summary>
    public bool Fit(ParseResult result)
    {
        foreach (var file in (string?[])[
            result.GetValue(LineUse), result.GetValue(Reboots), result.GetValue(Carry)])
        {
            if (file is not null && Files.Refuses(file))
            {
                return false;
            }
        }

        if (result.GetValue(Compat) && result.GetValue(Carry) is not null)
        {
            Files.Say("--carry: the classic command carries nothing: leave out --compat, or this");
            return false;
        }

        return true;
    }

    /// <summary>Writes the reports that were asked for.</summary>
    public int WriteReports(ParseResult result, ReportFormat format, ConnectAccounting accounting)
    {
        var code = ExitCode.Done;
        if (result.GetValue(LineUse) is { } lineUse)
        {
            code = Files.WithOutput(lineUse, output => Written(() => LineUseText.Write(
                output, format, accounting.Lines, accounting.Reasons.DurationSeconds, result.GetValue(Compat))));
        }

        return code == ExitCode.Done && result.GetValue(Reboots) is { } reboots
            ? Files.WithOutput(reboots, output => Written(() => RebootText.Write(
                output, format, accounting.Reasons, io.Clock.LocalTimeZone)))
            : code;
    }

    /// <summary>The exit code; the classic commands know 1 only.</summary>
    public int CodeOf(ParseResult result, string? input, ConnectAccounting accounting, ConnectResult read)
    {
        if (read == ConnectResult.Failed || (read == ConnectResult.BadRecords && result.GetValue(Compat)))
        {
            return ExitCode.Failure;
        }

        return read == ConnectResult.BadRecords
            ? Files.Told(input, accounting.Flawed, "left out") : ExitCode.Done;
    }

    private static int Written(Action write)
    {
        write();
        return ExitCode.Done;
    }
}
