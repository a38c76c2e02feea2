// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>The tables of the daily report as rows: what CSV can have of it.</summary>
internal static class DailyRows
{
    /// <summary>Users.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public static void Write(Stream output, ReportFormat format, UserTable<TacctSums> users)
    {
        var rows = new TacctRows(new(output), format);
        foreach (var (uid, name, sums) in users.Sorted())
        {
            rows.Add(uid, name, sums);
        }

        rows.End();
    }
}
