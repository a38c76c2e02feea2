// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter fwtmp</c>: login records between their binary form and text.</summary>
internal static class FwtmpApplet
{
    private const string Name = "fwtmp";

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var text = AppletFiles.Switch("--input-text", "-i", "The input is text, as fwtmp writes it");
        var binary = AppletFiles.Switch("--output-binary", "-c", "The output is binary records");
        var command = new AppletCommand(
            Name, "Write login records from standard input to standard output as text; -ic makes records of it", io)
        {
            text, binary,
        };
        command.SetWork((result, format) =>
        {
            var files = new AppletFiles(Name, io);
            var isBinary = result.GetValue(binary);
            return files.With(null, null, (from, to) => result.GetValue(text)
                ? FromText(files, from, to, io.Clock.LocalTimeZone, isBinary, format)
                : files.Told(
                    null,
                    isBinary || format != ReportFormat.Text
                        ? Fwtmp.Copy(from, new(to, format)) : Fwtmp.Write(from, to, io.Clock.LocalTimeZone),
                    "left out"));
        });
        return command;
    }

    private static int FromText(
        AppletFiles files, Stream from, Stream to, TimeZoneInfo zone, bool isBinary, ReportFormat format)
    {
        void Complain(long line) =>
            files.Say($"{AppletFiles.NameOf(null)}: line {line} is not what fwtmp writes: left out");
        ulong bad;
        if (isBinary || format != ReportFormat.Text)
        {
            var output = new UtmpOutput(to, format);
            bad = Fwtmp.Read(from, output.Add, Complain);
            output.End();
        }
        else
        {
            var text = new ReportText(to);
            var offsets = new ZoneOffsets(zone);
            bad = Fwtmp.Read(
                from,
                record => text.Advance(FwtmpText.Line(text.Room(FwtmpText.LineRoom), record, offsets)),
                Complain);
            text.Flush();
        }

        return bad == 0 ? ExitCode.Done : ExitCode.BadRecords;
    }
}
