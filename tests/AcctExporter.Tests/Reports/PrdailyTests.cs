// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using AcctExporter.Cli;
using AcctExporter.Reports;
using AcctExporter.Suite;
using AcctExporter.Tests.Golden;

namespace AcctExporter.Tests.Reports;

/// <summary>The daily report: of the last day and of earlier ones, in every form; exceptions; exit codes.</summary>
public sealed class PrdailyTests : IDisposable
{
    private static readonly byte[] Hostile = "e\u001b[31m<b>&\"',;\t\r\u202eé"u8.ToArray();

    private readonly PrdailyFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("daily.txt")]
    [InlineData("daily-compat.txt", "--compat")]
    [InlineData("daily.json", "--format", "json")]
    [InlineData("daily.html", "--format", "html")]
    [InlineData("daily-past.json", "0701", "--format", "json")]
    [InlineData("exceptions.txt", "-cl")]
    public void EachForm_IsTheGoldenOne(string golden, params string[] arguments) => GoldenFile.Check(
        Path.Combine("suite", golden),
        Text(arguments).Replace(Environment.MachineName, "HOST", StringComparison.Ordinal));

    [Fact]
    public void Pages_HaveEachPart_InTheOrderOfTheOriginal()
    {
        var text = Text();
        var parts = new[]
        {
            "DAILY REPORT FOR ", "system boot", "TOTAL DURATION", "DAILY USAGE REPORT FOR ", "alice",
            "DAILY COMMAND SUMMARY", "cc1", "MONTHLY TOTAL COMMAND SUMMARY", "sh ", "LAST LOGIN", "2026-06-30  bob",
        };
        Assert.Equal(parts.Select(part => text.IndexOf(part, StringComparison.Ordinal)).Order(),
            parts.Select(part => text.IndexOf(part, StringComparison.Ordinal)));
        Assert.DoesNotContain(parts, part => !text.Contains(part, StringComparison.Ordinal));
        Assert.Equal(0, text.Count(letter => letter == '\n') % PrPages.PageLines);
    }

    [Fact]
    public void AnEarlierDay_IsWhatItsRunWrote()
    {
        Assert.Equal("the report of 0701\n", Text("0701"));
        Assert.Equal("the report of 0701\n", Text("2026-07-01"));
        Assert.Equal(Text(), Text("0702"));
    }

    [Fact]
    public void AnEarlierDay_HasThePeriodUpToIt()
    {
        using var json = JsonDocument.Parse(Text("0701", "--format", "json"));
        var root = json.RootElement;
        Assert.Equal("2026-07-01", root.GetProperty("day").GetString());
        Assert.Equal(["make", "sh"], Names(root, "commands", "command"));
        Assert.Equal(["make", "sh"], Names(root, "period_commands", "command"));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("line_use").ValueKind);
        using var last = JsonDocument.Parse(Text("--format", "json"));
        Assert.Equal(["cc1", "make", "sh"], Names(last.RootElement, "period_commands", "command"));
    }

    [Fact]
    public void TheCodes_AreThoseOfTheOriginal_InItsMode()
    {
        Assert.Equal(5, files.Run("-c", "0701", "--compat").ExitCode);
        Assert.Equal(ExitCode.Done, files.Run("-l", "0701", "--compat").ExitCode);
        Assert.Equal(ExitCode.Done, files.Run("-c", "0702", "--compat").ExitCode);
        Assert.Equal(ExitCode.Done, files.Run("-c", "0701").ExitCode);
        Assert.Equal(ExitCode.Usage, files.Run("-x").ExitCode);
        Assert.Equal(ExitCode.Usage, files.Run("0732").ExitCode);
        Assert.Equal(ExitCode.Usage, files.Run("-cl", "--format", "csv").ExitCode);
    }

    [Theory]
    [InlineData("0630", "the open period has 0701, 0702")]
    [InlineData("2025-07-01", "of another year")]
    public void ADayThatIsNotThere_IsSaid(string day, string words)
    {
        var run = files.Run(day);
        Assert.Equal((ExitCode.CannotRead, ""), (run.ExitCode, run.Text));
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutARun_ThereIsNoReport()
    {
        File.Delete(files.Paths.LastDate);
        File.Delete(files.Paths.StateFile);
        var run = files.Run();
        Assert.Equal(ExitCode.CannotRead, run.ExitCode);
        Assert.Contains("no day was run yet", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void ARunThatIsNotComplete_IsSaid()
    {
        PrdailyFiles.Write(files.Paths.StateFile, "CMS\n2026-07-02\n");
        Assert.Contains("its next state is CMS", files.Run().Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void APartThatIsMissing_IsSaidInItsPlace()
    {
        File.WriteAllText(files.Paths.SumCms, "damaged!");
        File.Delete(files.Paths.LoginLog);
        var run = files.Run();
        Assert.Equal(ExitCode.CannotRead, run.ExitCode);
        Assert.Equal(2, run.Text.Split("not available: its file could not be read").Length - 1);
        Assert.Contains("cms: it is no command summary of ours", run.Errors, StringComparison.Ordinal);
        Assert.Contains("loginlog: ", run.Errors, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(files.Run("--format", "json").Text);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("period_commands").ValueKind);
        XDocument.Parse(files.Run("--format", "html").Text);
    }

    [Theory]
    [InlineData(20 * 60, 0, false)]
    [InlineData(1200.29, 0, false)] // 20.00 as it is printed
    [InlineData(1200.31, 0, true)] // 20.01
    [InlineData(0, 1000, false)]
    [InlineData(0, 1000.004, false)]
    [InlineData(0, 1000.006, true)]
    public void ACommand_IsExceptional_AboveTheLimitAsPrinted(double cpuSeconds, double kcoreMinutes, bool isShown)
    {
        files.PutDay(
            PrdailyFiles.Second, PrdailyFiles.Usage(1), PrdailyFiles.Commands(("probe", cpuSeconds, kcoreMinutes)));
        Assert.Equal(isShown, Text("-c").Contains("probe", StringComparison.Ordinal));
        Assert.Equal(isShown, Text("-c", "--format", "csv").Contains("probe", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cpu", 20.5, false)] // 20, half to even
    [InlineData("cpu", 20.51, true)]
    [InlineData("kcore", 500.5, false)]
    [InlineData("kcore", 500.51, true)]
    [InlineData("connect", 120.5, false)]
    [InlineData("connect", 120.51, true)]
    public void AUser_IsExceptional_AboveALimitAsPrinted(string what, double minutes, bool isShown)
    {
        foreach (var isPrime in new[] { true, false })
        {
            var microseconds = (long)Math.Round(minutes * 60e6);
            var used = new TacctClass
            {
                CpuMicroseconds = what == "cpu" ? microseconds : 0,
                KibMicroseconds = what == "kcore" ? microseconds : 0,
                ConnectMicroseconds = what == "connect" ? microseconds : 0,
            };
            var users = new UserTable<TacctSums>();
            users.Of(7, "probe"u8).Add(isPrime ? new() { Prime = used } : new() { NonPrime = used });
            files.PutDay(PrdailyFiles.Second, users, PrdailyFiles.Commands());
            Assert.Equal(isShown, Text("-l").Contains("probe", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void TheLimits_AreTestedEachForItself()
    {
        var users = new UserTable<TacctSums>();
        var half = new TacctClass { CpuMicroseconds = 20 * 60_000_000, ConnectMicroseconds = 120L * 60_000_000 };
        users.Of(7, "probe"u8).Add(new() { Prime = half, NonPrime = half });
        files.PutDay(PrdailyFiles.Second, users, PrdailyFiles.Commands());
        Assert.DoesNotContain("probe", Text("-l"), StringComparison.Ordinal);
    }

    [Fact]
    public void HostileNames_StayWhole_AndHarmNothing()
    {
        var users = PrdailyFiles.Usage(1);
        users.Of(666, Hostile).Add(new() { Prime = new() { CpuMicroseconds = 6_000_000_000 } });
        users.Of(667, [0xff, 0xfe, .. Enumerable.Repeat((byte)'x', 250)]).Processes = 1;
        files.PutDay(PrdailyFiles.Second, users, PrdailyFiles.Commands(("\u001b]0;<&\n", 6000, 6000)));
        File.WriteAllBytes(files.Paths.LoginLog, [.. "2026-07-02  "u8, .. Hostile, (byte)'\n']);
        File.WriteAllBytes(Path.Combine(files.Paths.Nite, "lineuse"), [.. Hostile, .. "  90  6  1  1  1\n"u8]);
        foreach (var arguments in new string[][] { [], ["--compat"], ["-cl"] })
        {
            Assert.DoesNotContain(Text(arguments), letter => (letter < ' ' && letter is not ('\n' or '\t'))
                || letter >= 0x7f);
        }

        foreach (var arguments in new string[][] { ["--format", "html"], ["-cl", "--format", "html"] })
        {
            var html = XDocument.Parse(Text(arguments));
            Assert.Contains(html.Descendants(), node => node.Name == "td"
                && node.Value == "e␛[31m<b>&\"',;␉␍\ufffdé");
            Assert.Contains(html.Descendants(), node => node.Name == "td" && node.Value == "␛]0;<&␊");
        }

        using var json = JsonDocument.Parse(Text("--format", "json"));
        var name = Encoding.UTF8.GetString(Hostile);
        Assert.Contains(name, Names(json.RootElement, "users", "user"));
        Assert.Contains(name, Names(json.RootElement, "last_logins", "user"));
        var line = json.RootElement.GetProperty("line_use").GetProperty("lines")[0];
        Assert.Equal(name, line.GetProperty("line").GetString());
    }

    [Fact]
    public void ThePage_HasTheFiguresThatArePrinted()
    {
        var cells = XDocument.Parse(Text("--format", "html")).Descendants("tr")
            .Select(row => row.Elements("td").Select(cell => cell.Value).ToArray()).ToArray();
        // Of alice: 2 x 2 minutes, a minute, 10 kcore-minutes, 130 minutes, 1000 blocks in 2 looks, 500 in the mean.
        Assert.Contains(cells, row => row.SequenceEqual(
            ["1001", "alice", "4", "1", "0", "10", "130", "0", "1000", "2", "3", "7", "1", "2.5", "500"]));
        Assert.Contains(cells, row => row is ["cc1", "2", "2000.00", "10.00", "20.00", "200.00", "5.00", "0.50", ..]);
        Assert.Contains("cc1            2     2000.00     10.00        20.00  200.00   5.00  0.50", Text(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ThePage_IsOneOfItself_WithCaptionsAndBothColours()
    {
        var text = Text("--format", "html");
        var page = XDocument.Parse(text);
        Assert.Empty(page.Descendants("script"));
        Assert.DoesNotContain(page.Descendants().Attributes(), one => one.Name == "src" || one.Name == "href");
        Assert.Contains("color-scheme: light dark", text, StringComparison.Ordinal);
        Assert.All(page.Descendants("table"), table => Assert.NotEmpty(table.Elements("caption")));
        Assert.InRange(page.Descendants("table").Count(), 7, 7);
    }

    [Fact]
    public void Csv_IsTheTableOfUsers() => Assert.Equal(
        ["uid,user", "0,root", "1001,alice"],
        Text("--format", "csv").Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(line => string.Join(',', line.Split(',').Take(2))));

    private static IEnumerable<string?> Names(JsonElement root, string part, string key) =>
        root.GetProperty(part).EnumerateArray().Select(row => row.GetProperty(key).GetString());

    private string Text(params string[] arguments)
    {
        var run = files.Run(arguments);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Errors));
        return Encoding.UTF8.GetString(run.Output);
    }
}
