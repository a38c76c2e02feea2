// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>What users have on disks, written as lines or rows, by number.</summary>
internal static class DiskReport
{
    /// <summary>Writes it; owners without a name are not there.</summary>
    /// <returns>How many these are.</returns>
    public static int Write(Stream output, ReportFormat format, DiskUsage usage, DiskOwners owners)
    {
        var charges = usage.ByUser();
        var named = charges.Where(user => owners.NameOf(user.Uid) != null).ToList();
        Write(output, format, named.Select(user => (user, owners.NameOf(user.Uid)!)));
        return charges.Count - named.Count;
    }

    /// <summary>Writes what is known by number and name.</summary>
    public static void Write(
        Stream output, ReportFormat format, IEnumerable<(DiskCharge Charge, byte[] Name)> users)
    {
        var text = new ReportText(output);
        if (format == ReportFormat.Text)
        {
            foreach (var (charge, name) in users)
            {
                DiskLines.Write(text, charge.Uid, name, charge.MilliBlocks);
            }

            text.Flush();
            return;
        }

        var rows = new ReportRows(text, format, "uid", "user", "disk_bytes");
        foreach (var (charge, name) in users)
        {
            rows.Row();
            rows.Add(charge.Uid);
            rows.Add(name);
            rows.Add(charge.Bytes);
        }

        rows.End();
    }
}
