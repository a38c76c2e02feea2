// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>
/// Names as a terminal may see them: what is no printable letter of ASCII becomes <c>?</c>, as the classic process
/// reports do in the C locale. Names of processes and users are chosen by anybody.
/// </summary>
internal static class SafeText
{
    private const byte First = (byte)' ';
    private const byte Last = (byte)'~';

    /// <summary>True when nothing would be changed.</summary>
    public static bool IsSafe(ReadOnlySpan<byte> text) => text.IndexOfAnyExceptInRange(First, Last) < 0;

    /// <summary>Changes the bytes where they are.</summary>
    public static void MakeSafe(Span<byte> text)
    {
        while (text.IndexOfAnyExceptInRange(First, Last) is >= 0 and var at)
        {
            text[at] = (byte)'?';
            text = text[(at + 1)..];
        }
    }

    /// <summary>
    /// The text itself when it is safe, else a safe copy: for names that are kept, not for each record.
    /// </summary>
    public static byte[] Of(byte[] text)
    {
        if (IsSafe(text))
        {
            return text;
        }

        var safe = (byte[])text.Clone();
        MakeSafe(safe);
        return safe;
    }
}
