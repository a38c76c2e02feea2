// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// What <c>ac</c> prints: totals of days and users, and between them what it has to complain of, as it comes.
/// </summary>
internal sealed class AcPage
{
    /// <summary>Seconds of a hundredth of an hour, which is the last digit printed.</summary>
    private const int HundredthSeconds = 36;

    /// <summary>A day is named by an instant so long before its end.</summary>
    private const int SecondsBeforeMidnight = 10;

    private static readonly string[] Days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    private static readonly string[] Months =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    private readonly AcOptions options;
    private readonly ReportText text;
    private readonly ReportRows? rows;
    private readonly ZoneOffsets offsets;
    private long label;
    private bool isToday;
    private long total;

    /// <summary>Begins the output.</summary>
    public AcPage(AcOptions options, ReportIo io, ZoneOffsets offsets)
    {
        this.options = options;
        this.offsets = offsets;
        text = new ReportText(io.Output);
        if (options.Format != ReportFormat.Text)
        {
            var names = new List<string>();
            if (options.Daily)
            {
                names.Add("day");
            }

            if (options.Individual)
            {
                names.Add("user");
            }

            rows = new ReportRows(text, options.Format, [.. names, "connect_seconds"]);
        }
    }

    /// <summary>Begins the totals of a day, or of everything.</summary>
    /// <param name="midnight">The end of the day.</param>
    /// <param name="today">The day is not over.</param>
    public void Begin(long midnight, bool today)
    {
        (label, isToday, total) = (midnight - SecondsBeforeMidnight, today, 0);
    }

    /// <summary>One of the users of the day.</summary>
    public void User(ReadOnlySpan<byte> name, long seconds)
    {
        total += seconds;
        if (!options.Individual || (seconds == 0 && !options.PrintZeros))
        {
            return;
        }

        if (rows is not null)
        {
            AddRow(name, seconds);
            return;
        }

        text.Add(options.PrintYear ? "\t\t"u8 : "\t"u8);
        text.AddLeft(name, NameTable.Width);
        text.Add((byte)' ');
        AddHours(seconds, 8);
        text.Add((byte)'\n');
    }

    /// <summary>The total of the users since the beginning.</summary>
    public void Total()
    {
        if (options.Daily && total == 0 && !options.PrintZeros)
        {
            return;
        }

        if (rows is not null)
        {
            if (!options.Individual)
            {
                AddRow(default, total);
            }

            return;
        }

        if (options.Daily)
        {
            AddDay();
            text.Add((byte)'\t');
        }
        else
        {
            text.Add(options.PrintYear ? "\t\t"u8 : "\t"u8);
        }

        text.Add("total "u8);
        AddHours(total, 11);
        text.Add((byte)'\n');
    }

    /// <summary>A stretch of time that is counted (<c>--debug</c>).</summary>
    public void Counted(ReadOnlySpan<byte> user, long seconds, ReadOnlySpan<byte> why)
    {
        text.Add((byte)'\t', 5);
        AddHours(seconds, NameTable.Width);
        text.Add((byte)' ');
        text.AddLeft(user, NameTable.Width);
        text.Add(" ("u8);
        text.Add(why);
        text.Add(")\n"u8);
    }

    /// <summary>Begins a complaint: the file, and the number of its record.</summary>
    public ReportText Problem(ReadOnlySpan<byte> file, long record)
    {
        text.Add(file);
        text.Add((byte)':');
        text.Add(record);
        text.Add(": problem: "u8);
        return text;
    }

    /// <summary>An instant as ctime(3) has it: <c>Thu Jan  1 00:00:00 1970</c>.</summary>
    public void AddTime(long seconds)
    {
        var time = Local(seconds);
        text.Add(Encoding.ASCII.GetBytes($"{Days[(int)time.DayOfWeek]} {Months[time.Month - 1]}"));
        text.Add(time.Day, 3);
        text.Add(Encoding.ASCII.GetBytes($" {time:HH':'mm':'ss} {time.Year}"));
    }

    /// <summary>Ends the output.</summary>
    public void End()
    {
        rows?.End();
        text.Flush();
    }

    /// <summary>
    /// Hundredths of an hour as <c>%.2f</c> rounds them of the nearest double: where that lies on neither side of the
    /// middle between two, to the even one.
    /// </summary>
    internal static long HundredthsOfHours(long seconds)
    {
        var (whole, rest) = Math.DivRem(seconds, HundredthSeconds);
        if (rest * 2 != HundredthSeconds)
        {
            return rest * 2 > HundredthSeconds ? whole + 1 : whole;
        }

        // One rounding for both operations: the sign is that of the true difference.
        var above = Math.FusedMultiplyAdd(seconds / 3600.0, 200, -((2 * whole) + 1));
        return above > 0 || (above == 0 && whole % 2 != 0) ? whole + 1 : whole;
    }

    private void AddHours(long seconds, int width)
    {
        var (hours, hundredths) = Math.DivRem(HundredthsOfHours(seconds), 100);
        text.Add(hours, width - 3);
        text.Add((byte)'.');
        text.Add((byte)('0' + (hundredths / 10)));
        text.Add((byte)('0' + (hundredths % 10)));
    }

    private void AddDay()
    {
        if (isToday)
        {
            text.Add(options.PrintYear ? "Today\t"u8 : "Today"u8);
            return;
        }

        var day = Local(label);
        text.Add(Encoding.ASCII.GetBytes(Months[day.Month - 1]));
        text.Add(day.Day, 3);
        if (options.PrintYear)
        {
            text.Add(day.Year, 5);
        }
    }

    private void AddRow(ReadOnlySpan<byte> name, long seconds)
    {
        rows!.Row();
        if (options.Daily)
        {
            rows.Add(Local(label).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }

        if (options.Individual)
        {
            rows.Add(name);
        }

        rows.Add(seconds);
    }

    private DateTime Local(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds + offsets.SecondsAt(seconds)).DateTime;
}
