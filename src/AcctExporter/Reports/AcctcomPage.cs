// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>What <c>acctcom</c> prints, in the columns of the classic command.</summary>
internal sealed class AcctcomPage
{
    private const int NumberWidth = 8;
    private const int WideIoWidth = 12;

    /// <summary>From here on, characters have a wider column.</summary>
    private const double WideIo = 100_000_000;

    private readonly AcctcomOptions options;
    private readonly ReportText text;
    private readonly TimeText times;
    private readonly AcctcomNames names;
    private bool isHeaded;

    /// <summary>Begins the output.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="text">Where it goes.</param>
    /// <param name="zone">The zone of its times.</param>
    /// <param name="owners">Names of users.</param>
    public AcctcomPage(AcctcomOptions options, ReportText text, TimeZoneInfo zone, OwnerNames owners)
    {
        this.options = options;
        this.text = text;
        times = new TimeText(zone);
        names = new AcctcomNames(options.Compat, options.LongNames, owners);
        isHeaded = !options.Headings;
    }

    /// <summary>The day of the first record of a file that begins before today.</summary>
    public void RecordsFrom(long unixSeconds)
    {
        text.Add("\nACCOUNTING RECORDS FROM:  "u8);
        AddInstant(unixSeconds);
    }

    /// <summary>The instants between which a file's exits are shown.</summary>
    public void Bounds(in AcctcomBounds bounds)
    {
        AddBound("START AFT: "u8, bounds.StartAfter);
        AddBound("START BEF: "u8, bounds.StartBefore);
        AddBound("END AFTER: "u8, bounds.EndAfter);
        AddBound("END BEFOR: "u8, bounds.EndBefore);
    }

    /// <summary>The row of an exit, and the headings above the first one.</summary>
    public void Row(in AcctEntry entry, in AcctcomFigures figures)
    {
        if (!isHeaded)
        {
            Headings();
        }

        if (!options.Rows)
        {
            return;
        }

        names.Write(entry.Record, text);
        AddClock(entry.Record.BeginUnixSeconds);
        AddClock(entry.EndUnixSeconds);
        text.Add((byte)' ');
        AddNumber(figures.ElapsedSeconds);
        if (Has(AcctcomColumns.Times))
        {
            AddNumber(figures.SystemSeconds);
            AddNumber(figures.UserSeconds);
        }
        else
        {
            AddNumber(figures.CpuSeconds);
        }

        if (Has(AcctcomColumns.Io))
        {
            AddIo(figures);
        }

        if (Has(AcctcomColumns.CpuFactor))
        {
            AddNumber(figures.CpuFactor);
        }

        if (Has(AcctcomColumns.HogFactor))
        {
            AddNumber(figures.HogFactor);
        }

        if (options.HasMeanSize)
        {
            AddNumber(figures.MeanKib);
        }

        if (Has(AcctcomColumns.KcoreMinutes))
        {
            AddNumber(figures.KcoreMinutes);
        }

        if (options.Flags)
        {
            text.Add("  "u8);
            AddOctal(entry.Record.Flags, 1);
            text.Add((byte)' ');
            AddOctal(Status(entry), 3);
        }

        text.Add((byte)'\n');
    }

    /// <summary>The line of averages.</summary>
    public void Averages(AcctcomTotals totals)
    {
        if (totals.Count == 0)
        {
            text.Add("\nNo commands matched\n"u8);
            return;
        }

        text.Add("cmds="u8);
        text.Add(totals.Count);
        AddMean(" Real="u8, totals.Elapsed / totals.Count, 6);
        AddMean(" CPU="u8, totals.Cpu / totals.Count, 6);
        AddMean(" USER="u8, totals.User / totals.Count, 6);
        AddMean(" SYS="u8, totals.System / totals.Count, 6);
        AddMean(" CHAR="u8, totals.MeanCharacters(options.Compat), 8);
        AddMean(" BLK="u8, totals.MeanBlocks(options.Compat), 8);
        AddMean(" USR/TOT="u8, totals.CpuFactor(options.Compat), 4);
        AddMean(" HOG="u8, totals.HogFactor, 4);
        text.Add(options.Compat ? " \n"u8 : "\n"u8);
    }

