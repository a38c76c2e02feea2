// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// Many options of GNU acct over the fixtures, beside the bytes that GNU's own programs wrote: <c>gnu-*.txt</c>.
/// Unlike the peers' these are there on every machine.
/// </summary>
public sealed class GnuBytesTests
{
    private const long Now = 1_811_894_400;
    private const int RecordHexDigits = 128;

    private static readonly Dictionary<string, string> Lists = Blocks("gnu-lists.txt");
    private static readonly Dictionary<string, string> Records = Blocks("gnu-records.txt");

    public static TheoryData<string> ListCommands => [.. Lists.Keys];

    public static TheoryData<string> RecordCommands => [.. Records.Keys];

    [Theory]
    [MemberData(nameof(ListCommands))]
    public void ALine_IsGnus(string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] given = words[0] == "sa" ? ["-i", .. words[1..^1]] : [.. words[1..^1], "-f"];
        // What a terminal obeys stands in the bytes of GNU's sa -u, and ours shows it safely otherwise.
        string[] controls = words[0] == "sa" ? ["--print-controls"] : [];
        string[] own = [.. given, PacctFixture.PathOf(words[^1]), .. controls];
        Assert.Equal(Lists[command], Applet.Run(words[0], ["--compat", .. own], Now).Text);

        // Of sound files the sane ones are the same; sa is never silent as GNU's is when nothing ran twice.
        var sane = Applet.Run(words[0], own, Now);
        if (sane.ExitCode == 0 && Lists[command].Length > 0 && !words.Contains("--strict-match"))
        {
            Assert.Equal(Lists[command], sane.Text);
        }
    }

    [Theory]
    [MemberData(nameof(RecordCommands))]
    public void ARecord_IsGnus(string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // With --ahz GNU converts the times and says 100 all the same, and so does --compat.
        var ours = Applet.Run(words[0], ["--compat", .. words[1..^1], PacctFixture.PathOf(words[^1])], Now);
        Assert.Equal(0, ours.ExitCode);
        Assert.Equal(
            Records[command].Replace("\n", "", StringComparison.Ordinal).Chunk(RecordHexDigits).Select(Text),
            Convert.ToHexStringLower(ours.Output).Chunk(RecordHexDigits).Select(Text));
    }

    /// <summary>Each begins with a line of its command, after a dollar.</summary>
    private static Dictionary<string, string> Blocks(string file)
    {
        var blocks = new Dictionary<string, string>();
        var command = "";
        // Names are of any bytes: each a letter.
        foreach (var line in Encoding.Latin1.GetString(PacctFixture.Bytes(file)).TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("$ ", StringComparison.Ordinal))
            {
                command = line[2..];
                blocks.Add(command, "");
            }
            else
            {
                blocks[command] += line + "\n";
            }
        }

        return blocks;
    }

    private static string Text(char[] letters) => new(letters);
}
