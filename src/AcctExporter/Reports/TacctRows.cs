// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>Total accounting as rows: seconds, bytes and counts, nothing rounded.</summary>
/// <param name="text">Where they go.</param>
/// <param name="format">JSON or CSV.</param>
internal sealed class TacctRows(ReportText text, ReportFormat format)
{
    private const double Second = 1e6;
    private const double Kib = 1024;

    private readonly ReportRows rows = new(
        text, format, "uid", "user", "prime_cpu_seconds", "nonprime_cpu_seconds", "prime_memory_byte_seconds",
        "nonprime_memory_byte_seconds", "prime_transferred_bytes", "nonprime_transferred_bytes",
        "prime_storage_bytes", "nonprime_storage_bytes", "prime_connect_seconds", "nonprime_connect_seconds",
        "disk_sum_bytes", "disk_samples", "disk_mean_bytes", "printed_pages", "fee_units", "processes", "sessions");

    /// <summary>A record.</summary>
    public void Add(uint uid, ReadOnlySpan<byte> name, in TacctSums sums)
    {
        rows.Row();
        rows.Add(uid);
        UserTotals.AddName(rows, name);
        rows.Add(sums.Prime.CpuMicroseconds / Second);
        rows.Add(sums.NonPrime.CpuMicroseconds / Second);
        rows.Add((double)sums.Prime.KibMicroseconds * Kib / Second);
        rows.Add((double)sums.NonPrime.KibMicroseconds * Kib / Second);
        rows.Add(sums.Prime.CharacterBytes);
        rows.Add(sums.NonPrime.CharacterBytes);
        rows.Add(sums.Prime.StorageBytes);
        rows.Add(sums.NonPrime.StorageBytes);
        rows.Add(sums.Prime.ConnectMicroseconds / Second);
        rows.Add(sums.NonPrime.ConnectMicroseconds / Second);
        rows.Add(sums.DiskBytes);
        rows.Add(sums.DiskSamples);
        if (sums.DiskSamples > 0)
        {
            rows.Add((double)sums.DiskBytes / sums.DiskSamples);
        }
        else
        {
            rows.AddNothing();
        }

        rows.Add(sums.PrintedPages);
        rows.Add(sums.FeeMilliunits / (double)TacctSums.FeeParts);
        rows.Add(sums.Processes);
        rows.Add(sums.Sessions);
    }

    /// <summary>Ends the output.</summary>
    public void End() => rows.End();
}
