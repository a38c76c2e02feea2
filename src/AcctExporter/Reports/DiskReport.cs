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
        var charges = usage.ByUser().Select(user => (user.Uid, Name: owners.NameOf(user.Uid), user.Bytes)).ToList();
        Write(output, format, charges.Where(user => user.Name != null).Select(user => (user.Uid, user.Name!, user.Bytes)));
        return charges.Count(user => user.Name == null);
    }

    /// <summary>Writes what is known by number and name.</summary>
    public static void Write(
        Stream output, ReportFormat format, IEnumerable<(uint Uid, byte[] Name, long Bytes)> users)
    {
        var text = new ReportText(output);
        if (format == ReportFormat.Text)
        {
            foreach (var (uid, name, bytes) in users)
            {
                DiskLines.Write(text, uid, name, bytes);
            }

            text.Flush();
            return;
        }

        var rows = new ReportRows(text, format, "uid", "user", "disk_bytes");
        foreach (var (uid, name, bytes) in users)
        {
            rows.Row();
            rows.Add(uid);
            rows.Add(name);
            rows.Add(bytes);
        }

        rows.End();
    }
}
