// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Suite;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Reports;

/// <summary>pac over printers' logs, and over the jobs of the open period.</summary>
public sealed class PacTests : IDisposable
{
    private const string Head = "  Login               pages/feet   runs    price\n";
    private const string Log = "  3.00\th1:root\n116.00\th2:cmd\t3\n";

    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>T-M6.</summary>
    [Theory]
    [InlineData("-m",
        "cmd                       116.00    3   $  2.32\nroot                        3.00    1   $  0.06\n")]
    [InlineData("",
        "h1:root                     3.00    1   $  0.06\nh2:cmd                    116.00    3   $  2.32\n")]
    [InlineData("-cr",
        "h2:cmd                    116.00    3   $  2.32\nh1:root                     3.00    1   $  0.06\n")]
    [InlineData("-c",
        "h1:root                     3.00    1   $  0.06\nh2:cmd                    116.00    3   $  2.32\n")]
    public void Report_IsBsds(string flags, string rows) => Assert.Equal(
        (0, $"{Head}{rows}\ntotal                     119.00    4   $  2.38\n", ""), Pac(Log, flags));

    [Theory]
    [InlineData("-p0.5 h1:root", "h1:root                     3.00    1   $  1.50\n")]
    [InlineData("-p 1 nobody h2:cmd",
        "h2:cmd                    116.00    3   $116.00\nnobody                      0.00    0   $  0.00\n")]
    public void Names_HaveNoTotal(string flags, string rows) => Assert.Equal((0, Head + rows, ""), Pac(Log, flags));

    [Fact]
    public void Rows_HaveTheirUnits() => Assert.Equal(
        (0, "user,pages,runs,price\r\nh1:root,3,1,0.06\r\nh2:cmd,116,3,2.32\r\n", ""), Pac(Log, "--format=csv"));

    [Theory]
    [InlineData("-pcheap", "--price: 'cheap' is no price: a number such as 0.05")]
    [InlineData("-s root", "pac: -s: the file is emptied")]
    [InlineData("-q /etc/qconfig", "pac: -q: there are no queues of AIX here")]
    [InlineData("-x", "-x: there is no such flag")]
    public void WrongFlags_AreSaid(string flags, string fault)
    {
        var file = folder.File("log", Log);
        var applet = AcctExporter.Cli.Applets.All(AcctExporter.Reports.ReportIo.OfProcess())
            .Single(each => each.Name == "pac");
        var parsed = applet.Parse([.. applet.Rewrite([.. flags.Split(' '), "--file=" + file])]);
        var said = parsed.Errors.Count > 0 ? parsed.Errors[0].Message
            : Filter.Run(["pac", .. flags.Split(' '), "--file=" + file]).Errors;
        Assert.StartsWith(fault, said, StringComparison.Ordinal);
    }

    [Fact]
    public void BadLines_AreSaid_AndKeepTheLogWhole()
    {
        var (code, output, errors) = Pac("5.00 a\nrubbish\n7 b x\n", "");
        Assert.Equal(4, code);
        Assert.Contains("a                           5.00    1   $  0.10\n", output, StringComparison.Ordinal);
        Assert.EndsWith("log: line 2 and 1 more: is no printed job: left out\n", errors, StringComparison.Ordinal);
        Assert.Equal(4, Pac("5.00 a\nrubbish\n", "-s").Code);
        Assert.Equal("5.00 a\nrubbish\n", File.ReadAllText(folder.Of("log")));
    }

    [Fact]
    public void Summary_StandsForTheLog()
    {
        Assert.Equal((0, "", ""), Pac(Log, "-s"));
        Assert.Equal("", File.ReadAllText(folder.Of("log")));
        Assert.Equal("   3.00\th1:root\t1\n 116.00\th2:cmd\t3\n", File.ReadAllText(folder.Of("log_sum")));
        Assert.Equal(
            (0, $"{Head}h1:root                     6.00    2   $  0.12\n"
                + "h2:cmd                    116.00    3   $  2.32\n"
                + "\ntotal                     122.00    5   $  2.44\n", ""), Pac("3.0 h1:root\n", ""));
    }

    /// <summary>The days of the open period, the day that is run now, and since; by printer.</summary>
    [Fact]
    public void Period_IsOurOwnJobs()
    {
        var paths = new SuitePaths(folder.Of("suite"));
        paths.MakeFolders();
        File.WriteAllText(Path.Combine(paths.Sum, "qacct0701"), "alice 1001 3 laser 5\nbob 1002 4\n");
        File.WriteAllText(Path.Combine(paths.Nite, "qacct.0702"), "alice 1001 10 ink 5\n");
        File.WriteAllText(paths.Qacct, "alice 1001 100 laser 5\ne\\040x 1 1 ink 5\n");
        var result = Filter.Run(["pac", "--suite.path=" + paths.Root]);
        Assert.Equal(
            Head + "alice                     113.00    3   $  2.26\nbob                         4.00    1   $  0.08\n"
            + "e x                         1.00    1   $  0.02\n\ntotal                     118.00    5   $  2.36\n",
            result.Text);
        Assert.Equal(
            Head + "alice                     103.00    2   $  2.06\n",
            Filter.Run(["pac", "-Plaser", "--suite.path=" + paths.Root, "alice"]).Text);
    }

    [Fact]
    public void PageLog_IsReadAsItIs() => Assert.Contains(
        "root                        2.00    1   $  0.04\n",
        Pac("DeskJet root 1 [20/May/1999:19:21:06 +0000] total 2 acme-123 localhost\n", "").Output,
        StringComparison.Ordinal);

    private (int Code, string Output, string Errors) Pac(string log, string flags)
    {
        var file = folder.File("log", log);
        var result = Filter.Run(["pac", .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--file=" + file]);
        return (result.ExitCode, Encoding.ASCII.GetString(result.Output), result.Errors);
    }
}
