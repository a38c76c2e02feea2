// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;

namespace AcctExporter.Config;

/// <summary>Where exits come from, and where what must last is kept.</summary>
internal static partial class SettingTable
{
    private static IEnumerable<Setting> Accounting =>
    [
        Capture(
            "accounting.path", TextForm.Path,
            "Directory of the segments that the kernel writes; best a small tmpfs",
            capture => capture.AccountingPath, (capture, value) => capture with { AccountingPath = value! }),
        Capture<AccountingOnExit?>(
            "accounting.on-exit", TextForm.Choice<AccountingOnExit>(),
            "What becomes of accounting when the agent stops: keep (what ends meanwhile is counted later) or off",
            capture => capture.OnExit, (capture, value) => capture with { OnExit = value!.Value }),
        Capture<bool?>(
            "accounting.take-over", TextForm.Switch,
            "Switch accounting to us although another program has it on; given back at the end with on-exit=off",
            capture => capture.TakeOver, (capture, value) => capture with { TakeOver = value == true }),
        Capture<bool?>(
            "accounting.follow-active", TextForm.Switch,
            "Where another program has accounting on, follow its file read only instead of refusing",
            capture => capture.FollowActive, (capture, value) => capture with { FollowActive = value == true }),
        Capture(
            "source", TextForm.Path,
            "Follow this accounting file of another program, read only, and never switch accounting",
            capture => capture.SourceFile, (capture, value) => capture with { SourceFile = value }),
        Capture<long?>(
            "accounting.segment-size", TextForm.Size(4096), "Size at which a segment is switched away from",
            capture => capture.SegmentBytes, (capture, value) => capture with { SegmentBytes = value!.Value }),
        Capture<TimeSpan?>(
            "accounting.segment-age", TextForm.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)),
            "Age at which a segment that is not empty is switched away from",
            capture => capture.SegmentAge, (capture, value) => capture with { SegmentAge = value!.Value }),
        Capture<TimeSpan?>(
            "accounting.settle-time", TextForm.Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(5)),
            "How long records gather before they are read; a scrape never waits for it",
            capture => capture.SettleTime, (capture, value) => capture with { SettleTime = value!.Value }),
        Capture<TimeSpan?>(
            "accounting.canary-interval",
            TextForm.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), mayBeOff: true),
            "Silence after which one child of our own ends, and must be seen",
            capture => capture.CanaryInterval, (capture, value) => capture with { CanaryInterval = value!.Value }),
        Capture<TimeSpan?>(
            "accounting.rearm-delay",
            TextForm.Duration(TimeSpan.FromMilliseconds(10), CaptureOptions.LongestRearmDelay),
            "First wait before accounting is taken back from whoever took it; doubles each time",
            capture => capture.RearmDelay, (capture, value) => capture with { RearmDelay = value!.Value }),
        Capture<TaskStatsMode?>(
            "taskstats.mode", TextForm.Choice<TaskStatsMode>(),
            "Join the kernel's taskstats for exact CPU time, names, I/O and memory: auto (where they can be had), on "
            + "(else do not start) or off",
            capture => capture.TaskStats, (capture, value) => capture with { TaskStats = value!.Value }),
        Capture<long?>(
            "taskstats.buffer-size", TextForm.Size(4096),
            "Room for messages that wait, 640 bytes each; what finds none is dropped and counted",
            capture => capture.TaskStatsBufferBytes,
            (capture, value) => capture with { TaskStatsBufferBytes = value!.Value }),
        Capture<bool?>(
            "taskstats.enable-delays", TextForm.Switch,
            "Let the kernel measure delays from the start on (kernel.task_delayacct=1); it goes on when the agent ends",
            capture => capture.EnableDelays, (capture, value) => capture with { EnableDelays = value == true }),
    ];

    private static IEnumerable<Setting> Storage =>
    [
        Capture(
            "storage.path", TextForm.Path, "Directory of the journal and the checkpoint: what must last",
            capture => capture.StoragePath, (capture, value) => capture with { StoragePath = value! }),
        Capture<TimeSpan?>(
            "storage.checkpoint-interval",
            TextForm.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
            "How often the counters are saved; a restart replays the journal behind that",
            capture => capture.CheckpointInterval,
            (capture, value) => capture with { CheckpointInterval = value!.Value }),
        Capture<DamageAction?>(
            "storage.on-damage", TextForm.Choice<DamageAction>(),
            "When what is stored cannot be used: stop, or start-anew (set it aside under another name, count from 0)",
            capture => capture.OnDamage, (capture, value) => capture with { OnDamage = value!.Value }),
        Capture<TimeSpan?>(
            "journal.retention-age",
            TextForm.Duration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(3660), mayBeOff: true),
            "Age at which journal files are deleted; off keeps only what a restart needs",
            capture => capture.JournalRetentionAge,
            (capture, value) => capture with { JournalRetentionAge = value!.Value }) with { Reloads = true },
        Capture<long?>(
            "journal.retention-size", TextForm.Size(1 << 20, mayBeOff: true),
            "Size of the journal above which its oldest files are deleted; off likewise",
            capture => capture.JournalRetentionBytes,
            (capture, value) => capture with { JournalRetentionBytes = value!.Value }) with { Reloads = true },
        Capture(
            "journal.group", TextForm.Group,
            "Members of this group may read the journal, and so run the process reports",
            capture => capture.JournalGroup, (capture, value) => capture with { JournalGroup = value }),
    ];

    private static Setting<T> Capture<T>(
        string key, TextForm<T> form, string help, Func<CaptureOptions, T?> get,
        Func<CaptureOptions, T?, CaptureOptions> with) => new(
            key, form, help, options => get(options.Capture),
            (options, value) => options with { Capture = with(options.Capture, value) });
}