    private void Headings()
    {
        isHeaded = true;
        text.Add("COMMAND                           START    END          REAL"u8);
        AddHeading("CPU"u8);
        AddHeading("(SECS)"u8, AcctcomColumns.Times);
        AddHeading("CHARS"u8, AcctcomColumns.Io);
        AddHeading("BLOCKS"u8, AcctcomColumns.Io);
        AddHeading("CPU"u8, AcctcomColumns.CpuFactor);
        AddHeading("HOG"u8, AcctcomColumns.HogFactor);
        AddHeading(options.HasMeanSize ? "MEAN"u8 : []);
        AddHeading("KCORE"u8, AcctcomColumns.KcoreMinutes);
        text.Add("\nNAME       USER     TTYNAME       TIME     TIME       (SECS)"u8);
        AddHeading(Has(AcctcomColumns.Times) ? "SYS"u8 : "(SECS)"u8);
        AddHeading("USER"u8, AcctcomColumns.Times);
        AddHeading("TRNSFD"u8, AcctcomColumns.Io);
        AddHeading("READ"u8, AcctcomColumns.Io);
        AddHeading("FACTOR"u8, AcctcomColumns.CpuFactor);
        AddHeading("FACTOR"u8, AcctcomColumns.HogFactor);
        AddHeading(options.HasMeanSize ? "SIZE(K)"u8 : []);
        AddHeading("MIN"u8, AcctcomColumns.KcoreMinutes);
        text.Add(options.Flags ? "  F STAT\n"u8 : "\n"u8);
    }

    private void AddHeading(ReadOnlySpan<byte> word, AcctcomColumns column)
    {
        if (Has(column))
        {
            AddHeading(word);
        }
    }

    private void AddHeading(ReadOnlySpan<byte> word)
    {
        if (!word.IsEmpty)
        {
            text.Add((byte)' ', NumberWidth - word.Length);
            text.Add(word);
        }
    }

    private bool Has(AcctcomColumns column) => (options.Columns & column) != 0;

    private void AddBound(ReadOnlySpan<byte> name, long? instant)
    {
        if (instant is { } unixSeconds)
        {
            text.Add(name);
            AddInstant(unixSeconds);
        }
    }

    private void AddInstant(long unixSeconds)
    {
        times.WriteCtime(unixSeconds, text.Room(TimeText.CtimeBytes));
        text.Advance(TimeText.CtimeBytes);
        text.Add((byte)'\n');
    }

    /// <summary><c> 17:59:50</c>.</summary>
    private void AddClock(long unixSeconds)
    {
        const int clockAt = 11;
        const int clockBytes = 8;
        Span<byte> instant = stackalloc byte[TimeText.CtimeBytes];
        times.WriteCtime(unixSeconds, instant);
        text.Add((byte)' ');
        text.Add(instant.Slice(clockAt, clockBytes));
    }

    /// <summary><c> %7.2f</c>.</summary>
    private void AddNumber(double value)
    {
        text.Add((byte)' ');
        text.Advance(FixedText.Write(value, NumberWidth - 1, 2, text.Room(FixedText.LongestBytes)));
    }

    private void AddIo(in AcctcomFigures figures)
    {
        if (!figures.HasIo && !options.Compat)
        {
            text.Add("       -       -"u8);
            return;
        }

        AddWhole(figures.Characters, figures.Characters < WideIo ? NumberWidth : WideIoWidth);
        AddWhole(figures.Blocks, NumberWidth);
    }

    /// <summary><c>%8d</c>; what fills its column and more has a blank before it, as the classic has not.</summary>
    private void AddWhole(double value, int width)
    {
        if (!options.Compat)
        {
            text.Add((byte)' ');
            width--;
        }

        text.Advance(FixedText.WriteNumber((ulong)value, width, text.Room(64)));
    }

    private void AddOctal(int value, int width)
    {
        Span<byte> digits = stackalloc byte[12];
        var at = digits.Length;
        do
        {
            digits[--at] = (byte)('0' + (value & 7));
            value >>= 3;
        }
        while (value > 0);

        text.Add((byte)' ', width - (digits.Length - at));
        text.Add(digits[at..]);
    }

    /// <summary>
    /// The low byte of the wait status, which has signals only; ours is what a shell has in <c>$?</c>.
    /// </summary>
    private int Status(in AcctEntry entry)
    {
        const int shellSignals = 128;
        var status = entry.Status;
        return options.Compat ? (int)(status.Raw & 0xff)
            : status.Signal != 0 ? shellSignals + status.Signal : status.Code;
    }

    /// <summary>A mean, left-justified; <c>-</c> when it is not known.</summary>
    private void AddMean(ReadOnlySpan<byte> name, double? mean, int width)
    {
        text.Add(name);
        Span<byte> number = stackalloc byte[FixedText.LongestBytes];
        var length = 1;
        if (mean is { } value)
        {
            length = FixedText.Write(value, 0, 2, number);
        }
        else
        {
            number[0] = (byte)'-';
        }

        text.AddLeft(number[..length], width);
    }
}
