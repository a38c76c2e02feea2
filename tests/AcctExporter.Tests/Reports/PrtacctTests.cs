// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using AcctExporter.Cli;
using AcctExporter.Reports;

namespace AcctExporter.Tests.Reports;

/// <summary>prtacct and acctdisk, and the pages of pr(1).</summary>
public class PrtacctTests
{
    private const string Headings =
        "\tLOGIN \t   CPU (MINS)\t  KCORE-MINS\tCONNECT (MINS)\tDISK\t# OF\t# OF\t# DISK\tFEE\n"
        + "UID\tNAME \t PRIME\tNPRIME\tPRIME\tNPRIME\tPRIME\tNPRIME\tBLOCKS\tPROCS\tSESS\tSAMPLES\t\n";

    /// <summary>The text of the original, on its page.</summary>
    [Fact]
    public void Compat_IsTheOriginal()
    {
        using var files = new TacctVectors();
        const string body = Headings + "0\tTOTAL\t0\t16\t34\t32860\t555\t630\t1328\t3\t4\t2\t7\n"
            + "1001\talice\t0\t0\t34\t33\t450\t630\t1240\t2\t2\t1\t7\n"
            + "1002\tbob\t0\t16\t0\t32827\t105\t0\t88\t1\t2\t1\t0\n";
        var page = TacctVectors.Text([], "prtacct", "--compat", files.Day(compat: true), "DAILY USAGE");
        Assert.Equal(
            "\n\nJul  2 04:00 2026                   DAILY USAGE                   Page 1\n\n\n" + body
            + new string('\n', 66 - 5 - 5), page);
    }

    /// <summary>Ours has the mean of the disk samples and the pages behind it, and columns below each other.</summary>
    [Fact]
    public void Columns_StandBelowEachOther()
    {
        const string lines = "1001 alice 0 0 0 0 0 0 0 0 0 0 330 4 7.5 0 0 3\n"
            + "1002 systemd-network 60 0 0 0 0 0 0 0 0 0 0 0 0 5 0 0\n";
        var text = TacctVectors.Text(lines, "prtacct", "-").Split('\n')[5..10];
        Assert.Equal(
        [
            "\tLOGIN          \t   CPU (MINS)\t  KCORE-MINS\tCONNECT (MINS)"
                + "\tDISK\t# OF\t# OF\t# DISK\tFEE\tDISK\tPAGES",
            "UID\tNAME           \t PRIME\tNPRIME\tPRIME\tNPRIME\tPRIME\tNPRIME"
                + "\tBLKSUM\tPROCS\tSESS\tSAMPLES\t\tBLKMEAN\t",
            "0\tTOTAL          \t60\t0\t0\t0\t0\t0\t330\t5\t0\t3\t7.5\t110\t4",
            "1001\talice          \t0\t0\t0\t0\t0\t0\t330\t0\t0\t3\t7.5\t110\t4",
            "1002\tsystemd-network\t60\t0\t0\t0\t0\t0\t0\t5\t0\t0\t0\t-\t0",
        ], text);
        // All names are short: nothing stands behind them.
        Assert.Equal(
            "0\tTOTAL\t1\t", TacctVectors.Text("1 a 1 0 0 0 0 0 0 0 0 0 0\n", "prtacct", "-").Split('\n')[7][..10]);
    }

    [Fact]
    public void Fields_AreChosen()
    {
        var text = TacctVectors.Text("1 a 2 0 0 0 3 0 0 0 0 0 0\n", "prtacct", "-f", "2-3,11", "-v", "-");
        Assert.Equal(
            ["LOGNAME\tPRI_CPU\tPRI_CONNECT", "TOTAL\t2.000000e+00\t3.000000e+00", "a\t2.000000e+00\t3.000000e+00"],
            text.Split('\n')[5..8]);
    }

    [Fact]
    public void Rows_HaveEverything() => Assert.Equal(
        "uid,user,prime_cpu_seconds,nonprime_cpu_seconds,prime_memory_byte_seconds,nonprime_memory_byte_seconds,"
        + "prime_transferred_bytes,nonprime_transferred_bytes,prime_storage_bytes,nonprime_storage_bytes,"
        + "prime_connect_seconds,nonprime_connect_seconds,disk_sum_bytes,disk_samples,disk_mean_bytes,printed_pages,"
        + "fee_units,processes,sessions\r\n"
        + "7,\"a,b\",180,240,307200,368640,3584,4096,4608,5120,660,720,6656,2,3328,14,15.5,16,17\r\n",
        TacctVectors.Text(
            "7 a,b 3 4 5 6 7 8 9 10 11 12 13 14 15.5 16 17 2\n", "prtacct", "--format", "csv", "-"));

    /// <summary>
    /// A terminal sees no letter that turns a line around or moves its cursor; rows have the whole name.
    /// </summary>
    [Theory]
    [InlineData("prtacct", "-")]
    [InlineData("prtacct", "--compat", "-")]
    public void HostileNames_AreSafeOnATerminal(params string[] line)
    {
        string[] args = line.Contains("--compat") ? ["acctmerg", "-i", "--compat"] : ["acctmerg", "-i"];
        var file = TacctVectors.Bytes("1 a\u202eb\u009b2J 1 0 0 0 0 0 0 0 0 0 0\n"u8.ToArray(), args);
        var page = TacctVectors.Text(file, line);
        Assert.All(page, letter => Assert.True(letter is '\n' or '\t' or (>= ' ' and <= '~')));
        Assert.Contains("\ta???b?", page);
    }

