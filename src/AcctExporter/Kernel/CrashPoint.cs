// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Kernel;

/// <summary>
/// Places at which a test can have the agent killed, as if by the kernel: <c>ACCT_EXPORTER_CRASH_AT=before-rename</c>,
/// or <c>before-rename:3</c> for the third time it is reached; with <c>:hang</c> behind, the thread stands still there
/// instead. Without the variable a place costs one comparison.
/// </summary>
internal sealed class CrashPoint
{
    public const string Variable = "ACCT_EXPORTER_CRASH_AT";

    public const string BeforeSwitch = "before-switch";
    public const string AfterSwitch = "after-switch";
    public const string BeforeBlock = "before-block";
    public const string AfterBlock = "after-block";
    public const string AfterCount = "after-count";
    public const string BeforeCheckpoint = "before-checkpoint";
    public const string BeforeRename = "before-rename";
    public const string AfterRename = "after-rename";
    public const string BeforeSync = "before-sync";
    public const string AfterSync = "after-sync";
    public const string BeforeUnlink = "before-unlink";
    public const string AfterUnlink = "after-unlink";

    public const string BeforeLogins = "before-logins";
    public const string BeforeLoginsRename = "before-logins-rename";
    public const string AfterLoginsRename = "after-logins-rename";

    public const string BeforeSuiteWrite = "suite-before-write";
    public const string BeforeSuiteRename = "suite-before-rename";
    public const string AfterSuiteRename = "suite-after-rename";
    public const string BeforeSuiteMove = "suite-before-move";
    public const string AfterSuiteMove = "suite-after-move";
    public const string BeforeSuiteDelete = "suite-before-delete";
    public const string AfterSuiteDelete = "suite-after-delete";

    public const string BeforeQacct = "before-qacct";
    public const string AfterQacct = "after-qacct";
    public const string BeforePrinting = "before-printing";
    public const string BeforePrintingRename = "before-printing-rename";
    public const string AfterPrintingRename = "after-printing-rename";
    public const string AfterQacctTaken = "after-qacct-taken";

    private const int Kill = 9;
    private const string Hang = ":hang";

    /// <summary>Every place of the thread that counts exits, for the test that crashes at each in turn.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        BeforeSwitch, AfterSwitch, BeforeBlock, AfterBlock, AfterCount, BeforeCheckpoint, BeforeRename, AfterRename,
        BeforeSync, AfterSync, BeforeUnlink, AfterUnlink,
    ];

    /// <summary>Those of the thread that follows logins.</summary>
    public static readonly IReadOnlyList<string> OfLogins = [BeforeLogins, BeforeLoginsRename, AfterLoginsRename];

    /// <summary>
    /// Those of the accounting suite: around each state, and at each file that is written, moved or deleted.
    /// </summary>
    public static readonly IReadOnlyList<string> OfSuite =
    [
        .. ((string[])
        [
            "setup", "wtmpfix", "connect", "process", "merge", "fees", "disk", "queueacct", "mergetacct", "cms",
            "userexit", "cleanup", "close",
        ]).SelectMany(state => (string[])[BeforeState(state), AfterState(state)]),
        BeforeSuiteWrite, BeforeSuiteRename, AfterSuiteRename, BeforeSuiteMove, AfterSuiteMove, BeforeSuiteDelete,
        AfterSuiteDelete,
    ];

    /// <summary>Those of who follows the log of printed pages.</summary>
    public static readonly IReadOnlyList<string> OfPrinting =
        [BeforeQacct, AfterQacct, BeforePrinting, BeforePrintingRename, AfterPrintingRename, AfterQacctTaken];

    private static readonly CrashPoint? Armed = Parse(Environment.GetEnvironmentVariable(Variable));

    private readonly string name;
    private int left;

    private CrashPoint(string name, int times, bool hangs)
    {
        this.name = name;
        left = times;
        Hangs = hangs;
    }

    /// <summary>The thread is to stand still, and the process to go on.</summary>
    internal bool Hangs { get; }

    /// <summary>The place before a state of the suite's runs, by its name in small letters.</summary>
    public static string BeforeState(string state) => "suite-before-" + state;

    /// <summary>The place behind it, before the statefile names the next.</summary>
    public static string AfterState(string state) => "suite-after-" + state;

    /// <summary>
    /// Kills this process with SIGKILL when a test has asked for it here, or hangs; otherwise does nothing.
    /// </summary>
    public static void Reach(string name)
    {
        if (Armed is null || !Armed.IsHit(name))
        {
            return;
        }

        if (Armed.Hangs)
        {
            Thread.Sleep(Timeout.Infinite);
        }

        _ = Libc.kill(Libc.getpid(), Kill);
    }

    /// <summary>Null for nothing, for a name that is in none of the lists, and for a count that is none.</summary>
    internal static CrashPoint? Parse(string? text)
    {
        var hangs = text?.EndsWith(Hang, StringComparison.Ordinal) == true;
        var parts = (hangs ? text![..^Hang.Length] : text ?? "").Split(':');
        var times = 1;
        var counted = parts.Length == 1
            || (parts.Length == 2
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out times)
                && times > 0);
        return counted && (All.Contains(parts[0]) || OfLogins.Contains(parts[0]) || OfPrinting.Contains(parts[0])
                || OfSuite.Contains(parts[0]))
            ? new(parts[0], times, hangs) : null;
    }

    /// <summary>True the one time that the place is reached as often as was asked; counted over all threads.</summary>
    internal bool IsHit(string reached) => reached == name && Interlocked.Decrement(ref left) == 0;
}
