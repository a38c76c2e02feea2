// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Capture;

/// <summary>What happens to the kernel's accounting when the agent stops.</summary>
internal enum AccountingOnExit
{
    /// <summary>Switched off, or back to the file that it was taken from.</summary>
    Off,

    /// <summary>Left on: what ends while the agent is down is counted at the next start.</summary>
    Keep,
}

/// <summary>Whether taskstats are joined with the accounting records.</summary>
internal enum TaskStatsMode
{
    /// <summary>Where they can be had; else a word in the log, and the records alone.</summary>
    Auto,

    /// <summary>Without them the agent does not start.</summary>
    On,

    /// <summary>Never.</summary>
    Off,
}

/// <summary>What happens when the checkpoint or the journal cannot be used.</summary>
internal enum DamageAction
{
    /// <summary>The agent does not start.</summary>
    Stop,

    /// <summary>They are set aside under another name, and counting begins at 0.</summary>
    StartAnew,
}

/// <summary>Where exits come from and where what must last is kept.</summary>
internal sealed record CaptureOptions
{
    /// <summary>Where segments are unless the agent is told otherwise.</summary>
    public const string StandardAccountingPath = "/run/acct-exporter";

    /// <summary>Directory of the segments that the kernel writes; best a small tmpfs.</summary>
    public string AccountingPath { get; init; } = StandardAccountingPath;

    /// <summary>Directory of the journal and the checkpoint.</summary>
    public string StoragePath { get; init; } = "/var/lib/acct-exporter";

    /// <summary>
    /// An accounting file of another program to follow without ever calling acct(2); null for segments of our own.
    /// </summary>
    public string? SourceFile { get; init; }

    /// <inheritdoc cref="AccountingOnExit"/>
    public AccountingOnExit OnExit { get; init; } = AccountingOnExit.Keep;

    /// <summary>Switch accounting to us although another program has it on.</summary>
    public bool TakeOver { get; init; }

    /// <summary>Where another program has accounting on, follow its file read only instead of refusing.</summary>
    public bool FollowActive { get; init; }

    /// <summary>A segment of this size is switched away from: 4 KiB to 1 GiB.</summary>
    public long SegmentBytes { get; init; } = 8 << 20;

    /// <summary>A segment of this age is switched away from, if anything is in it.</summary>
    public TimeSpan SegmentAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long to let records gather after the kernel wrote one: waking for each costs the exiting processes a fifth.
    /// </summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest wait without looking at the file, for kernels and file systems without inotify.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the ledger is saved, if anything was counted.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Silence after which a child of our own ends, and must be seen; zero for never.</summary>
    public TimeSpan CanaryInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// First wait before accounting is taken back from whoever took it; doubles up to <see cref="LongestRearmDelay"/>.
    /// </summary>
    public TimeSpan RearmDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc cref="RearmDelay"/>
    public static readonly TimeSpan LongestRearmDelay = TimeSpan.FromMinutes(5);

    /// <inheritdoc cref="TaskStatsMode"/>
    public TaskStatsMode TaskStats { get; init; } = TaskStatsMode.Auto;

    /// <summary>
    /// Room for messages of taskstats that wait, as asked of the kernel, which doubles it: a message takes 640 bytes of
    /// this. 32 MiB hold two seconds of 25,000 exits each.
    /// </summary>
    public long TaskStatsBufferBytes { get; init; } = 32 << 20;

    /// <summary>Likewise, as the kernel takes it.</summary>
    public int TaskStatsBuffer => (int)Math.Min(TaskStatsBufferBytes, 1 << 30);

    /// <summary>Switch delay accounting on at the start (<c>kernel.task_delayacct</c>); it stays on.</summary>
    public bool EnableDelays { get; init; }

    /// <inheritdoc cref="DamageAction"/>
    public DamageAction OnDamage { get; init; } = DamageAction.Stop;

    /// <summary>Age at which journal files are deleted; zero keeps only what a restart needs.</summary>
    public TimeSpan JournalRetentionAge { get; init; } = TimeSpan.FromDays(31);

    /// <summary>Size of all journal files above which the oldest are deleted; zero likewise.</summary>
    public long JournalRetentionBytes { get; init; } = 1L << 30;

    /// <summary>Name or number of the group that may read the journal; null for none.</summary>
    public string? JournalGroup { get; init; }

    /// <summary>Where chosen exits go as lines of JSON.</summary>
    public ExitEventOptions Events { get; init; } = new();

    /// <summary>
    /// What was opened before the agent gave up rights; what is not in it is opened when it is needed.
    /// </summary>
    public OpenedSources Opened { get; init; } = new();

    /// <summary>
    /// The files that other programs switch accounting to: acct and psacct of the distributions, atop, System V.
    /// </summary>
    public IReadOnlyList<string> UsualFiles { get; init; } =
    [
        "/var/log/account/pacct", "/var/account/pacct", "/var/log/pacct", "/var/adm/pacct", "/run/pacct_source",
        "/var/cache/atop.d/atop.acct", "/tmp/atop.d/atop.acct", "/run/pcp/pacct", "/var/lib/pcp/tmp/pacct",
    ];
}
