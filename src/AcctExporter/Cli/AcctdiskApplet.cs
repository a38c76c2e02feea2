// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter acctdisk</c>: total accounting of what acctdusg or diskusg found on disks.</summary>
internal static class AcctdiskApplet
{
    private const string Name = "acctdisk";

    /// <summary>A line of them: user number, name, blocks.</summary>
    private static readonly int[] LineFields = [TacctField.Uid, TacctField.Name, TacctField.DiskBlocks];

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var writeAs = TacctFlags.WriteAs();
        var compat = TacctFlags.Compat("As the original: records of illumos, one a line, up to the first bad one");
        var command = new AppletCommand(Name, "Make total accounting of disk usage, from standard input", io)
        {
            Like = "acctdisk(8) of the System V accounting suite",
            Differences = "acctmerg-prtacct-acctdisk",
            Examples =
            [
                new("acctdisk < dtmp > disktacct", "what acctdusg found, for the daily run"),
                new("acctdisk --format csv < dtmp", "the same as rows"),
            ],
        };
        command.AddOurs([writeAs, compat]);
        command.SetWork((result, format) =>
        {
            if (result.GetValue(compat))
            {
                if (format != ReportFormat.Text)
                {
                    io.Errors.WriteLine($"{Name}: --compat: rows have the exact sums: leave it out, or --format");
                    return ExitCode.Usage;
                }

                return WriteCompat(io, result.GetValue(writeAs) ?? new(TacctSystem.Illumos64, false));
            }

            return Write(io, result.GetValue(writeAs), format);
        });
        return command;
    }

    /// <summary>
    /// One record for each user: all the lines are one sample, however many file systems they are of.
    /// </summary>
    private static int Write(ReportIo io, TacctLayout? layout, ReportFormat format)
    {
        var files = new AppletFiles(Name, io);
        var users = new UserTable<TacctSums>();
        var bad = new BadLines("incorrect input format: it is not 'uid name blocks'");
        var lines = new TextLines(io.Input);
        Span<byte> room = stackalloc byte[FieldText.LongestBytes];
        while (lines.TryRead(out var line))
        {
            if (TacctLine.TryRead(line, LineFields, room, out var nameBytes, out var uid, out var sums)
                && nameBytes > 0)
            {
                ref var user = ref users.Of(uid, room[..nameBytes]);
                user.Add(sums);
                user.DiskSamples = 1;
            }
            else if (!line.Trim(" \t\r"u8).IsEmpty)
            {
                bad.Met(lines.Number);
            }
        }

        if (layout is null && format == ReportFormat.Text)
        {
            TacctFile.Write(io.Output, users);
        }
        else
        {
            var output = new TacctOutput(io.Output, new() { WriteAs = layout, Format = format });
            foreach (var (uid, name, sums) in users.Sorted())
            {
                output.Add(uid, name, sums);
            }

            output.End();
            TacctMerge.TellCut(output.Cut, files.Say);
        }

        return bad.Told(files, file: null);
    }

    private static int WriteCompat(ReportIo io, TacctLayout layout)
    {
        var text = new ReportText(io.Output);
        var lines = new TextLines(io.Input);
        Span<byte> room = stackalloc byte[FieldText.LongestBytes];
        var isGood = true;
        while (isGood && lines.TryRead(out var line))
        {
            if (line.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            isGood = CompatTacctLine.TryRead(
                line, LineFields, layout.IsAix, room, out var nameBytes, out var uid, out var figures);
            if (isGood)
            {
                figures[TacctField.DiskSamples] = 1;
                layout.Write(text.Room(TacctLayout.LongestSize), uid, room[..nameBytes], figures, wraps: true);
                text.Advance(layout.Size);
            }
        }

        text.Flush();
        if (!isGood)
        {
            io.Errors.Write($"\n{Name}: incorrect input format.\n");
        }

        return isGood ? ExitCode.Done : ExitCode.Failure;
    }
}
