// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Suite;

/// <summary>
/// The states of the daily run (<c>runacct</c>), in their order. <c>nite/statefile</c> names the next one to do, in
/// capitals.
/// </summary>
internal enum RunState
{
    /// <summary>Takes what the day is made of: up to where the journal, the logins, fees and prints are its.</summary>
    Setup,

    /// <summary>Repairs the login records.</summary>
    WtmpFix,

    /// <summary>Connect time.</summary>
    Connect,

    /// <summary>Processes, by user and by command.</summary>
    Process,

    /// <summary>Connect time and processes together.</summary>
    Merge,

    /// <summary>Adds the fees.</summary>
    Fees,

    /// <summary>Adds the disk samples.</summary>
    Disk,

    /// <summary>Adds the printed pages.</summary>
    QueueAcct,

    /// <summary>The day becomes one of the period's.</summary>
    MergeTacct,

    /// <summary>Likewise for commands; and when everybody logged in last.</summary>
    Cms,

    /// <summary>The site's own program.</summary>
    UserExit,

    /// <summary>The report; what is not needed any more goes.</summary>
    Cleanup,

    /// <summary>Nothing is left to do.</summary>
    Complete,
}
