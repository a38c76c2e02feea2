// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Ledger;

/// <summary>Deaths by one signal, without or with a core.</summary>
/// <param name="Count">How many.</param>
/// <param name="Last">The last of them, as far as this process saw it: it is in no file.</param>
internal readonly record struct Deaths(ulong Count, DeathExemplar Last)
{
    /// <summary>These and others.</summary>
    public Deaths And(Deaths others) => new(Count + others.Count, DeathExemplar.Later(Last, others.Last));
}

/// <summary>One death, for whoever looks for it in logs and cores. The default is none.</summary>
/// <param name="Pid">Process id; 0 when there is none, or the record did not tell.</param>
/// <param name="UnixMicroseconds">
/// When it ended by the wall clock: its begin, in whole seconds, and how long it ran.
/// </param>
internal readonly record struct DeathExemplar(uint Pid, long UnixMicroseconds)
{
    /// <summary>What an exit says of itself.</summary>
    public static DeathExemplar Of(in ProcessExit exit) =>
        new(exit.Pid, (exit.BeginUnixSeconds * 1_000_000L) + (long)exit.ElapsedMicroseconds);

    /// <summary>The later of two.</summary>
    public static DeathExemplar Later(DeathExemplar one, DeathExemplar other) =>
        other.UnixMicroseconds > one.UnixMicroseconds ? other : one;
}
