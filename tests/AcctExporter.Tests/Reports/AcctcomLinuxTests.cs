// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Reports;

/// <summary><c>acctcom</c> on records of Linux: real ones, beside what another program decoded.</summary>
public sealed partial class AcctcomLinuxTests : IDisposable
{
    /// <summary>Vector T-P5: a real record.</summary>
    private const string Burn =
        "00030000000300000000000000000000" + "0300000001000000d719026b00007442"
        + "0a002900274400000000" + "3c1000000000" + "6275726e000000000000000000000000";

    private const long Now = 1_795_300_000;

    private readonly TemporaryDirectory folder = new();

    public static TheoryData<string> Captures =>
    [
        "real-behaviours", "real-hugevm", "real-kthreads", "real-pidns-inner", "real-pidns-outer", "real-runtimes",
        "real-threads", "real-tty",
    ];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("", "     0.61    0.51 68032.00")]
    [InlineData("-mk", "     0.61    0.51 68032.00  578.27")]
    [InlineData("-trh", "     0.61    0.41    0.10    0.20    0.84")]
    [InlineData("-if", "     0.61    0.51       -       -  0   3")]
    [InlineData("-if --compat", "     0.61    0.51       0       0  0   0")]
    public void ARealRecord_HasItsFigures(string arguments, string figures) => Assert.Equal(
        $"burn       root      ?            22:23:19 22:23:19{figures}\n",
        Run(Convert.FromHexString(Burn), ["-v", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Text);

    [Fact]
    public void IoThatNobodyMeasured_HasNoAverage()
    {
        var record = Convert.FromHexString(Burn);
        Assert.Contains(" CHAR=-        BLK=-        USR", Run(record, ["-q"]).Text, StringComparison.Ordinal);
        Assert.Contains(
            " CHAR=0.00     BLK=0.00     USR", Run(record, ["-q", "--compat"]).Text, StringComparison.Ordinal);
    }

    /// <summary>Each number from what the other program read, by decimal arithmetic.</summary>
    [Theory]
    [MemberData(nameof(Captures))]
    public void ARealFile_IsListedAsItWasDecoded(string name)
    {
        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':'))
            .GroupBy(parts => parts[2]).ToDictionary(group => group.Key, group => group.First()[0]);
        var expected = new List<string>();
        var expectedCompat = new List<string>();
        foreach (var line in File.ReadLines(Fixture(name + ".decoded.txt")).Where(line => line.Contains("comm=b")))
        {
            var field = Field().Matches(line)
                .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
            var (user, system) = (Number("ut"), Number("st"));
            var (elapsed, memory) = (Number("et"), Number("mem"));
            var begin = (long)Number("bt");
            var mark = (Convert.ToInt32(field["fl"][..2], 16) & 2) != 0 ? "#" : "";
            var command = Shown(Regex.Match(line, "comm=b(['\"])(.*)\\1").Groups[2].Value);
            var owner = users.GetValueOrDefault(field["uid"], field["uid"]);
            var tty = Convert.ToInt32(field["tty"], 16);
            var terminal = tty == 0 ? "?" : tty >> 8 == 4 ? $"tty{tty & 0xff}" : $"pts/{tty - 0x8800}";
            var times = $" {Clock(begin)} {Clock(begin + (long)Math.Floor(elapsed / 100))} ";
            var status = Convert.ToInt32(field["ec"], 16);
            expected.Add(
                $"{$"{$"{mark}{command} ".PadRight(11)}{owner} ".PadRight(21)}{terminal}".PadRight(33) + times
                + Two(elapsed / 100)
                + $"{Two(system / 100)}{Two(user / 100)}{Two(memory)}{Two(memory * (user + system) / 6000)}"
                + $"  {Convert.ToString(Convert.ToInt32(field["fl"][..2], 16), 8)} "
                + $"{Convert.ToString((status & 0x7f) != 0 ? 128 + (status & 0x7f) : status >> 8, 8),3}");
            command = command[..Math.Min(8, command.Length)];
            owner = owner == field["uid"]
                ? $"{unchecked((int)uint.Parse(owner, CultureInfo.InvariantCulture))}" : owner;
            var cpu = Math.Max(1, user + system);
            expectedCompat.Add(
                $"{mark + command,-9}  {owner[..Math.Min(9, owner.Length)],-9} {terminal,-12}{times}"
                + $"{Two(Math.Max(1, elapsed) / 100)}{Two(cpu / 100)}{Two(cpu / Math.Max(1, elapsed))}");

            decimal Number(string key) => decimal.Parse(field[key], CultureInfo.InvariantCulture);
        }

        Assert.NotEmpty(expected);
        Assert.Equal(expected, Lines("-vtmkf"));
        Assert.Equal(expectedCompat, Lines("-vh", "--compat"));

        string[] Lines(params string[] arguments) =>
            [.. Applet.Run("acctcom", [.. arguments, Fixture(name + ".pacct")], Now).Text.Split('\n')
                .Where(line => line.Length > 0 && !line.StartsWith("ACCOUNTING", StringComparison.Ordinal))];
    }

    /// <summary>Records of each version stay of it, and say the same.</summary>
    [Theory]
    [InlineData("real-tty")]
    [InlineData("synth-v0")]
    [InlineData("synth-v2")]
    [InlineData("synth-v3-bigendian")]
    [InlineData("synth-multiversion")]
    public void RecordsPutIntoAFile_SayTheSame(string name)
    {
        // What is no record of theirs is said, and left out.
        var file = Fixture(name + ".pacct");
        var run = Applet.Run("acctcom", ["-o", folder.Of("again"), file], Now);
        Assert.Equal("", run.Text);
        Assert.True(run.ExitCode == 0 || name.StartsWith("synth", StringComparison.Ordinal), run.Errors);
        Assert.True(new FileInfo(folder.Of("again")).Length > 0);
        Assert.Equal(
            Applet.Run("acctcom", ["-tirhmkf", file], Now).Text,
            Applet.Run("acctcom", ["-tirhmkf", folder.Of("again")], Now).Text);
        if (name == "real-tty")
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(folder.Of("again")));
        }
    }

    [Fact]
    public void WhatIsRead_IsNotWrittenOver()
    {
        var file = folder.Of("pacct");
        File.WriteAllBytes(file, Convert.FromHexString(Burn));
        File.CreateSymbolicLink(folder.Of("link"), file);
        foreach (var output in new[] { file, folder.Of("link") })
        {
            var run = Applet.Run("acctcom", ["-o", output, file], Now);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains("name another file", run.Errors, StringComparison.Ordinal);
        }

        var journal = Applet.Run("acctcom", ["-o", folder.Of("x"), $"--storage.path={folder.Path}", file], Now);
        Assert.Equal(2, journal.ExitCode);
        Assert.Equal(1, Applet.Run("acctcom", ["-o", "/nowhere/x", file], Now).ExitCode);
        Assert.Equal(64, new FileInfo(file).Length);
    }

    [Fact]
    public void Names_AreSafe_AndStandWhole()
    {
        byte[] records =
        [
            .. Named("\e[31mred\n"), .. Named("systemd-journal"), .. Named("kworker/0:1"),
        ];
        const string rest = "?            22:23:19 22:23:19     0.61    0.51 68032.00\n";
        Assert.Equal(
            $"?[31mred?  root      {rest}systemd-journal root {rest}kworker/0:1 root     {rest}",
            Run(records, ["-v"]).Text);
        Assert.Equal(
            $"?[31mred   root      {rest}systemd-   root      {rest}kworker/   root      {rest}",
            Run(records, ["-v", "--compat"]).Text);
        Assert.Contains("systemd-journal root", Run(records, ["-v", "--compat", "-X"]).Text, StringComparison.Ordinal);
    }

    /// <summary>From the journal: CPU time to the microsecond, and what was read and written.</summary>
    [Fact]
    public void WhatIsKnownBetter_StandsInTheSameColumns()
    {
        var batch = new ExitBatch { Count = 1 };
        Convert.FromHexString(Burn).CopyTo(batch.Bytes, 0);
        batch.SetTruth(0, new ExitTruth
        {
            IsKnown = true,
            UserMicroseconds = 1_200_000,
            SystemMicroseconds = 300_000,
            ElapsedMicroseconds = 6_000_000,
            CallBytes = 123_456_789,
            StorageBytes = 4096,
        });
        var figures = new AcctcomFigures(batch[0], isSystemV: false, compat: false);
        Assert.Equal((1.5, 0.8, 0.25), (figures.CpuSeconds, figures.CpuFactor, figures.HogFactor));
        Assert.Equal((68032, 68032 * 1.5 / 60), (figures.MeanKib, figures.KcoreMinutes));
        Assert.Equal((true, 123_456_789, 8), (figures.HasIo, figures.Characters, figures.Blocks));
    }

    private static byte[] Named(string name)
    {
        var record = Convert.FromHexString(Burn);
        record.AsSpan(48).Clear();
        Encoding.UTF8.GetBytes(name).CopyTo(record, 48);
        return record;
    }

    /// <summary>A name that Python wrote, as a terminal may have it: ? for what is no letter of ASCII.</summary>
    private static string Shown(string escaped) => string.Concat(Escape().Replace(escaped, match => match.Value switch
    {
        @"\\" or @"\'" or "\\\"" => match.Value[1..],
        _ => "?",
    }).Select(each => each is >= ' ' and <= '~' ? each : '?'));

    private ToolResult Run(byte[] records, string[] arguments)
    {
        File.WriteAllBytes(folder.Of("pacct"), records);
        return Applet.Run("acctcom", [.. arguments, folder.Of("pacct")], Now);
    }

    private static string Fixture(string name) => Applet.Fixture("../pacct/" + name);

    private static string Two(decimal value) => " " + value.ToString("F2", CultureInfo.InvariantCulture).PadLeft(7);

    private static string Clock(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\\(x[0-9a-f]{2}|.)")]
    private static partial Regex Escape();

    [GeneratedRegex(@"(\w+)=(\w+)")]
    private static partial Regex Field();
}
