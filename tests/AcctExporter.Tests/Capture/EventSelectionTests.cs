// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Tests.Config;
using AcctExporter.Records;

namespace AcctExporter.Tests.Capture;

public sealed class EventSelectionTests
{
    private const uint Success = 0;
    private const uint Failure = 1 << 8;
    private const uint Killed = 9;
    private const uint Dumped = 11 | 0x80;

    /// <summary>A core bit without a signal: no kernel writes it, and it is no core.</summary>
    private const uint StrayCore = 0x80;

    [Theory]
    [InlineData("core", "Dumped")]
    [InlineData("signal", "Killed Dumped")]
    [InlineData("failure", "Failure")]
    [InlineData("core,signal", "Killed Dumped")]
    [InlineData("failure, core", "Failure Dumped")]
    [InlineData("all", "Success Failure Killed Dumped StrayCore")]
    [InlineData("core,all", "Success Failure Killed Dumped StrayCore")]
    public void Takes_WhatItsWordsSay(string words, string taken)
    {
        Assert.True(EventSelection.TryParse(words, out var selection));
        (string Name, uint Status)[] all =
        [
            (nameof(Success), Success), (nameof(Failure), Failure), (nameof(Killed), Killed), (nameof(Dumped), Dumped),
            (nameof(StrayCore), StrayCore),
        ];
        Assert.Equal(
            taken, string.Join(' ', all.Where(one => selection.Takes(new ExitStatus(one.Status))).Select(o => o.Name)));
        Assert.True(EventSelection.TryParse(selection.ToString(), out var again));
        Assert.Equal(selection, again);
    }

    [Theory]
    [InlineData(",")]
    [InlineData("core,")]
    [InlineData("cores")]
    [InlineData("Core")]
    [InlineData("core signal")]
    [InlineData("none")]
    public void UnknownWords_AreRefused_WithTheWordsThatThereAre(string words)
    {
        Assert.False(EventSelection.TryParse(words, out _));
        var faults = Configured.By("--events.file=/tmp/events", $"--events.select={words}").Faults;
        Assert.Equal(
            $"--events.select: '{words}' is no list of core, signal, failure, all (core,signal; failure; all)",
            Assert.Single(faults));
    }

    [Fact]
    public void Flags_GiveTheOptions()
    {
        Assert.Equal("", Options().File);
        Assert.Equal(new ExitEventOptions { File = "-" }, Options("--events.file=-"));
        Assert.Equal(
            new ExitEventOptions
            {
                File = "/var/log/exits.jsonl", Selection = new(EventKinds.Failure), MaxBytes = 0, Keep = 0,
            },
            Options("--events.file=/var/log/x/../exits.jsonl", "--events.select=failure", "--events.max-size=off",
                "--events.keep=0"));
        Assert.Equal(Path.GetFullPath("events"), Options("--events.file=events").File);
        var standard = new ExitEventOptions { File = "-" };
        Assert.Equal(
            ("core,signal", 64L << 20, 5), (standard.Selection.ToString(), standard.MaxBytes, standard.Keep));
    }

    [Theory]
    [InlineData("--events.file=")]
    [InlineData("--events.max-size=1000")]
    [InlineData("--events.keep=-1")]
    public void Flags_RefuseWhatCannotBe(string flag) => Assert.NotEmpty(Configured.By(flag).Faults);

    private static ExitEventOptions Options(params string[] flags)
    {
        var config = Configured.By(flags);
        Assert.Empty(config.Faults);
        return config.Options.Capture.Events;
    }
}
