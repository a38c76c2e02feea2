// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>
/// The <c>ac_flag</c> byte (<c>include/uapi/linux/acct.h</c>). <see cref="DumpedCore"/> and <see
/// cref="KilledBySignal"/> lie about threaded programs: read <see cref="ExitStatus"/> instead.
/// </summary>
[Flags]
internal enum AcctFlags : byte
{
    None = 0,

    /// <summary>AFORK: forked, and never called exec.</summary>
    ForkedWithoutExec = 0x01,

    /// <summary>ASU: a capability check succeeded in some thread (not: ran as root).</summary>
    UsedPrivilege = 0x02,

    /// <summary>ACOMPAT: never set on Linux.</summary>
    Compatibility = 0x04,

    /// <summary>ACORE: went through the core-dump path, with or without a core.</summary>
    DumpedCore = 0x08,

    /// <summary>AXSIG: some thread got a fatal signal, which every exit_group() sends to the other threads.</summary>
    KilledBySignal = 0x10,

    /// <summary>Every bit that a kernel writes into an accounting record.</summary>
    All = 0x1f,
}
