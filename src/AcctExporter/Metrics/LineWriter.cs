// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Globalization;

namespace AcctExporter.Metrics;

/// <summary>The form of a figure, and how it is shown.</summary>
internal enum FigureForm : byte
{
    /// <summary>A whole number: of things, or of bytes.</summary>
    Count,

    /// <summary>Microseconds, shown in seconds.</summary>
    Microseconds,

    /// <summary>MiB times microseconds, shown in bytes times seconds.</summary>
    MebibyteMicroseconds,
}

/// <summary>
/// Writes lines into a span that is known to be large enough. Numbers are integers and their fixed points: a double is
/// never formatted for what is counted.
/// </summary>
internal ref struct LineWriter(Span<byte> span)
{
    /// <summary>The most bytes of any number with its newline: 128 bits, a point, six decimals.</summary>
    public const int LongestNumber = 48;

    private const ulong MicrosecondsPerSecond = 1_000_000;
    private const int MicrosecondDigits = 6;
    private const int MebibyteBits = 20;

    private readonly Span<byte> span = span;

    /// <summary>Bytes written.</summary>
    public int Written { get; private set; }

    /// <summary>Copies text.</summary>
    public void Put(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(span[Written..]);
        Written += text.Length;
    }

    /// <summary>Copies again what was written before.</summary>
    public void PutAgain(int from, int length)
    {
        span.Slice(from, length).CopyTo(span[Written..]);
        Written += length;
    }

    /// <summary>Ends the line.</summary>
    public void EndLine() => span[Written++] = (byte)'\n';

    /// <summary>A whole number.</summary>
    public void PutCount(ulong value)
    {
        if (value < 10)
        {
            span[Written++] = (byte)('0' + value);
            return;
        }

        Utf8Formatter.TryFormat(value, span[Written..], out var length);
        Written += length;
    }

    /// <summary>Microseconds as seconds: as many decimals as it takes, none for whole seconds.</summary>
    public void PutMicroseconds(ulong value)
    {
        var (seconds, fraction) = Math.DivRem(value, MicrosecondsPerSecond);
        PutCount(seconds);
        PutMillionths((uint)fraction);
    }

    /// <summary>A figure in its form.</summary>
    public void PutFigure(ulong value, FigureForm form)
    {
        if (form == FigureForm.Microseconds)
        {
            PutMicroseconds(value);
        }
        else if (form == FigureForm.MebibyteMicroseconds)
        {
            PutMebibyteMicroseconds(value);
        }
        else
        {
            PutCount(value);
        }
    }

    /// <summary>A figure in its form; only the last one may need more than 64 bits.</summary>
    public void PutFigure(UInt128 value, FigureForm form)
    {
        if (form == FigureForm.MebibyteMicroseconds)
        {
            PutMebibyteMicroseconds(value);
        }
        else
        {
            PutFigure((ulong)value, form);
        }
    }

    /// <summary>Any number, as the agent's few ratios need it.</summary>
    public void PutReal(double value)
    {
        if (double.IsInfinity(value))
        {
            Put(value > 0 ? "+Inf"u8 : "-Inf"u8);
            return;
        }

        value.TryFormat(span[Written..], out var length, "R", CultureInfo.InvariantCulture);
        Written += length;
    }

    /// <summary>MiB times microseconds are 2^20 millionths of a byte times a second: exact in decimals.</summary>
    private void PutMebibyteMicroseconds(UInt128 value)
    {
        var (whole, fraction) = UInt128.DivRem(value << MebibyteBits, MicrosecondsPerSecond);
        whole.TryFormat(span[Written..], out var length, default, CultureInfo.InvariantCulture);
        Written += length;
        PutMillionths((uint)fraction);
    }

    /// <summary>As many decimals as it takes.</summary>
    private void PutMillionths(uint fraction)
    {
        if (fraction == 0)
        {
            return;
        }

        var digits = span.Slice(Written, MicrosecondDigits + 1);
        digits[0] = (byte)'.';
        var rest = fraction;
        var length = 1;
        for (var i = MicrosecondDigits; i > 0; i--)
        {
            (rest, var digit) = Math.DivRem(rest, 10u);
            digits[i] = (byte)('0' + digit);
            length = length == 1 && digit != 0 ? i + 1 : length;
        }

        Written += length;
    }
}
