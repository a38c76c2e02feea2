// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AcctExporter.Records;

namespace AcctExporter.Ledger;

/// <summary>What of an exit its pair depends on, and that pair. Half a cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal struct RawKey
{
    public ulong CommandLow;
    public ulong CommandHigh;
    public uint Uid;
    public uint Hash;
    public int Pair;

    /// <summary><see cref="ContextOf"/>.</summary>
    public uint Context;

    /// <summary>
    /// The context of an exit, and in the highest bit whether it is a kernel thread: rules ask for both.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ContextOf(in ProcessExit exit) => exit.Context | (exit.IsKernelThread ? 1u << 31 : 0);

    /// <summary>The raw key of the exit is this one.</summary>
    public readonly bool Is(in ProcessExit exit) =>
        CommandLow == exit.CommandLow && CommandHigh == exit.CommandHigh && Uid == exit.Uid
        && Context == ContextOf(exit);
}
