// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>
/// Commands and users that used more than is usual (<c>prdaily -c</c>, <c>-l</c>). What is judged are the figures as
/// they are printed: a command with 20.00 CPU minutes is no exception, one with 20.01 is.
/// </summary>
internal static class DailyExceptions
{
    /// <summary>CPU minutes that are not exceptional yet, of a command and of a user in one kind of time.</summary>
    public const int CpuMinutes = 20;

    /// <summary>Kcore-minutes of a command, likewise.</summary>
    public const int CommandKcoreMinutes = 1000;

    /// <summary>Kcore-minutes of a user in one kind of time, likewise.</summary>
    public const int UserKcoreMinutes = 500;

    /// <summary>Minutes that a user is logged in, in one kind of time, likewise.</summary>
    public const int ConnectMinutes = 120;

    /// <summary>The exceptional commands, the most kcore-minutes first.</summary>
    public static CommandFigures[] Of(CommandSummary summary) => [.. CommandPage.Rows(summary).Where(row =>
        Printed(row.CpuMinutes, "F2") > CpuMinutes || Printed(row.KcoreMinutes, "F2") > CommandKcoreMinutes)];

    /// <summary>The exceptional users.</summary>
    public static UserTable<TacctSums> Of(UserTable<TacctSums> users)
    {
        var exceptions = new UserTable<TacctSums>();
        foreach (var (uid, name, sums) in users.Sorted())
        {
            if (IsExceptional(sums.Prime) || IsExceptional(sums.NonPrime))
            {
                exceptions.Of(uid, name).Add(sums);
            }
        }

        return exceptions;
    }

    private static bool IsExceptional(in TacctClass sums) =>
        Printed(sums.CpuMicroseconds / (double)TacctSums.MicrosecondsPerMinute, "F0") > CpuMinutes
        || Printed((double)sums.KibMicroseconds / TacctSums.MicrosecondsPerMinute, "F0") > UserKcoreMinutes
        || Printed(sums.ConnectMicroseconds / (double)TacctSums.MicrosecondsPerMinute, "F0") > ConnectMinutes;

    private static double Printed(double value, string format) => double.Parse(
        value.ToString(format, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
