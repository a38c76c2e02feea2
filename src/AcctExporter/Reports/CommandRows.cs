// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>A summary of commands as rows: seconds, byte seconds and bytes of prime and of non-prime time.</summary>
internal static class CommandRows
{
    private const double MicrosecondsPerSecond = 1e6;
    private const double BytesPerKib = 1024;

    /// <summary>Writes them.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="format">CSV or JSON.</param>
    /// <param name="summary">The summary.</param>
    /// <param name="order">Its commands in the order of their rows.</param>
    public static void Write(
        Stream output, ReportFormat format, CommandSummary summary, IEnumerable<CommandFigures> order)
    {
        var rows = new ReportRows(
            new(output), format, "command", "prime_processes", "nonprime_processes", "prime_cpu_seconds",
            "nonprime_cpu_seconds", "prime_elapsed_seconds", "nonprime_elapsed_seconds", "prime_memory_byte_seconds",
            "nonprime_memory_byte_seconds", "processes_with_io", "prime_transferred_bytes",
            "nonprime_transferred_bytes", "prime_storage_bytes", "nonprime_storage_bytes");
        Span<byte> name = stackalloc byte[CommandName.Size];
        foreach (var figures in order)
        {
            ref readonly var sums = ref summary.Sums(figures.Row);
            rows.Row();
            rows.Add(name[..figures.Name.CopyTo(name)]);
            rows.Add(figures.PrimeCount);
            rows.Add(figures.NonPrimeCount);
            rows.Add(sums.Prime.CpuMicroseconds / MicrosecondsPerSecond);
            rows.Add(sums.NonPrime.CpuMicroseconds / MicrosecondsPerSecond);
            rows.Add(sums.Prime.ElapsedMicroseconds / MicrosecondsPerSecond);
            rows.Add(sums.NonPrime.ElapsedMicroseconds / MicrosecondsPerSecond);
            rows.Add(ByteSeconds(sums.Prime.KibMicroseconds));
            rows.Add(ByteSeconds(sums.NonPrime.KibMicroseconds));
            rows.Add(Long(sums.WithIo));
            Bytes(rows, sums, sums.Prime.Characters);
            Bytes(rows, sums, sums.NonPrime.Characters);
            Bytes(rows, sums, sums.Prime.StorageBytes);
            Bytes(rows, sums, sums.NonPrime.StorageBytes);
        }

        rows.End();
    }

    /// <summary>Memory in use while the CPU was, of KiB times microseconds.</summary>
    public static double ByteSeconds(UInt128 kibMicroseconds) =>
        (double)kibMicroseconds * BytesPerKib / MicrosecondsPerSecond;

    private static void Bytes(ReportRows rows, in CommandSums sums, ulong bytes)
    {
        if (sums.WithIo == 0)
        {
            rows.AddNothing();
        }
        else
        {
            rows.Add(Long(bytes));
        }
    }

    private static long Long(ulong number) => (long)Math.Min(number, long.MaxValue);
}
