// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Cli;

namespace AcctExporter.Tests.Reports;

/// <summary>Summaries as files: ours, and those of System V, through acctcms.</summary>
public class CmsFileTests
{
    // Minutes of CPU and elapsed time, kcore minutes, bytes and blocks of both halves, as floats of 32 bits.
    private const string Floats = "8988083d8988083d" + "abaa2a3eabaa2a3e" + "4260054242600542";
    private const string Io = "00008045000080450000c0400000c040";
    private const string Totals = "8988883d" + "abaaaa3e" + "42608542";

    /// <summary>The same processes in any number of parts and any order are the same file.</summary>
    [Fact]
    public void AnySplit_GivesTheSameBytes()
    {
        using var run = new SuiteRun();
        var random = new Random(20261122);
        var processes = Enumerable.Range(0, 200).Select(_ => Any(random)).ToArray();
        var whole = Summary(run, "whole", processes);
        for (var round = 0; round < 5; round++)
        {
            random.Shuffle(processes);
            var cuts = (int[])[0, random.Next(201), random.Next(201), processes.Length];
            Array.Sort(cuts);
            var parts = Enumerable.Range(0, 3)
                .Select(part => Summary(run, $"part{part}", processes[cuts[part]..cuts[part + 1]])).ToArray();
            // Together, one after the other, and the other way round.
            var (code, together, _) = run.Bytes(
                "acctcms", [], ["-s", .. parts.Select((part, i) => run.Put($"cms{i}", part))]);
            Assert.Equal(ExitCode.Done, code);
            Assert.Equal(whole, together);
            var first = run.Bytes("acctcms", [], "-s", run.Of("cms1"), run.Of("cms2")).Output;
            Assert.Equal(whole, run.Bytes("acctcms", [], "-s", run.Put("sum", first), run.Of("cms0")).Output);
        }
    }

    /// <summary>Both kinds of time together are always the whole, and users cost what commands do.</summary>
    [Fact]
    public void Parts_AreTheWhole()
    {
        using var run = new SuiteRun();
        var random = new Random(7);
        var processes = Enumerable.Range(0, 300).Select(_ => Any(random)).ToArray();
        var file = run.Put("pacct", SystemVFile.Of(processes));
        var divided = Sums(run.Text("acctcms", [], "--svr4", file, "--format", "csv"), 3);
        using var whole = new SuiteRun("2026 0000 0000\n");
        var nonPrime = Sums(whole.Text("acctcms", [], "--svr4", file, "--format", "csv"), 3);
        var users = Sums(run.Text("acctprc", [], "--svr4", file, "--format", "csv"), 3);
        // CPU, elapsed and memory; then the users' CPU and memory.
        foreach (var (prime, other) in ((int, int)[])[(0, 1), (2, 3), (4, 5), (7, 8), (9, 10)])
        {
            Assert.True(divided[prime] > 0);
            Assert.Equal(nonPrime[other], divided[prime] + divided[other], 1e-6 * nonPrime[other]);
            Assert.Equal(0, nonPrime[prime]);
        }

        Assert.Equal(nonPrime[1], users[0] + users[1], 1e-9 * nonPrime[1]);
        Assert.Equal(nonPrime[5], users[2] + users[3], 1e-9 * nonPrime[5]);
    }

    /// <summary>Also by what is behind the eighth letter.</summary>
    [Fact]
    public void Names_AreSortedWhole()
    {
        using var run = new SuiteRun();
        var file = string.Concat(((string[])["same-so-far-b", "same-so-far-a"]).Select(name => Records.Slot.Of(
            new() { Version = 3, BeginUnixSeconds = 1_783_414_800, Command = Records.Slot.Name(name) }))
            .Select(Convert.ToHexString));
        var records = Convert.FromHexString(file + file);
        var pacct = run.Put("pacct", records);
        var cms = run.Bytes("acctcms", [], pacct).Output;
        Assert.Equal(24 + (2 * 140), cms.Length);
        Assert.Equal("same-so-far-a"u8, cms.AsSpan(24, 13));
        Assert.Equal("same-so-far-b"u8, cms.AsSpan(24 + 140, 13));
        Assert.Equal(
            2, run.Text("acctcms", [], "-a", pacct).Split('\n').Count(
                line => line.StartsWith("same-so-far-", StringComparison.Ordinal)));
    }

