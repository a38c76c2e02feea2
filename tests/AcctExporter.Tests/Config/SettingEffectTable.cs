// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Config;
using AcctExporter.Tests.Metrics;
using AcctExporter.Tests.Push;
using AcctExporter.Tests.RealSystem;
using AcctExporter.Tests.Runacct;
using Effects = AcctExporter.Tests.RealSystem.SettingEffectTests;

namespace AcctExporter.Tests.Config;

/// <summary>
/// Which test shows what a setting does: a setting without one is a promise that nobody has seen kept.
/// </summary>
public sealed class SettingEffectTable
{
    private static readonly Dictionary<string, (Type Class, string Test)> Shown = new()
    {
        ["web.listen-address"] = (typeof(Effects), nameof(Effects.SeriesEventsAndTheWeb_AreAsTheFileSays)),
        ["web.systemd-socket"] = (typeof(Effects), nameof(Effects.SystemdSocket_IsRefused_WithoutOne)),
        ["web.telemetry-path"] = (typeof(Effects), nameof(Effects.SeriesEventsAndTheWeb_AreAsTheFileSays)),
        ["web.max-requests"] = (typeof(Effects), nameof(Effects.MaxRequests_OfOne_RefusesASecond)),
        ["web.enable-lifecycle"] = (typeof(ReloadTests), nameof(ReloadTests.Post_IsForbidden_UnlessAllowed)),
        ["web.config.file"] =
            (typeof(WebConfigReloadTests), nameof(WebConfigReloadTests.Users_AreReadAnew_WhenTheFileChanges)),
        ["accounting.path"] = (typeof(Effects), nameof(Effects.Capture_IsAsTheFlagsSay)),
        ["accounting.on-exit"] = (typeof(StartAndStopTests), nameof(StartAndStopTests.Off_LeavesAccountingOff)),
        ["accounting.take-over"] =
            (typeof(OthersAccountingTests), nameof(OthersAccountingTests.TakeOver_TakesIt_AndHandsItBack)),
        ["accounting.follow-active"] =
            (typeof(OthersAccountingTests), nameof(OthersAccountingTests.FollowActive_FollowsItReadOnly)),
        ["source"] = (typeof(Effects), nameof(Effects.SeriesEventsAndTheWeb_AreAsTheFileSays)),
        ["accounting.segment-size"] = (typeof(Effects), nameof(Effects.Capture_IsAsTheFlagsSay)),
        ["accounting.segment-age"] = (typeof(Effects), nameof(Effects.SegmentAge_SwitchesAway_AndSettleTimeIsShort)),
        ["accounting.settle-time"] = (typeof(Effects), nameof(Effects.Capture_IsAsTheFlagsSay)),
        ["accounting.canary-interval"] = (typeof(CanaryTests), nameof(CanaryTests.Silence_IsProvenToBeSilence)),
        ["accounting.rearm-delay"] =
            (typeof(StolenAccountingTests), nameof(StolenAccountingTests.BackOff_Doubles_WithEveryTheft)),
        ["taskstats.mode"] =
            (typeof(SideSourcesTests), nameof(SideSourcesTests.SwitchedOff_SaysNothing_AndShowsNothing)),
        // Taskstats come to the host's own namespaces alone; how full a buffer gets is the kernel's doing.
        ["taskstats.buffer-size"] = (typeof(EverySettingTests), UnitLevel),
        ["taskstats.enable-delays"] = (typeof(AccuracyTests), nameof(AccuracyTests.IoMemoryAndDelays_AreWhatWasDone)),
        ["storage.path"] = (typeof(Effects), nameof(Effects.Capture_IsAsTheFlagsSay)),
        ["storage.checkpoint-interval"] = (typeof(Effects), nameof(Effects.Capture_IsAsTheFlagsSay)),
        ["storage.on-damage"] =
            (typeof(DamagedStateTests), nameof(DamagedStateTests.DamagedJournal_IsRefused_AndSetAsideWhenAsked)),
        // As with the idle time: the journal's own tests see files go.
        ["journal.retention-age"] = (typeof(EverySettingTests), UnitLevel),
        ["journal.retention-size"] = (typeof(EverySettingTests), UnitLevel),
        ["journal.group"] =
            (typeof(JournalGroupTests), nameof(JournalGroupTests.Member_ReadsTheJournal_AndNothingElse)),
        ["labels"] = (typeof(Effects), nameof(Effects.SeriesEventsAndTheWeb_AreAsTheFileSays)),
        ["pairs.limit"] = (typeof(Effects), nameof(Effects.SeriesEventsAndTheWeb_AreAsTheFileSays)),
        // A look a minute: what the ledger does with it is seen in its own tests, and by this one in its option.
        ["pairs.idle-time"] = (typeof(EverySettingTests), UnitLevel),
        ["pairs.fold-kernel-threads"] = (typeof(Effects), nameof(Effects.SeriesEventsAndTheWeb_AreAsTheFileSays)),
        ["pairs.all-histograms"] = (typeof(Effects), nameof(Effects.SeriesEventsAndTheWeb_AreAsTheFileSays)),
        ["openmetrics.created"] = (typeof(Effects), nameof(Effects.SeriesEventsAndTheWeb_AreAsTheFileSays)),
        ["openmetrics.exemplars"] = (typeof(Effects), nameof(Effects.SeriesEventsAndTheWeb_AreAsTheFileSays)),
        ["histograms.duration-bounds"] = (typeof(Effects), nameof(Effects.SeriesEventsAndTheWeb_AreAsTheFileSays)),
        ["histograms.cpu-bounds"] = (typeof(Effects), nameof(Effects.SeriesEventsAndTheWeb_AreAsTheFileSays)),
        ["histograms.virtual-memory-bounds"] =
            (typeof(Effects), nameof(Effects.SeriesEventsAndTheWeb_AreAsTheFileSays)),
        // Without taskstats in that file: how they are written is seen with a source that has figures.
        ["histograms.peak-rss-bounds"] =
            (typeof(BoundsExpositionTests), nameof(BoundsExpositionTests.ConfiguredBounds_AreShown)),
        ["histograms.io-bounds"] =
            (typeof(BoundsExpositionTests), nameof(BoundsExpositionTests.ConfiguredBounds_AreShown)),
        ["logins.source"] = (typeof(LoginTests), nameof(LoginTests.Settings_DoWhatTheySay)),
        ["logins.wtmp"] = (typeof(LoginTests), nameof(LoginTests.Settings_DoWhatTheySay)),
        ["logins.btmp"] = (typeof(LoginTests), nameof(LoginTests.Settings_DoWhatTheySay)),
        ["logins.wtmpdb"] = (typeof(LoginTests), nameof(LoginTests.Settings_DoWhatTheySay)),
        ["logins.holidays"] = (typeof(LoginTests), nameof(LoginTests.Settings_DoWhatTheySay)),
        ["logins.users-limit"] = (typeof(LoginTests), nameof(LoginTests.Settings_DoWhatTheySay)),
        ["logins.lines-limit"] = (typeof(LoginTests), nameof(LoginTests.Settings_DoWhatTheySay)),
        ["suite.path"] = (typeof(SuiteTests), nameof(SuiteTests.Settings_DoWhatTheySay)),
        ["suite.daily"] = (typeof(SuiteTests), nameof(SuiteTests.ARealDay_IsCharged_ToWhoDidWhat)),
        // Months and weeks go by in the tests of the schedule, by a clock that they move.
        ["suite.fiscal"] = (typeof(SuiteScheduleTests),
            nameof(SuiteScheduleTests.APeriod_IsClosed_BehindTheRunOfTheFirstDayOfTheNext)),
        ["suite.disk"] = (typeof(SuiteScheduleTests),
            nameof(SuiteScheduleTests.Disks_AreLookedAt_OnceAWeek_AndAMissedTimeIsMadeUpFor)),
        ["suite.disk-paths"] = (typeof(EverySettingTests), UnitLevel),
        ["suite.page-log"] = (typeof(SuiteTests), nameof(SuiteTests.ARealDay_IsCharged_ToWhoDidWhat)),
        // The bill's own tests see prices.
        ["suite.rates"] = (typeof(EverySettingTests), UnitLevel),
        ["suite.user-exit"] = (typeof(SuiteTests), nameof(SuiteTests.Settings_DoWhatTheySay)),
        ["suite.groups"] = (typeof(SuiteTests), nameof(SuiteTests.Settings_DoWhatTheySay)),
        ["suite.users-limit"] = (typeof(SuiteTests), nameof(SuiteTests.Settings_DoWhatTheySay)),
        ["suite.minimum-free"] = (typeof(SuiteTests), nameof(SuiteTests.Settings_DoWhatTheySay)),
        ["otlp.endpoint"] = (typeof(OtlpSettingsTests), nameof(OtlpSettingsTests.Settings_WinOverVariables)),
        ["otlp.protocol"] = (typeof(OtlpSettingsTests), nameof(OtlpSettingsTests.Settings_WinOverVariables)),
        ["otlp.interval"] = (typeof(MetricsPushTroubleTests),
            nameof(MetricsPushTroubleTests.Thread_PushesEveryInterval_AndAtTheEnd)),
        ["otlp.timeout"] = (typeof(OtlpSettingsTests), nameof(OtlpSettingsTests.ReceiversInTrouble_AreSaidInWords)),
        ["otlp.compression"] = (typeof(OtlpSettingsTests), nameof(OtlpSettingsTests.Settings_WinOverVariables)),
        ["otlp.histograms"] = (typeof(MetricsPushTests), nameof(MetricsPushTests.Exponential_HasTheSameCountsAndSums)),
        ["events.file"] = (typeof(Effects), nameof(Effects.SeriesEventsAndTheWeb_AreAsTheFileSays)),
        ["events.select"] = (typeof(Effects), nameof(Effects.SeriesEventsAndTheWeb_AreAsTheFileSays)),
        ["events.max-size"] = (typeof(Effects), nameof(Effects.EventFiles_HaveASize_AndANumber)),
        ["events.keep"] = (typeof(Effects), nameof(Effects.EventFiles_HaveASize_AndANumber)),
        ["events.otlp"] = (typeof(PushedEventTests), nameof(PushedEventTests.ARealDeath_ArrivesOnce_WithWhatWaitSaid)),
        ["log.level"] = (typeof(Effects), nameof(Effects.LogLevel_OfError_SaysNothingOfAGoodStart)),
        ["log.format"] = (typeof(Effects), nameof(Effects.LogFormat_OfJson_MakesEachLineAnObject)),
        ["config.file"] = (typeof(ReloadTests), nameof(ReloadTests.Post_ReadsAnew_AndAFaultKeepsEverything)),
        ["rules"] = (typeof(Effects), nameof(Effects.Rules_OfTheFile_AreInForce)),
    };

    /// <summary>Seen as the value of an option only.</summary>
    private const string UnitLevel = nameof(EverySettingTests.Setting_IsSaidInThreeWays_AndShownAsItIsRead);

    [Fact]
    public void EverySetting_IsSeenToDoSomething() => Assert.Equal(
        SettingTable.All.Select(setting => setting.Key).Append(SettingTable.File).Append(SettingTable.Rules).Order(),
        Shown.Keys.Order());

    [Fact]
    public void EveryTest_IsOne() => Assert.All(
        Shown.Values,
        shown => Assert.NotEmpty(shown.Class.GetMethod(shown.Test)!.GetCustomAttributes(typeof(FactAttribute), true)));
}
