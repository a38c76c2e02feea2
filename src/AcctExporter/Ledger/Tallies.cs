// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Ledger;

/// <summary>Why exits were lost, or may have gone uncounted. The values are part of the journal's format.</summary>
internal enum LossReason : byte
{
    /// <summary>The kernel suspended accounting for want of free space (kernel.acct).</summary>
    Suspension = 0,

    /// <summary>The file system of the accounting file was full before the kernel noticed.</summary>
    DiskFull = 1,

    /// <summary>The host was rebooted, and the segment with it.</summary>
    Reboot = 2,

    /// <summary>A power cut left the accounting file shorter than what had been read of it, or damaged.</summary>
    Power = 3,

    /// <summary>Somebody truncated the file that is followed.</summary>
    Truncated = 4,

    /// <summary>Somebody deleted a file that was not yet read to its end.</summary>
    Deleted = 5,

    /// <summary>The file was rotated while the agent was down, and the old one is not to be found.</summary>
    Rotated = 6,

    /// <summary>Somebody switched accounting off or to another file; it was off until it was taken back.</summary>
    Taken = 7,

    /// <summary>A child of our own ended and left no record.</summary>
    Silent = 8,
}

/// <summary>
/// Counters that are no exits: they go through the journal like exits do, so that a restart loses none. One array; the
/// index of each counter is part of the journal's format.
/// </summary>
internal sealed class Tallies
{
    /// <summary>Reasons of <see cref="LossReason"/>.</summary>
    public const int LossReasons = (int)LossReason.Silent + 1;

    private const int LostBase = 64;
    private const int GapBase = 128;
    private const int SingleBase = 192;
    private const int Count = 256;

    private readonly ulong[] values = new ulong[Count];

    /// <summary>Records that the kernel wrote about the living caller when it left a file.</summary>
    public const int LeavingRecords = SingleBase;

    /// <summary>Switches from one segment to the next, by size or age.</summary>
    public const int Rotations = SingleBase + 1;

    /// <summary>Times when somebody else made the kernel leave our segment.</summary>
    public const int TakenAway = SingleBase + 2;

    /// <summary>Children of our own that ended to prove that records come.</summary>
    public const int Canaries = SingleBase + 3;

    /// <summary>Of these, the ones whose record did not come.</summary>
    public const int CanaryFailures = SingleBase + 4;

    /// <summary>Exits counted with their record's figures alone, because no certain messages came.</summary>
    public const int Unenriched = SingleBase + 5;

    /// <summary>Exits whose messages were joined, but of which messages of threads may be missing.</summary>
    public const int Incomplete = SingleBase + 6;

    /// <summary>Records of children of our own that ended to test a source: not counted as exits.</summary>
    public const int OwnChildren = SingleBase + 7;

    /// <summary>Counting began at 0 because what was stored could not be used: 1, or 0.</summary>
    public const int StartedAnew = SingleBase + 8;

    /// <summary>Rejected slots by status.</summary>
    public static int Rejected(DecodeStatus status) => (int)status;

    /// <summary>Records known to be lost, by reason.</summary>
    public static int Lost(LossReason reason) => LostBase + (int)reason;

    /// <summary>Times when an unknown number of exits may have been lost, by reason.</summary>
    public static int Gap(LossReason reason) => GapBase + (int)reason;

    /// <summary>The value of a counter.</summary>
    public ulong this[int tally] => values[tally];

    /// <summary>All counters, for the checkpoint and for snapshots.</summary>
    public ReadOnlySpan<ulong> Values => values;

    /// <summary>Adds to a counter; an index from a newer journal is ignored.</summary>
    public void Add(int tally, ulong amount)
    {
        if ((uint)tally < Count)
        {
            values[tally] += amount;
        }
    }

    /// <summary>Takes over the counters of another.</summary>
    public void Load(ReadOnlySpan<ulong> other) => other[..Math.Min(other.Length, Count)].CopyTo(values);
}
