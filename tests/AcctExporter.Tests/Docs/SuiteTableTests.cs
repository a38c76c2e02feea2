// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using AcctExporter.Cli;
using AcctExporter.Tests.Golden;

namespace AcctExporter.Tests.Docs;

/// <summary>
/// The table of every command and file of the originals (<c>docs/suite.md</c>): nothing is missing, and what it says is
/// here is here.
/// </summary>
public partial class SuiteTableTests
{
    private const string NotHere = "not here: ";

    /// <summary>The commands that the originals' documents name.</summary>
    private static readonly string[] Commands =
    [
        "ac", "acctcms", "acctcom", "acctcon", "acctcon1", "acctcon2", "acctdisk", "acctdusg", "acctmerg", "accton",
        "acctprc", "acctprc1", "acctprc2", "acctwtmp", "chargefee", "ckpacct", "closewtmp", "cron", "diskusg",
        "dodisk", "enq", "fwtmp", "init", "last", "lastb", "lastcomm", "lastlogin", "login", "monacct", "nulladm",
        "pac", "prctmp", "prdaily", "prtacct", "qdaemon", "remove", "runacct", "sa", "sa1", "sa2", "sadc", "sar",
        "shutacct", "startup",
        "sysctl", "time", "timex", "turnacct", "utmp2wtmp", "wtmpfix",
    ];

    /// <summary>The files that they name.</summary>
    private static readonly string[] Files =
    [
        "/etc/acct/holidays", "/var/account/pacct", "/var/adm/sa/saDD", "/var/adm/sa/sarDD", "SpacctN.MMDD", "btmp",
        "diskdiag", "dtmp", "fee", "fiscal/cmsP", "fiscal/fiscrptP", "fiscal/tacctP", "logacct", "nite/accterr",
        "nite/active", "nite/activeMMDD", "nite/cklock", "nite/cms", "nite/ctacct.MMDD", "nite/ctmp", "nite/dacct",
        "nite/daycms", "nite/daytacct", "nite/disktacct", "nite/fd2log", "nite/lastdate", "nite/lineuse", "nite/lock",
        "nite/lock1", "nite/log", "nite/logMMDD", "nite/ptacctN.MMDD", "nite/reboots", "nite/statefile",
        "nite/tmpwtmp", "nite/wtmp.MMDD", "nite/wtmperror", "nite/wtmperrorMMDD", "pacct", "pacctN", "qacct",
        "runacct.local", "sum/cms",
        "sum/cmsprev", "sum/daycms", "sum/lastlogin", "sum/loginlog", "sum/pacct.MMDD", "sum/rprtMMDD", "sum/tacct",
        "sum/tacctMMDD", "sum/tacctprev", "sum/wtmp.MMDD", "utmp", "wtmp",
    ];

    [Fact]
    public void EachCommand_IsInTheTable_Once() => Assert.Equal(
        Commands.Order(StringComparer.Ordinal),
        Rows("### Commands").SelectMany(row => row.Names).Order(StringComparer.Ordinal));

    [Fact]
    public void EachFile_IsInTheTable_Once() => Assert.Equal(
        Files.Order(StringComparer.Ordinal),
        Rows("### Files").SelectMany(row => row.Names).Order(StringComparer.Ordinal));

    [Fact]
    public void EachCommandThatIsHere_IsAnApplet() => Assert.All(Rows("### Commands"), row => Assert.All(
        row.Names, name => Assert.True(IsNotHere(row) != Applets.Names.Contains(name), $"{name}: {row.Here}")));

    [Fact]
    public void EachFileThatIsHere_IsInTheCode()
    {
        var sources = string.Concat(new[] { "Suite", "Runacct", "Reports" }
            .SelectMany(room => Directory.EnumerateFiles(
                Path.Combine(GoldenFile.RepositoryRoot, "src", "AcctExporter", room), "*.cs"))
            .Select(File.ReadAllText));
        foreach (var row in Rows("### Files").Where(row => !IsNotHere(row)))
        {
            foreach (Match file in Span().Matches(row.Here))
            {
                var name = Path.GetFileName(Suffix().Replace(file.Groups[1].Value, ""));
                Assert.True(
                    sources.Contains($"\"{name}\"", StringComparison.Ordinal)
                        || name.Contains("logins.holidays", StringComparison.Ordinal)
                        || name.Contains("suite.", StringComparison.Ordinal) || name == "ckpacct"
                        || Applets.Names.Contains(name),
                    $"{file.Value} is no file of the suite: {row.Here}");
            }
        }
    }

    private static bool IsNotHere((string[] Names, string Here) row) =>
        row.Here.StartsWith(NotHere, StringComparison.Ordinal);

    private static IEnumerable<(string[] Names, string Here)> Rows(string heading) => File
        .ReadLines(Path.Combine(GoldenFile.RepositoryRoot, "docs/suite.md"))
        .SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith('#'))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Select(cells => (Span().Matches(cells[1]).Select(name => name.Groups[1].Value).ToArray(), cells[2]));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Span();

    /// <summary>What stands for a day, a number or a period.</summary>
    [GeneratedRegex(@"N?\.?(MMDD|P)$")]
    private static partial Regex Suffix();
}
