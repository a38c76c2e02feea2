// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Tests.Properties;

namespace AcctExporter.Tests.Ledger;

public sealed class CommandRulesTests
{
    [Fact]
    public void FirstMatch_Wins()
    {
        var rules = new CommandRules([Rule("python.*", "python"), Rule("p.*", "p"), Drop("q")], true);
        Assert.Equal(("python", 0), Decide(rules, "python3"));
        Assert.Equal(("p", 1), Decide(rules, "perl"));
        Assert.Equal((null, 2), Decide(rules, "q"));
        Assert.Equal(("sh", RuleVerdict.NoRule), Decide(rules, "sh"));
    }

    [Fact]
    public void Keep_EndsTheSearch_AndTheFold()
    {
        var rules = new CommandRules([Keep("kworker/0.*"), Rule("kworker.*", "work")], true);
        Assert.Equal(("kworker/0:1", 0), Decide(rules, "kworker/0:1", isKernelThread: true));
        Assert.Equal(("work", 1), Decide(rules, "kworker/1:1", isKernelThread: true));
        Assert.Equal(("jbd2", RuleVerdict.KernelThread), Decide(rules, "jbd2/sda1-8", isKernelThread: true));
    }

    [Fact]
    public void AllPatterns_MustMatch()
    {
        var rule = Drop("sh") with
        {
            User = RulePatternTests.Of("www-.*"), Exe = RulePatternTests.Of("/usr/bin/.*"),
            Unit = RulePatternTests.Of("cron.service"),
        };
        var rules = new CommandRules([rule], true);
        Assert.True(rules is { NeedsUnit: true, NeedsExe: true });
        Assert.True(rules.Decide("sh", "www-data", "/usr/bin/dash", "cron.service", false).IsDropped);
        Assert.False(rules.Decide("bash", "www-data", "/usr/bin/dash", "cron.service", false).IsDropped);
        Assert.False(rules.Decide("sh", "root", "/usr/bin/dash", "cron.service", false).IsDropped);
        Assert.False(rules.Decide("sh", "www-data", "/bin/dash", "cron.service", false).IsDropped);
        Assert.False(rules.Decide("sh", "www-data", "/usr/bin/dash", "", false).IsDropped);
        Assert.False(new CommandRules([Drop("a")], true) is { NeedsUnit: true } or { NeedsExe: true });
    }

    [Theory]
    [InlineData("kworker/3:1-x", "kworker")]
    [InlineData("kworker/R-ext4-", "kworker")]
    [InlineData("kworker/u8:3", "kworker")]
    [InlineData("ksoftirqd/3", "ksoftirqd")]
    [InlineData("migration/11", "migration")]
    [InlineData("cpuhp/0", "cpuhp")]
    [InlineData("jbd2/sda1-8", "jbd2")]
    [InlineData("jbd2/loop0-8", "jbd2")]
    [InlineData("irq/123-xhci", "irq")]
    [InlineData("xfsaild/dm-0", "xfsaild")]
    [InlineData("a:b/c", "a")]
    [InlineData("scsi_eh_0", "scsi_eh")]
    [InlineData("loop0", "loop")]
    [InlineData("kswapd0", "kswapd")]
    [InlineData("dm-17", "dm")]
    [InlineData("kthreadd", "kthreadd")]
    [InlineData("kdevtmpfs", "kdevtmpfs")]
    [InlineData("rcu_tasks_", "rcu_tasks_")]
    [InlineData("ext4-rsv-conver", "ext4-rsv-conver")]
    [InlineData("md0_raid1", "md0_raid")]
    [InlineData("123", "123")]
    [InlineData("_-1", "_-1")]
    [InlineData("/x", "/x")]
    [InlineData(":", ":")]
    [InlineData("other/1", "other/1")]
    [InlineData("other1", "other1")]
    [InlineData("", "")]
    public void KernelThreads_AreFolded(string name, string folded)
    {
        var (command, rule) = Decide(new CommandRules([], true), name, isKernelThread: true);
        Assert.Equal(folded, command);
        Assert.Equal(name == folded ? RuleVerdict.NoRule : RuleVerdict.KernelThread, rule);
        Assert.Equal((name, RuleVerdict.NoRule), Decide(new CommandRules([], true), name));
        Assert.Equal((name, RuleVerdict.NoRule), Decide(new CommandRules([], false), name, isKernelThread: true));
    }

    [Fact]
    public void NoMatchAndFold_AllocateNothing()
    {
        var rules = new CommandRules([Rule("python.*", "python"), Drop("[0-9]+")], true);
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                rules.Decide("nginx", "www-data", "", "", false);
                rules.Decide("kworker/3:1", "root", "", "", true);
            }
        }));
    }

    [Fact]
    public void Timeouts_AreThoseOfAllPatterns()
    {
        Assert.True(RulePattern.TryParse("(.*[ab].{15}){4}x?", TimeSpan.FromTicks(1), out var slow, out _));
        var rules = new CommandRules([Drop(".*") with { Exe = slow }], true);
        var exe = new string(new Random(5).GetItems<char>("abcde", 5_000));
        Assert.False(rules.Decide("sh", "root", exe, "", false).IsDropped);
        Assert.Equal(1UL, rules.Timeouts);
    }

    internal static CommandRule Rule(string command, string replacement)
    {
        var pattern = RulePatternTests.Of(command);
        Assert.True(RuleReplacement.TryParse(replacement, pattern, out var parsed, out var fault), fault);
        return new CommandRule
        {
            Command = pattern, Action = RuleAction.Replace, Replacement = parsed, Place = "rules.yml:1",
        };
    }

    internal static CommandRule Drop(string command) =>
        new() { Command = RulePatternTests.Of(command), Action = RuleAction.Drop, Place = "rules.yml:2" };

    internal static CommandRule Keep(string command) =>
        new() { Command = RulePatternTests.Of(command), Action = RuleAction.Keep, Place = "rules.yml:3" };

    private static (string? Command, int Rule) Decide(CommandRules rules, string name, bool isKernelThread = false)
    {
        var verdict = rules.Decide(name, "root", "", "", isKernelThread);
        return (verdict.IsDropped ? null : verdict.Command.ToString(), verdict.Rule);
    }
}
