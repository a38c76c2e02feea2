// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Runacct;

/// <summary>How a run of the suite ended: the exit codes of <c>runacct</c> and <c>monacct</c>.</summary>
internal enum RunCode
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>A state failed, or nothing could be begun; nothing is lost, and it can be restarted.</summary>
    Failed = 1,

    /// <summary>Done, but something of what there was could not be charged or was not as it should be.</summary>
    WithWarnings = 2,

    /// <summary>Another run has the lock; nothing was changed.</summary>
    Locked = 3,

    /// <summary>The day was run before; nothing was changed.</summary>
    AlreadyRun = 4,
}
