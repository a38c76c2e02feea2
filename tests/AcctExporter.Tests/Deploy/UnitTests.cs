// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AcctExporter.Tests.Golden;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Deploy;

/// <summary>Each unit that is shipped is what systemd takes for one, and no weaker than it was.</summary>
[Trait("Lane", "peers")]
public sealed partial class UnitTests
{
    private static readonly string[] Kinds = [".service", ".timer", ".socket", ".mount"];

    /// <summary>The bounds are what systemd 252 says, and the room of a tenth.</summary>
    public static TheoryData<string, double> Bounds => new()
    {
        { "acct-exporter.service", 2.4 },
        { "acct-runacct.service", 1.5 },
        { "acct-monacct.service", 1.5 },
        { "acct-ckpacct.service", 1.5 },
        // It walks the host's mounts, so it can have none of its own.
        { "acct-dodisk.service", 3.7 },
    };

    private static IEnumerable<string> Units =>
        Directory.GetFiles(Path.Combine(GoldenFile.RepositoryRoot, "deploy"))
            .Where(file => Kinds.Contains(Path.GetExtension(file))).Select(file => Path.GetFileName(file));

    /// <summary>Any word of systemd's is a fault: of most it only warns.</summary>
    [Fact]
    public void EachUnit_IsCleanToSystemd()
    {
        using var folder = new TemporaryDirectory();
        var (code, said) = Verify(folder, text => text);
        Assert.True(code == 0 && said.Length == 0, said);
    }

    [Theory]
    [MemberData(nameof(Bounds))]
    public void Service_IsExposedToNoMoreThanItMustBe(string unit, double bound)
    {
        var exposure = Exposure(File.ReadAllText(Shipped(unit)), unit);
        Assert.True(exposure <= bound, $"{unit}: {exposure}, and it was {bound} at most");
    }

    [Fact]
    public void EachService_HasABound() =>
        Assert.Equal(
            Units.Where(unit => unit.EndsWith(".service", StringComparison.Ordinal)).Order(),
            Bounds.Select(row => (string)row[0]).Order());

    /// <summary>The test's own test: of each kind of unit, one that is wrong, and a service that is open.</summary>
    [Theory]
    [InlineData("OnCalendar=", "OnCalendar=never ", "never")]
    [InlineData("Type=oneshot", "Type=once", "once")]
    [InlineData("ListenStream=9810", "ListenStream=nowhere:at:all", "nowhere")]
    [InlineData("Where=/run/acct-exporter", "Where=/run/other", "Where=")]
    [InlineData("ProtectHostname=yes", "ProtectHostName=yes", "ProtectHostName")]
    public void Systemd_FindsWhatIsWrong(string from, string to, string said)
    {
        using var folder = new TemporaryDirectory();
        Assert.Contains(
            said, Verify(folder, text => text.Replace(from, to, StringComparison.Ordinal)).Said,
            StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void AnOpenService_IsSeen() =>
        Assert.InRange(Exposure("[Service]\nExecStart=/bin/true\n", "open.service"), 9, 10);

    private static string Shipped(string unit) => Path.Combine(GoldenFile.RepositoryRoot, "deploy", unit);

    private static double Exposure(string text, string unit)
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllText(folder.Of(unit), text);
        var said = Run("security", "--offline=true", "--no-pager", folder.Of(unit)).Output;
        return double.Parse(Overall().Match(said).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static (int Code, string Said) Verify(TemporaryDirectory folder, Func<string, string> change)
    {
        foreach (var unit in Units)
        {
            // systemd names a mount by its place.
            File.WriteAllText(
                folder.Of(unit == "run-acct-exporter.mount" ? @"run-acct\x2dexporter.mount" : unit),
                change(File.ReadAllText(Shipped(unit))
                    .Replace("/usr/bin/acct-exporter", "/bin/true", StringComparison.Ordinal)));
        }

        var (code, _, said) = Run(["verify", "--man=no", .. Directory.GetFiles(folder.Path)]);
        // What the host's own units have is no matter of ours.
        var ours = said.Split('\n').Where(line => line.Contains(folder.Path, StringComparison.Ordinal)
            || line.Contains("acct-", StringComparison.Ordinal)
            || line.Contains("x2dexporter", StringComparison.Ordinal));
        return (code, string.Join('\n', ours));
    }

    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("systemd-analyze", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var analyze = Process.Start(start)!;
        var output = analyze.StandardOutput.ReadToEndAsync();
        var errors = analyze.StandardError.ReadToEnd();
        analyze.WaitForExit();
        return (analyze.ExitCode, output.Result, errors);
    }

    [GeneratedRegex(@"Overall exposure level for \S+: ([0-9.]+)")]
    private static partial Regex Overall();
}
