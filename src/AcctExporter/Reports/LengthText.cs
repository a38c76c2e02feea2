// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace AcctExporter.Reports;

/// <summary>
/// How long a session was, as <c>last</c> says it: <c>(2+18:00)</c> with days, else <c> (18:00)</c> with a blank before
/// it. Only the first number that is not 0 has a minus.
/// </summary>
internal static class LengthText
{
    /// <summary>Writes it.</summary>
    /// <param name="seconds">How long; less than 0 when the clock went back.</param>
    /// <param name="to">At least 32 bytes.</param>
    /// <returns>How many bytes it took.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Write(long seconds, Span<byte> to)
    {
        if ((ulong)seconds < 86_400)
        {
            " (00:00)"u8.CopyTo(to);
            var all = (int)seconds / 60;
            Two(to[2..], all / 60);
            Two(to[5..], all % 60);
            return 8;
        }

        var (days, hours, minutes) = (seconds / 86_400, (int)(seconds / 3600 % 24), (int)(seconds / 60 % 60));
        var at = 0;
        if (days != 0)
        {
            to[at++] = (byte)'(';
            Utf8Formatter.TryFormat(days, to[at..], out var written);
            at += written;
            to[at++] = (byte)'+';
        }
        else
        {
            to[at++] = (byte)' ';
            to[at++] = (byte)'(';
            to[at++] = (byte)'-';
        }

        if (days == 0 && hours is > -10 and < 0)
        {
            // Two places, and the minus is one of them.
            to[at++] = (byte)('0' - hours);
        }
        else
        {
            Two(to[at..], hours);
            at += 2;
        }

        to[at++] = (byte)':';
        Two(to[at..], minutes);
        to[at + 2] = (byte)')';
        return at + 3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two(Span<byte> to, int number)
    {
        number = Math.Abs(number);
        to[1] = (byte)('0' + (number % 10));
        to[0] = (byte)('0' + (number / 10));
    }
}