    [Fact]
    public void ASummary_GivesTheSameReports()
    {
        using var run = new SuiteRun();
        var file = run.Put("pacct", SystemVFile.All);
        var cms = run.Put("cms", run.Bytes("acctcms", [], "--svr4", file).Output);
        Assert.Equal(24 + (4 * 140), new FileInfo(cms).Length);
        foreach (var options in (string[])["-a", "-ap", "-ao", "-apo", "-at", "-aj", "-anj"])
        {
            Assert.Equal(
                run.Text("acctcms", [], options, "--svr4", file), run.Text("acctcms", [], options, "-s", cms));
        }

        Assert.Equal(
            run.Text("acctcms", [], "-a", "--svr4", file),
            run.Text("acctcms", File.ReadAllBytes(cms), "-as"));
    }

    /// <summary>cc1 in each of the layouts, by hand: half in each kind of time.</summary>
    [Theory]
    [InlineData("pcms32", "63633100000000000000000001000000" + Floats + Io)]
    [InlineData("pcms64", "636331000000000000000000000000000100000000000000" + Floats + Io)]
    [InlineData("tcms32", "636331000000000001000000" + Totals + "002000000c000000")]
    [InlineData("tcms64", "63633100000000000100000000000000" + Totals + "0000000000200000000000000c00000000000000")]
    [InlineData("pcms32-be", "63633100000000000000000000000001" + "3d0888893d0888893e2aaaab3e2aaaab42056042"
        + "42056042" + "458000004580000040c0000040c00000")]
    [InlineData("tcms64-be", "63633100000000000000000000000001" + "3d8888893eaaaaab42856042"
        + "00000000" + "0000000000002000000000000000000c")]
    public void LayoutsOfSystemV(string layout, string expected)
    {
        using var run = new SuiteRun();
        var file = run.Put("pacct", SystemVFile.Of(SystemVFile.Cc1));
        var (code, bytes, errors) = run.Bytes("acctcms", [], "--svr4", file, "--write-as", layout);
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.Equal(expected, Convert.ToHexStringLower(bytes));

        // And back: as far as floats go.
        var cms = run.Put("cms", bytes);
        Assert.Equal(
            run.Text("acctcms", [], "-a", "--svr4", file),
            run.Text("acctcms", [], "-as", "--read-as", layout, cms));
        Assert.Equal(bytes, run.Bytes("acctcms", [], "-s", "--read-as", layout, "--write-as", layout, cms).Output);
    }

    [Fact]
    public void Compat_KeepsSummariesAsTheClassicCommandOf64Bits()
    {
        using var run = new SuiteRun();
        var file = run.Put("pacct", SystemVFile.All);
        var parts = run.Put("pcms", run.Bytes("acctcms", [], "--compat", "--svr4", file).Output);
        Assert.Equal(4 * 64, new FileInfo(parts).Length);
        var total = run.Put("tcms", run.Bytes("acctcms", [], "--compat", "-t", "--svr4", file).Output);
        Assert.Equal(4 * 48, new FileInfo(total).Length);
        Assert.Equal(
            run.Text("acctcms", [], "-apo", "--compat", "--svr4", file),
            run.Text("acctcms", [], "-apos", "--compat", parts));
        Assert.Equal(
            run.Text("acctcms", [], "-at", "--compat", "--svr4", file),
            run.Text("acctcms", [], "-ats", "--compat", total));

        // Ours is known by its beginning.
        var ours = run.Put("ours", run.Bytes("acctcms", [], "--svr4", file).Output);
        Assert.Equal(
            run.Text("acctcms", [], "-a", "--compat", "--svr4", file),
            run.Text("acctcms", [], "-as", "--compat", ours));
    }

