// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>
/// <c>acct-exporter dump-acct</c>: every field of every record, as GNU <c>dump-acct</c> prints them; and records of
/// other versions and byte orders.
/// </summary>
internal static class DumpAcctApplet
{
    private const string Name = "dump-acct";

    private static readonly string[] Versions = ["v0", "v1", "v2", "v3"];

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Accounting files, one after the other; - is standard input",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var reverse = AppletFiles.Switch("--reverse", "-r", "Each file from its end");
        var number = GnuFlags.Count("--num", "-n", "No more than so many records", 1);
        var raw = AppletFiles.Switch("--raw", "-R", "Accounting records again, of the version that --format says");
        var ahz = GnuFlags.Ahz();
        var byteswap = AppletFiles.Switch("--byteswap", null, "With --raw: in the other byte order");
        var controls = AppletFiles.Switch("--print-controls", null, "Names as they are, with control characters");
        const string Help = "Every field of accounting records; or records of another form";
        var command = new AppletCommand(Name, Help, io, Versions)
        {
            Like = "dump-acct(8) of GNU acct",
            Examples =
            [
                new("dump-acct /var/log/account/pacct", "Every record of a file"),
                new("dump-acct -n 20 -r /var/log/account/pacct", "The last twenty"),
                new("dump-acct --raw --format v2 pacct > pacct.v2", "For programs that read version 2 only"),
            ],
        };
        command.Add(files);
        foreach (var option in new Option[] { reverse, number, raw, ahz, byteswap })
        {
            command.Add(option);
        }

        command.AddOurs([controls]);
        var flags = ProcessFlags.AddTo(command);
        command.SetWork((result, format) =>
        {
            if (result.GetValue(raw) && format != ReportFormat.Text)
            {
                io.Errors.WriteLine($"{Name}: --raw writes records: leave out --format={command.FormatWord(result)}");
                return ExitCode.Usage;
            }

            var names = result.GetValue(files) ?? [];
            var isCompat = flags.IsCompat(result);
            var options = new DumpAcctOptions
            {
                Input = flags.Input(result, names) with
                {
                    NewestFirst = result.GetValue(reverse),
                    AsRecorded = result.GetValue(raw),
                    AssumedTicksPerSecond = result.GetValue(ahz),
                },
                Selection = flags.Selection(result),
                Most = result.GetValue(number),
                PrintControls = isCompat || result.GetValue(controls),
                Records = !result.GetValue(raw) ? null : new RecordForm
                {
                    Version = Array.IndexOf(Versions, command.FormatWord(result)) is >= 0 and var it ? it : null,
                    Swapped = result.GetValue(byteswap),
                    TicksPerSecond = result.GetValue(ahz),
                    AsGnu = isCompat,
                },
                Format = format,
            };
            return GnuFlags.CodeOf(new DumpAcctReport(options, io).Run());
        });
        return command;
    }
}
