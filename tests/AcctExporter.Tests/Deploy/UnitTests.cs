// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Tests.Golden;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Deploy;

/// <summary>The timers of the accounting suite are what systemd takes for units.</summary>
[Trait("Lane", "peers")]
public sealed class UnitTests
{
    private static readonly string[] Names = ["acct-runacct", "acct-monacct", "acct-ckpacct", "acct-dodisk"];

    [Fact]
    public void Timers_AndTheirServices_AreCleanToSystemd()
    {
        using var folder = new TemporaryDirectory();
        foreach (var name in Names)
        {
            Copy(folder, $"{name}.timer", "", "");
            Copy(folder, $"{name}.service", "", "");
        }

        var (code, said) = Verify(folder);
        Assert.True(code == 0 && said.Length == 0, said);
    }

    /// <summary>The test's own test.</summary>
    [Fact]
    public void Systemd_FindsWhatIsWrong()
    {
        using var folder = new TemporaryDirectory();
        foreach (var name in Names)
        {
            Copy(folder, $"{name}.timer", "OnCalendar=", "OnCalendar=never ");
            Copy(folder, $"{name}.service", "Type=oneshot", "Type=once");
        }

        Assert.Contains("never", Verify(folder).Said, StringComparison.Ordinal);
    }

    private static void Copy(TemporaryDirectory folder, string name, string from, string to)
    {
        var text = File.ReadAllText(Path.Combine(GoldenFile.RepositoryRoot, "deploy", name))
            .Replace("/usr/bin/acct-exporter", "/bin/true", StringComparison.Ordinal);
        File.WriteAllText(folder.Of(name), from.Length > 0 ? text.Replace(from, to, StringComparison.Ordinal) : text);
    }

    private static (int Code, string Said) Verify(TemporaryDirectory folder)
    {
        var start = new ProcessStartInfo(
            "systemd-analyze", ["verify", "--man=no", .. Names.Select(name => folder.Of($"{name}.timer"))])
        {
            RedirectStandardError = true,
        };
        using var verify = Process.Start(start)!;
        var said = verify.StandardError.ReadToEnd();
        verify.WaitForExit();
        // What the host's own units have is no matter of ours.
        var ours = said.Split('\n').Where(line => line.Contains(folder.Path, StringComparison.Ordinal)
            || line.Contains("acct-", StringComparison.Ordinal));
        return (verify.ExitCode, string.Join('\n', ours));
    }
}
