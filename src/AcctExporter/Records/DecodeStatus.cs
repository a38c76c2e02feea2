// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>
/// What came of reading one slot of an accounting file. Bad input is an operating condition, so it is a status.
/// </summary>
internal enum DecodeStatus : byte
{
    /// <summary>A whole, plausible record.</summary>
    Ok,

    /// <summary>Fewer bytes than a record has.</summary>
    NeedMoreData,

    /// <summary>All zeros: a sparse hole, or the tail of a file after a power cut.</summary>
    Hole,

    /// <summary>A version that no released kernel writes.</summary>
    UnknownVersion,

    /// <summary>A bit in <c>ac_flag</c> that no kernel sets.</summary>
    BadFlags,

    /// <summary>
    /// An elapsed time that is negative, not a number, longer than 136 years, or written twice and different.
    /// </summary>
    BadElapsed,

    /// <summary>Bytes behind the NUL that ends the name.</summary>
    BadCommand,

    /// <summary>No process id, and yet memory.</summary>
    BadPid,

    /// <summary>A v0 record (which has no mark of its own) without a plausible start time or name.</summary>
    ImplausibleV0,

    /// <summary>Bytes skipped while looking for the next record after a torn one.</summary>
    Misaligned,

    /// <summary>Less than a record at the end of a file that the kernel has left.</summary>
    Torn,
}

/// <summary>The <c>reason</c> label of each status that is counted as rejected.</summary>
internal static class RejectReason
{
    /// <summary>Number of values of <see cref="DecodeStatus"/>.</summary>
    public const int Count = (int)DecodeStatus.Torn + 1;

    /// <summary>The statuses that reject a slot, in the order in which they are exported.</summary>
    public static readonly DecodeStatus[] All =
    [
        DecodeStatus.Hole, DecodeStatus.UnknownVersion, DecodeStatus.BadFlags, DecodeStatus.BadElapsed,
        DecodeStatus.BadCommand, DecodeStatus.BadPid, DecodeStatus.ImplausibleV0, DecodeStatus.Misaligned,
        DecodeStatus.Torn,
    ];

    /// <summary>The word for a status, as the metric spells it.</summary>
    public static string Label(DecodeStatus status) => status switch
    {
        DecodeStatus.Hole => "hole",
        DecodeStatus.UnknownVersion => "version",
        DecodeStatus.BadFlags => "flags",
        DecodeStatus.BadElapsed => "elapsed",
        DecodeStatus.BadCommand => "command",
        DecodeStatus.BadPid => "pid",
        DecodeStatus.ImplausibleV0 => "implausible_v0",
        DecodeStatus.Misaligned => "misaligned",
        DecodeStatus.Torn => "torn",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "not a reason to reject"),
    };
}
