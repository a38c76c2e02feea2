// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;

namespace AcctExporter.Tests.RealSystem;

/// <summary>Another program switches accounting away from a running agent, or looks as if it did.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed partial class StolenAccountingTests : IDisposable
{
    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void Theft_IsCounted_TheThiefNamed_AndAccountingTakenBack()
    {
        var agent = lab.Serve("--accounting.rearm-delay=500ms");
        lab.Exit(30);
        var thiefs = lab.File("thiefs");
        lab.Inside.Run("accton", thiefs);
        agent.Until(() => agent.Own("accounting_taken") == 1, "theft counted");
        Assert.Equal(1, agent.Gaps("taken"));
        var named = Culprit().Match(agent.Log);
        Assert.Equal("accton", named.Groups[1].Value);

        agent.Until(agent.IsActive, "taken back");
        // The thief's own exit stands first in its file: by that its pid is known.
        Assert.Equal($"{FaultLab.Records(thiefs)[0].Pid}", named.Groups[2].Value);
        lab.Exit(40);
        agent.HasCounted(70);
        Assert.Equal(1, agent.Own("leaving_records"));
        Assert.Equal(1, agent.Gaps());
    }

    [Fact]
    public void Off_IsCounted_TheCulpritNamed_AndAccountingOnAgain()
    {
        var agent = lab.Serve("--accounting.rearm-delay=1500ms");
        lab.Exit(30);
        lab.Inside.Run("accton", "off");
        agent.Until(() => agent.Own("accounting_taken") == 1, "counted");
        Assert.False(agent.IsActive());
        Assert.Equal("accton", Culprit().Match(agent.Log).Groups[1].Value);
        agent.Until(agent.IsActive, "on again");
        lab.Exit(40);
        agent.HasCounted(70);
        Assert.Equal(1, agent.Gaps("taken"));
    }

    [Fact]
    public void BackOff_Doubles_WithEveryTheft()
    {
        var agent = lab.Serve("--accounting.rearm-delay=700ms");
        for (var theft = 1; theft <= 3; theft++)
        {
            lab.Inside.Run("accton", "off");
            agent.Until(() => agent.Own("accounting_taken") == theft, "theft counted");
            agent.Until(agent.IsActive, "taken back");
        }

        // The log is written by a thread of its own, and may come after the scrape that shows it.
        agent.Until(() => Returns().Length == 3, "the third return is said");
        var thefts = agent.Log.Split('\n').Where(line => Culprit().IsMatch(line)).ToArray();
        var returns = Returns();
        string[] said = ["00:00:00.7000000", "00:00:01.4000000", "00:00:02.8000000"];
        for (var i = 0; i < said.Length; i++)
        {
            Assert.Contains($"trying to take accounting back in {said[i]}", thefts[i]);
            Assert.True(TimeOf(returns[i]) - TimeOf(thefts[i]) >= TimeSpan.Parse(said[i]), agent.Log);
        }

        Assert.Equal(3, agent.Gaps("taken"));

        string[] Returns() => [.. agent.Log.Split('\n').Where(line => line.Contains("accounting is on")).Skip(1)];
    }

    [Fact]
    public void Writer_WhoIsNotTheKernel_TakesNothing()
    {
        var agent = lab.Serve();
        lab.Exit(30);
        agent.HasCounted(30);
        for (var i = 0; i < 20; i++)
        {
            using (File.OpenHandle(lab.Segments()[^1], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
            }

            lab.Exit(1);
        }

        agent.HasCounted(50);
        Assert.Equal(0, agent.Own("accounting_taken"));
        Assert.Equal(0, agent.Gaps());
        Assert.True(agent.IsActive());
    }

    [Fact]
    public void Theft_WhileNoAgentRuns_IsAGap()
    {
        var first = lab.Serve();
        lab.Exit(30);
        first.HasCounted(30);
        first.Kill();
        lab.Exit(3);
        lab.Inside.Run("accton", "off");
        lab.Exit(5);

        var agent = lab.Serve();
        Assert.Contains("somebody switched accounting, or its mount namespace ended, while no agent ran", agent.Log);
        Assert.Equal(1, agent.Gaps("taken"));
        lab.Exit(10);
        // 30, the killed agent, 3, and 10; 5 and accton itself left no record.
        agent.HasCounted(44);
    }

    [Fact]
    public void TheftToAUsualFile_IsLeftAlone_UntilThatProgramEnds()
    {
        lab.MountUsualFile();
        var agent = lab.Serve("--accounting.rearm-delay=100ms");
        lab.Exit(3);
        lab.Inside.Run("accton", FaultLab.UsualFile);
        agent.Until(() => agent.Log.Contains(
            $"accounting now goes to {FaultLab.UsualFile}, which another program has switched on"), "said");
        Assert.False(agent.IsActive());
        lab.Exit(2);
        // accton itself, and 2: that program's accounting goes on.
        Assert.Equal(3, FaultLab.Records(lab.Inside.PathOf(FaultLab.UsualFile)).Count);

        lab.Inside.Run("accton", "off");
        agent.Until(agent.IsActive, "on again");
        lab.Exit(10);
        agent.HasCounted(13);
        Assert.Equal(1, agent.Gaps());
    }

    private static DateTime TimeOf(string line) =>
        DateTime.Parse(line.Split(' ')[0]["time=".Length..], CultureInfo.InvariantCulture);

    [GeneratedRegex(@"'(\w+)' \(process (\d+)\) made the kernel leave our segment")]
    private static partial Regex Culprit();
}
