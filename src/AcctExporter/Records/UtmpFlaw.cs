// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>Why bytes in a login file are no record that could be counted.</summary>
internal enum UtmpFlaw : byte
{
    /// <summary>Nothing speaks against it.</summary>
    None,

    /// <summary>A type that neither Linux nor the System V suite knows.</summary>
    Type,

    /// <summary>A time that cannot be: microseconds over a second, or seconds out of range.</summary>
    Time,

    /// <summary>Control characters in the user or the line, or bytes after their end.</summary>
    Text,

    /// <summary>Less than a record at the end of the file.</summary>
    Partial,

    /// <summary>Bytes between records: some were lost or put in, so that a record begins elsewhere.</summary>
    Misaligned,
}

/// <summary>What there is of <see cref="UtmpFlaw"/>.</summary>
internal static class UtmpFlaws
{
    /// <summary>How many: the length of an array of counts.</summary>
    public const int Count = (int)UtmpFlaw.Misaligned + 1;
}