    /// <summary>Names that are the same in eight letters are one command there.</summary>
    [Fact]
    public void LongNames_AreOneInTheLayoutsOfSystemV()
    {
        using var run = new SuiteRun();
        var file = run.Put(
            "pacct", [.. AcctcmsTests.Linux("systemd-journal", 1), .. AcctcmsTests.Linux("systemd-logind", 2)]);
        var bytes = run.Bytes("acctcms", [], "--write-as", "tcms32", file).Output;
        Assert.Equal("73797374656d642d02000000", Convert.ToHexStringLower(bytes)[..24]);
        Assert.Equal(32, bytes.Length);
    }

    [Fact]
    public void Damage_IsLeftOut_AndSaid()
    {
        using var run = new SuiteRun();
        var good = run.Bytes("acctcms", [], "--svr4", run.Put("pacct", SystemVFile.All)).Output;
        Assert.Equal((ExitCode.BadRecords, "1 records"), Read(run, Changed(good, 24 + 140 + 40)));
        Assert.Equal((ExitCode.BadRecords, "2 records"), Read(run, good[..(24 + 280 + 5)]));
        Assert.Equal((ExitCode.BadRecords, "1 records"), Read(run, [.. good, 0]));
        Assert.Equal((ExitCode.CannotRead, "it is damaged"), Read(run, Changed(good, 12)));
        Assert.Equal((ExitCode.CannotRead, "it is damaged"), Read(run, good[..20]));
        Assert.Equal((ExitCode.CannotRead, "it is no summary of ours"), Read(run, SystemVFile.All));
        Assert.Equal((ExitCode.Done, ""), Read(run, []));
        Assert.Equal((ExitCode.BadRecords, "1 records"), Read(run, new byte[70], "--read-as", "pcms64"));
        // A negative count, and a time that is no number.
        Assert.Equal(
            (ExitCode.BadRecords, "2 records"),
            Read(run, [.. "bad\0\0\0\0\0"u8, 255, 255, 255, 255, .. new byte[20], .. "bad\0\0\0\0\0"u8, 1, 0, 0, 0,
                0, 0, 0xc0, 0x7f, .. new byte[16]], "--read-as", "tcms32"));
        Assert.Equal(ExitCode.CannotRead, run.Bytes("acctcms", [], "-as", run.Of("missing")).Code);
    }


    private static (int Code, string Why) Read(SuiteRun run, byte[] bytes, params string[] options)
    {
        var (code, output, errors) = run.Bytes("acctcms", [], ["-as", .. options, run.Put("cms", bytes)]);
        Assert.Contains("TOTAL COMMAND SUMMARY", Encoding.UTF8.GetString(output), StringComparison.Ordinal);
        var why = ((string[])["1 records", "2 records", "it is damaged", "it is no summary of ours"])
            .FirstOrDefault(word => errors.Contains(word, StringComparison.Ordinal)) ?? errors;
        return (code, why);
    }

    private static byte[] Changed(byte[] bytes, int at)
    {
        var changed = (byte[])bytes.Clone();
        changed[at] ^= 1;
        return changed;
    }

    private static byte[] Summary(SuiteRun run, string name, SystemVProcess[] processes)
    {
        var (code, output, _) = run.Bytes("acctcms", [], "--svr4", run.Put(name, SystemVFile.Of(processes)));
        Assert.Equal(ExitCode.Done, code);
        return output;
    }

    private static SystemVProcess Any(Random random) => new(
        $"c{random.Next(20)}", $"2026-07-{random.Next(1, 8):00} {random.Next(24):00}:{random.Next(60):00}:00",
        (ulong)random.NextInt64(1, 40_000_000), (ulong)random.Next(100_000), (ulong)random.Next(10_000),
        (ulong)random.NextInt64(1L << 30), (ulong)random.NextInt64(1L << 30), (ulong)random.Next(100_000),
        (uint)random.Next(1000, 1005));

    private static double[] Sums(string csv, int from)
    {
        var rows = csv.Split("\r\n")[1..^1].Select(row => row.Split(',')[from..]
            .Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray());
        return rows.Aggregate((left, right) => [.. left.Zip(right, (one, other) => one + other)]);
    }
}
