// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>What acctcon and acctcon1 of System V take for a login record, and how they print one.</summary>
internal static class CompatLoginRecord
{
    private static readonly SearchValues<byte> Letters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789$ _-"u8);

    private static readonly SearchValues<byte> LettersAndDot = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789$ _-."u8);

    /// <summary>The user's name is made of letters, digits and few marks, and the type is known.</summary>
    /// <param name="record">The record.</param>
    /// <param name="withDots"><c>acctcon</c> takes names with dots.</param>
    public static bool IsValid(UtmpRecord record, bool withDots) =>
        !record.User.StartsWith("-"u8) && record.User.IndexOfAnyExcept(withDots ? LettersAndDot : Letters) < 0
        && (short)record.Type is >= 0 and <= 10;

    /// <summary>Line, user, time and date between tabs; what no terminal should be shown is a question mark.</summary>
    public static string Text(UtmpRecord record, ZoneOffsets offsets) =>
        $"{Shown(record.Line)}\t{Shown(record.User)}\t{record.Seconds}\t{Date(record.Seconds, offsets)}";

    /// <summary>A local date: <c>Thu Jul  2 06:00:00 2026</c>.</summary>
    public static string Date(long seconds, ZoneOffsets offsets)
    {
        Span<byte> date = stackalloc byte[64];
        return Encoding.ASCII.GetString(date[..FwtmpText.Date(date, seconds + offsets.SecondsAt(seconds))]);
    }

    private static string Shown(ReadOnlySpan<byte> text) =>
        string.Concat(Encoding.UTF8.GetString(text).Select(letter => char.IsControl(letter) ? '?' : letter));
}
