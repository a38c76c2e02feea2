// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>
/// What a login record says (<c>ut_type</c>, utmp(5)), with the numbers of Linux: System V has OLD_TIME and NEW_TIME
/// the other way round. A file may hold any number.
/// </summary>
internal enum UtmpType : short
{
    /// <summary>Nothing.</summary>
    Empty = 0,

    /// <summary>A change of run level; with the user "shutdown", the end of a run of the system.</summary>
    RunLevel = 1,

    /// <summary>The system started.</summary>
    BootTime = 2,

    /// <summary>The clock after it was set; follows <see cref="OldTime"/>.</summary>
    NewTime = 3,

    /// <summary>The clock before it was set.</summary>
    OldTime = 4,

    /// <summary>A process that init started.</summary>
    InitProcess = 5,

    /// <summary>A getty that waits for a login.</summary>
    LoginProcess = 6,

    /// <summary>A login.</summary>
    UserProcess = 7,

    /// <summary>A logout: the process of a line ended.</summary>
    DeadProcess = 8,

    /// <summary>A reason given to acctwtmp: the System V suite's own record.</summary>
    Accounting = 9,
}
