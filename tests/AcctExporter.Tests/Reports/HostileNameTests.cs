// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using AcctExporter.Records;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// Anybody chooses the name of a process, byte by byte: no report lets it reach a terminal as anything but letters, nor
/// break the rows that a program reads.
/// </summary>
public sealed class HostileNameTests
{
    private const long Now = 1_811_894_400;

    /// <summary>Reports of one line for each exit.</summary>
    private static readonly string[] Lists =
    [
        "sa -i -u", "lastcomm", "lastcomm --forwards --pid", "dump-acct", "dump-acct -r", "acctcom",
        "acctcom -bfhikmrt",
    ];

    /// <summary>Reports of one line for each command, and of users.</summary>
    private static readonly string[] Sums =
        ["sa -i -a", "sa -i", "sa -i -acjlt", "sa -i -m", "sa -i -M", "acctcms -a", "acctcms -a -j"];

    /// <summary>Those whose rows have the name of every exit.</summary>
    private static readonly string[] RowsOfExits = ["lastcomm --forwards", "dump-acct", "acctcom", "sa -i -u"];

    /// <summary>Those whose rows have every name once, or twice when it forked without exec.</summary>
    private static readonly string[] RowsOfCommands = ["sa -i -a", "acctcms"];

    [Fact]
    public void Text_HasNothingThatATerminalObeys()
    {
        foreach (var file in Files())
        {
            using var folder = new TemporaryDirectory();
            File.WriteAllBytes(folder.Of("pacct"), file.Bytes);
            foreach (var report in Lists.Concat(Sums))
            {
                var result = Run(report, folder.Of("pacct"));
                var bad = result.Output.AsSpan().IndexOfAnyExcept(Shown);
                Assert.True(bad < 0, bad < 0 ? "" : $"{file.About}\n{report}: byte {result.Output[bad]:x2} in: "
                    + Applet.Shown(result.Output.AsSpan(bad, Math.Min(80, result.Output.Length - bad))));
                if (Lists.Contains(report) && !report.StartsWith("acctcom", StringComparison.Ordinal))
                {
                    Assert.Equal((report, file.Records), (report, result.Output.AsSpan().Count((byte)'\n')));
                }
            }
        }
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    public void Rows_KeepEveryName(string format)
    {
        foreach (var file in Files())
        {
            using var folder = new TemporaryDirectory();
            File.WriteAllBytes(folder.Of("pacct"), file.Bytes);
            var names = NamesOf(file).ToArray();
            foreach (var report in RowsOfExits)
            {
                var given = Column(format, Run($"{report} --format {format}", folder.Of("pacct")));
                Assert.True(
                    names.SequenceEqual(given), $"{file.About}\n{report} --format {format}: {given.Length} rows");
            }

            foreach (var report in RowsOfCommands)
            {
                var given = Column(format, Run($"{report} --format {format}", folder.Of("pacct"))).ToHashSet();
                var missing = names.Where(name => !given.Contains(name)).ToArray();
                Assert.True(missing.Length == 0, $"{file.About}\n{report} --format {format}: without "
                    + string.Join(" and ", missing.Select(name => Applet.Shown(Encoding.UTF8.GetBytes(name)))));
            }
        }
    }

    /// <summary>The reader's own test: what RFC 4180 forbids is refused.</summary>
    [Fact]
    public void CsvReader_IsStrict()
    {
        Assert.Equal([["a", "b"], ["", "x\"\r\n,y"]], Csv.Parse("a,b\r\n,\"x\"\"\r\n,y\"\r\n"));
        foreach (var bad in new[] { "a,b\n", "a\r\nb,c\r\n", "a,b", "a\"b\r\n", "\"a\"b\r\n", "\"a\r\n", "a\rb\r\n" })
        {
            Assert.Throws<FormatException>(() => Csv.Parse(bad));
        }
    }

    private static System.Buffers.SearchValues<byte> Shown { get; } = System.Buffers.SearchValues.Create(
        [(byte)'\n', (byte)'\t', .. Enumerable.Range(0x20, 0x5f).Select(value => (byte)value)]);

    private static IEnumerable<PacctFile> Files() => Enumerable.Range(0, 200)
        .Select(seed => PacctFile.Of((ulong)seed, records: 80)).Where(file => file.HasControls).Take(25);

    private static ToolResult Run(string report, string file)
    {
        var words = report.Split(' ');
        File.WriteAllText(file + ".holidays", Records.Calendar.H);
        string[] given = words[0] switch
        {
            "lastcomm" => ["-f", file],
            "acctcms" => ["--holidays", file + ".holidays", file],
            _ => [file],
        };
        var result = Applet.Run(words[0], [.. words[1..], .. given], Now);
        Assert.Equal((report, 0), (report, result.ExitCode));
        // No table of holidays is of every year.
        Assert.True(result.Errors.Length == 0 || words[0] == "acctcms", $"{report}: {result.Errors}");
        return result;
    }

    /// <summary>Names of its exits in order; bytes that are no UTF-8 are U+FFFD, as the documents say.</summary>
    private static IEnumerable<string> NamesOf(PacctFile file)
    {
        var name = new byte[CommandName.Size];
        for (var at = 0; at < file.Sound.Length; at += AcctRecord.Size)
        {
            Assert.Equal(DecodeStatus.Ok, AcctRecord.TryRead(file.Sound.AsSpan(at), out var record));
            yield return Encoding.UTF8.GetString(name, 0, record.Command.CopyTo(name));
        }
    }

    private static string[] Column(string format, ToolResult result)
    {
        // What is not UTF-8 throws.
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(result.Output);
        if (format == "json")
        {
            using var rows = JsonDocument.Parse(text);
            return [.. rows.RootElement.EnumerateArray().Select(row => row.GetProperty("command").GetString() ?? "")];
        }

        var lines = Csv.Parse(text);
        var column = Array.IndexOf(lines[0], "command");
        return [.. lines.Skip(1).Select(line => line[column])];
    }

    /// <summary>CSV as RFC 4180 has it, and nothing else.</summary>
    private static class Csv
    {
        public static List<string[]> Parse(string text)
        {
            var (rows, row, at) = (new List<string[]>(), new List<string>(), 0);
            while (at < text.Length)
            {
                row.Add(Field(text, ref at));
                if (at < text.Length && text[at] == ',')
                {
                    at++;
                    continue;
                }

                if (!text.AsSpan(at).StartsWith("\r\n"))
                {
                    throw new FormatException($"no end of the line at {at}");
                }

                at += 2;
                if (rows.Count > 0 && rows[0].Length != row.Count)
                {
                    throw new FormatException($"row {rows.Count} has {row.Count} fields instead of {rows[0].Length}");
                }

                rows.Add([.. row]);
                row.Clear();
            }

            return row.Count == 0 ? rows : throw new FormatException("the last line has no end");
        }

        private static string Field(string text, ref int at)
        {
            if (at == text.Length || text[at] != '"')
            {
                var start = at;
                while (at < text.Length && text[at] is not (',' or '"' or '\r' or '\n'))
                {
                    at++;
                }

                return text[start..at];
            }

            var field = new StringBuilder();
            for (at++; ; at++)
            {
                var end = text.IndexOf('"', at);
                if (end < 0)
                {
                    throw new FormatException("a quote without an end");
                }

                field.Append(text, at, end - at);
                at = end + 1;
                if (at == text.Length || text[at] != '"')
                {
                    return field.ToString();
                }

                field.Append('"');
            }
        }
    }
}
