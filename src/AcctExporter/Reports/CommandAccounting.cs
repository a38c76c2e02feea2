// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary><c>acctcms</c>: sums up what processes cost by their commands, and writes it.</summary>
/// <param name="io">Standard input, messages and the clock.</param>
/// <param name="options">What to do.</param>
internal sealed class CommandAccounting(ReportIo io, CommandOptions options)
{
    private const string Name = "acctcms";

    private ReadResult result;

    /// <summary>Reads it all and writes what was asked for.</summary>
    /// <returns>How the reading went; null when nothing was written, which was said.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public ReadResult? Run()
    {
        var summary = options.FromSummaries ? Summary(DividedExits.NoSplit()) : OfExits();
        if (summary is null)
        {
            return null;
        }

        if (options.FromSummaries)
        {
            ReadSummaries(summary);
        }

        if (options.SinglesTogether)
        {
            summary.PutSinglesTogether();
        }

        Write(summary);
        return result;
    }

    private ICommandSummary Summary(LifeSplit split) =>
        options.Compat ? new CompatCommandSummary(options.IsOld ? null : split) : new CommandSummary(split);

    private ICommandSummary? OfExits()
    {
        using var exits = new DividedExits(options.Input, options.Selection, io, Name);
        // Where nobody sees the parts, who has no holidays file need not hear of it. By the classic rules the last
        // digits depend on the parts: so where there is a file it counts.
        var isDivided = options.View != CommandView.Total || !options.IsReport || options.Format != ReportFormat.Text
            || options.Holidays is not null || (options.Compat && File.Exists(HolidayFile.UsualPath));
        var split = isDivided && !(options.Compat && options.IsOld) ? exits.Split(options.Holidays, options.Compat)
            : DividedExits.NoSplit();
        if (split is null)
        {
            return null;
        }

        ICommandSummary summary;
        if (options.Compat)
        {
            summary = Summary(split);
            exits.ReadAll(summary.Add);
        }
        else
        {
            summary = Shared(exits, split);
        }

        result = exits.Result;
        return summary;
    }

    /// <summary>What several processors summed up.</summary>
    private CommandSummary Shared(DividedExits exits, LifeSplit split)
    {
        var parts = exits.Share(
            options.Workers, () => new CommandSummary(split.Again()),
            static (part, records) => part.Add(records),
            static (part, in entry, isSystemV) => part.Add(entry, isSystemV));
        foreach (var part in parts.Skip(1))
        {
            parts[0].Add(part);
        }

        return parts[0];
    }

    private void ReadSummaries(ICommandSummary summary)
    {
        foreach (var path in options.Input.Files.Count > 0 ? options.Input.Files : ["-"])
        {
            try
            {
                var isStandard = path == "-";
                using var file = isStandard ? null : new FileStream(
                    path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                Tell(isStandard ? "standard input" : path, CmsFile.Read(file ?? io.Input, options.ReadAs, summary));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Say($"cannot read {path}: {FileFault.Why(error, path)}");
                result = ReadResult.NotRead;
            }
        }
    }

    private void Tell(string file, CmsReading reading)
    {
        var fault = reading.Fault switch
        {
            CmsFault.Foreign => "it is no summary of ours; for one of System V say what it is with --read-as, "
                + "and for accounting records leave out -s",
            CmsFault.Damaged => "it is damaged",
            CmsFault.Newer => "a newer version of this program wrote it: update this one",
            _ => null,
        };
        if (fault is not null)
        {
            Say($"cannot read {file}: {fault}");
            result = ReadResult.NotRead;
        }
        else if (reading.BadRecords > 0)
        {
            Say($"{file}: {reading.BadRecords} records are damaged, missing or too many: left out");
            result = result == ReadResult.Whole ? ReadResult.WithFlaws : result;
        }
    }

    private void Write(ICommandSummary summary)
    {
        if (options.Format != ReportFormat.Text && summary is CommandSummary exact)
        {
            CommandRows.Write(io.Output, options.Format, exact, Sorted(summary, CommandView.Total));
        }
        else if (options.IsReport)
        {
            WriteReport(summary);
        }
        else if (summary is CompatCommandSummary classic)
        {
            WriteClassic(classic, options.WriteAs ?? new(options.IsOld, Is64: true, IsBigEndian: false));
        }
        else if (options.WriteAs is { } layout)
        {
            WriteClassic(Classic((CommandSummary)summary, layout), layout);
        }
        else
        {
            CmsFile.Write(io.Output, (CommandSummary)summary);
        }
    }

    private void WriteReport(ICommandSummary summary)
    {
        var view = options.IsOld ? CommandView.Total : options.View;
        var rows = Sorted(summary, view);
        var total = summary.Total(view, rows);
        var report = new AcctcmsReport(new(io.Output), rows);
        if (options.IsOld)
        {
            report.WriteOld(total);
        }
        else
        {
            report.Write(total, view);
        }
    }

    private CommandFigures[] Sorted(ICommandSummary summary, CommandView view)
    {
        var rows = summary.Figures(view);
        CommandFigures.Sort(rows, options.Order switch
        {
            CommandOrder.Count => row => row.Count,
            CommandOrder.Cpu => row => row.CpuMinutes,
            // The classic command forgets that -o alone is another report.
            _ when options.Compat && view == CommandView.NonPrime => row => row.TotalKcoreMinutes,
            _ => row => row.KcoreMinutes,
        });
        return rows;
    }

    /// <summary>A summary with the classic names, of which several may have been one.</summary>
    private static CompatCommandSummary Classic(CommandSummary summary, CmsLayout layout)
    {
        var classic = new CompatCommandSummary(layout.IsTotal ? null : DividedExits.NoSplit());
        foreach (var number in summary.ByName())
        {
            classic.Add(summary.Name(number), summary.Sums(number));
        }

        return classic;
    }

    private void WriteClassic(CompatCommandSummary summary, CmsLayout layout)
    {
        var text = new ReportText(io.Output);
        foreach (var row in Sorted(summary, options.View))
        {
            var cms = summary[row.Row];
            layout.Write(
                text.Room(CmsLayout.LongestSize),
                layout.IsTotal == summary.IsTotal ? cms : cms.As(layout.IsTotal));
            text.Advance(layout.Size);
        }

        text.Flush();
    }

    private void Say(string message) => io.Errors.WriteLine($"{Name}: {message}");
}
