// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Logins;

/// <summary>The table of prime time as a file, read at the start and again when the configuration is.</summary>
internal sealed class LoginCalendar(LoginOptions options, TimeProvider clock, ILogger log)
{
    /// <summary>A longer file is no table: one line a day of 1,000 bytes is less.</summary>
    private const int LargestBytes = 1 << 20;

    private bool toldMissing;
    private Holidays holidays = Holidays.None;

    /// <summary>Times when the file was asked for and could not be used.</summary>
    public ulong Failures { get; private set; }

    /// <summary>The table is to be renewed; null without one.</summary>
    public bool? IsStale => holidays.IsUsable
        ? holidays.IsStale(DateOnly.FromDateTime(clock.GetLocalNow().DateTime)) : null;

    /// <summary>The year of its first line; 0 without a table.</summary>
    public int Year => holidays.Year;

    /// <summary>Reads the file, and says what is wrong with it.</summary>
    /// <returns>The division of time by it; by a file that cannot be used, everything is non-prime.</returns>
    public PrimeTime Read()
    {
        holidays = Holidays.None;
        try
        {
            if (new FileInfo(options.HolidaysFile).Length > LargestBytes)
            {
                Fail("it is too large for a table of holidays");
                return Time();
            }

            holidays = Holidays.Parse(File.ReadAllBytes(options.HolidaysFile));
            toldMissing = false;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException
            && options.HolidaysFile == LoginOptions.StandardHolidays)
        {
            if (!toldMissing)
            {
                LoginLog.NoHolidays(log, options.HolidaysFile);
                toldMissing = true;
            }

            return Time();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Fail(FileFault.Why(error, options.HolidaysFile));
            return Time();
        }

        foreach (var warning in holidays.Warnings)
        {
            LoginLog.HolidayWarning(log, options.HolidaysFile, warning.Line, warning.What.TrimEnd('.'), warning.Remedy);
        }

        if (!holidays.IsUsable)
        {
            Fail("it says at no line from when to when a day is prime");
        }

        return Time();
    }

    private void Fail(string why)
    {
        Failures++;
        LoginLog.BadHolidays(log, options.HolidaysFile, why);
    }

    private PrimeTime Time() => new(holidays, clock.LocalTimeZone);
}