    /// <summary>Names are anybody's: none makes a line of its own, and each is read back as it was.</summary>
    [Fact]
    public void HostileNames_AreFields()
    {
        foreach (var name in (string[])["a\nb", "a\tb", " a ", "\u001b[2J", "a\\011b", "\\", "?", "\u0001"])
        {
            var escaped = string.Concat(
                Encoding.UTF8.GetBytes(name).Select(value => $"\\{Convert.ToString(value, 8).PadLeft(3, '0')}"));
            var text = TacctVectors.Text($"1 {escaped} 1 0 0 0 0 0 0 0 0 0 0\n", "acctmerg", "-i", "-v");
            Assert.Equal(1, text.Count(letter => letter == '\n'));
            Assert.DoesNotContain('\u001b', text);
            Assert.Equal(text, TacctVectors.Text(
                TacctVectors.Bytes(Encoding.UTF8.GetBytes(text), "acctmerg", "-i"), "acctmerg", "-v"));
            Assert.Equal(name, System.Text.Json.JsonDocument.Parse(
                TacctVectors.Text(text, "acctmerg", "--format", "json")).RootElement[0].GetProperty("user").GetString()
                ?? "?");
        }
    }

    /// <summary>Lines of a run are one sample of each user; the original makes one of each line.</summary>
    [Fact]
    public void Acctdisk_TakesSamples()
    {
        var dtmp = Encoding.UTF8.GetBytes("1001\talice\t100\n1002\tbob\t8.5\n1001\talice\t20\n");
        Assert.Equal("1001\talice\t120\t1\n1002\tbob\t8\t1\n",
            TacctVectors.Text(TacctVectors.Bytes(dtmp, "acctdisk"), "acctmerg", "-a1,2,13,18"));
        var classic = TacctVectors.Bytes(dtmp, "acctdisk", "--compat");
        Assert.Equal(3 * 80, classic.Length);
        Assert.Equal("1001\talice\t100\t1\n1002\tbob\t8\t1\n1001\talice\t20\t1\n",
            TacctVectors.Text(classic, "acctmerg", "--compat", "-p1,2,13,18"));
        // Three samples of a period: T-D4.
        var days = string.Concat(((int[])[100, 110, 120]).Select(blocks => $"1 a {blocks} 1\n"));
        Assert.Equal("330\t3\n", TacctVectors.Text(days, "acctmerg", "-i1-2,13,18", "-a13,18"));
    }

    [Fact]
    public void Acctdisk_SaysWhatIsNone()
    {
        var dtmp = "1001\talice\t100\nnonsense\n1002\tbob\t8\n"u8.ToArray();
        var ours = TacctVectors.Run(dtmp, "acctdisk", "--format", "csv");
        Assert.Equal(ExitCode.BadRecords, ours.ExitCode);
        Assert.Contains("line 2: incorrect input format", ours.Errors, StringComparison.Ordinal);
        Assert.Contains("1002,bob", ours.Text, StringComparison.Ordinal);
        var classic = TacctVectors.Run(dtmp, "acctdisk", "--compat");
        Assert.Equal((80, "\nacctdisk: incorrect input format.\n", 1),
            (classic.Output.Length, classic.Errors, classic.ExitCode));
    }

    /// <summary>The pages are those of the real pr, to the byte.</summary>
    [Theory]
    [Trait("Lane", "peers")]
    [InlineData("A heading", 3, false)]
    [InlineData("A heading", 3, true)]
    [InlineData("", 56, false)]
    [InlineData("DAILY REPORT FOR a.host", 57, false)]
    [InlineData("even", 113, true)]
    [InlineData("none", 0, false)]
    [InlineData("A heading that is far too long for that line but must still stand there whole in it", 1, false)]
    public void Pages_AreThoseOfPr(string heading, int lines, bool compat)
    {
        using var files = new TacctVectors();
        var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, lines).Select(line => $"line\t{line}\n")));
        var file = files.Put("text", body);
        var at = DateTimeOffset.FromUnixTimeSeconds(TacctVectors.Now);
        File.SetLastWriteTimeUtc(file, at.UtcDateTime);
        var start = new ProcessStartInfo("pr", ["-h", heading, file]) { RedirectStandardOutput = true };
        start.Environment["TZ"] = "UTC";
        start.Environment["LC_ALL"] = "C";
        if (compat)
        {
            start.Environment["POSIXLY_CORRECT"] = "1";
        }

        using var pr = Process.Start(start)!;
        var expected = pr.StandardOutput.ReadToEnd();
        pr.WaitForExit();
        using var output = new MemoryStream();
        var text = new ReportText(output);
        var pages = new PrPages(text, heading, at, compat);
        pages.Lines(body);
        pages.End();
        text.Flush();
        Assert.Equal(expected, Encoding.UTF8.GetString(output.ToArray()));
    }
}
