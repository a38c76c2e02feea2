// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using AcctExporter.Cli;
using AcctExporter.Tests.RealSystem;

namespace AcctExporter.Tests.Reports;

/// <summary>The pages of prctmp, against the real pr(1).</summary>
public class PrctmpTests
{
    private const string Columns =
        "\nMAJ/MIN\t\t\tCONNECT SECONDS\tSTART TIME\tSESSION START\n"
        + "DEVICE\tUID\tLOGIN\tPRIME\tNPRIME\t(NUMERIC)\tDATE\tTIME\n\n\n";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(51)] // just a page
    [InlineData(52)]
    [InlineData(700)] // pages of two digits
    [Trait("Lane", "peers")]
    public void Pages_AreThoseOfPr(int sessions)
    {
        var lines = string.Concat(Enumerable.Range(0, sessions).Select(
            number => $"34817\t1001\talice\t{number}\t0\t1782977400\tThu Jul  2 07:30:00 2026\n"));
        using var run = new ConnectRun { Now = "2026-07-03 04:05:06" };
        using var pr = Process.Start(new ProcessStartInfo(
            Tools.Installed("/usr/bin/pr", "coreutils"),
            ["-D", "2026-07-03 04:05", "-h", "SESSIONS, SORTED BY ENDING TIME"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        pr.StandardInput.Write(Columns + lines);
        pr.StandardInput.Close();
        var expected = pr.StandardOutput.ReadToEnd();
        pr.WaitForExit();

        Assert.Equal((ExitCode.Done, expected, ""), run.Run("prctmp", Encoding.UTF8.GetBytes(lines)));
    }

    [Fact]
    public void Rows_OfPrctmp()
    {
        using var run = new ConnectRun();
        var lines = "34817\t1001\talice smith\t5\t6\t1782977400\tThu Jul  2 07:30:00 2026\n-1 -1 bob 1 2 3 date\n"
            + "1\t2\tx\t-5\t6\t7\n";
        Assert.Equal(
            (ExitCode.BadRecords,
                "device,uid,user,prime_seconds,nonprime_seconds,start\r\n"
                + "34817,1001,alice smith,5,6,2026-07-02T07:30:00Z\r\n,,bob,1,2,1970-01-01T00:00:03Z\r\n",
                "prctmp: standard input: line 3 is not what acctcon1 writes: left out\n"),
            run.Run("prctmp", Encoding.UTF8.GetBytes(lines), "--format", "csv"));
    }
}
