// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>Which exits <c>acctcom</c> shows, by its own options; what is not given leaves none out.</summary>
internal sealed record AcctcomMatch
{
    /// <summary><c>-u</c>: this user's.</summary>
    public uint? Uid { get; init; }

    /// <summary><c>-u #</c>: those that used privilege.</summary>
    public bool Privileged { get; init; }

    /// <summary><c>-u ?</c>: those of numbers that no user has.</summary>
    public bool Unknown { get; init; }

    /// <summary><c>-g</c>: this group's.</summary>
    public uint? Gid { get; init; }

    /// <summary><c>-l</c>: on this terminal.</summary>
    public ushort? Terminal { get; init; }

    /// <summary><c>-n</c>: with this in the name.</summary>
    public AcctcomPattern? Pattern { get; init; }

    /// <summary><c>-C</c>: more seconds of CPU time.</summary>
    public double? CpuOver { get; init; }

    /// <summary><c>-O</c>: more seconds of it in the kernel.</summary>
    public double? SystemOver { get; init; }

    /// <summary><c>-H</c>: a greater hog factor.</summary>
    public double? HogOver { get; init; }

    /// <summary><c>-I</c>: more characters.</summary>
    public double? CharactersOver { get; init; }

    /// <summary>
    /// As the classic command: a limit of 0 is none, <c>-I</c> lets in who has just as many, and <c>-u #</c> is root's.
    /// </summary>
    public bool Compat { get; init; }

    /// <summary>True when an exit is to be shown.</summary>
    public bool Matches(in AcctEntry entry, in AcctcomFigures figures, OwnerNames owners)
    {
        ref readonly var record = ref entry.Record;
        return (Uid is not { } uid || record.Uid == uid)
            && (!Privileged || IsPrivileged(record))
            && (Gid is not { } gid || record.Gid == gid)
            && (Terminal is not { } terminal || record.Tty == terminal)
            && IsOver(figures.CpuSeconds, CpuOver)
            && IsOver(figures.SystemSeconds, SystemOver)
            && IsOver(figures.HogFactor, HogOver)
            && (Compat ? !(figures.Characters < CharactersOver) : IsOver(figures.Characters, CharactersOver))
            && (Pattern is null || Pattern.Matches(entry.Command))
            && (!Unknown || !owners.HasUser(record.Uid));
    }

    private bool IsPrivileged(in RawV3 record) =>
        (record.Flags & (byte)AcctFlags.UsedPrivilege) != 0 && (!Compat || record.Uid == 0);

    private bool IsOver(double value, double? limit) => limit is not { } least || value > least
        || (Compat && least == 0);
}
