// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Suite;

/// <summary>A row of a command summary: figures of one view, and the parts in prime and non-prime time.</summary>
internal readonly record struct CommandFigures
{
    private const double MicrosecondsPerMinute = 60e6;

    /// <summary>Whose they are: the row's number in its summary.</summary>
    public int Row { get; init; }

    /// <summary>The name; empty for all together.</summary>
    public CommandName Name { get; init; }

    /// <summary>Processes.</summary>
    public long Count { get; init; }

    /// <summary>Processes in prime time.</summary>
    public long PrimeCount { get; init; }

    /// <summary>Processes in non-prime time.</summary>
    public long NonPrimeCount { get; init; }

    /// <summary>KiB in use times minutes of CPU time.</summary>
    public double KcoreMinutes { get; init; }

    /// <summary>The same of all time, whatever the view is.</summary>
    public double TotalKcoreMinutes { get; init; }

    /// <summary>CPU time.</summary>
    public double CpuMinutes { get; init; }

    /// <summary>CPU time in prime time.</summary>
    public double PrimeCpuMinutes { get; init; }

    /// <summary>CPU time in non-prime time.</summary>
    public double NonPrimeCpuMinutes { get; init; }

    /// <summary>Time from start to end.</summary>
    public double RealMinutes { get; init; }

    /// <summary>Of it prime time.</summary>
    public double PrimeRealMinutes { get; init; }

    /// <summary>Of it non-prime time.</summary>
    public double NonPrimeRealMinutes { get; init; }

    /// <summary>KiB in use while the CPU was.</summary>
    public double MeanKib { get; init; }

    /// <summary>CPU time of a process.</summary>
    public double MeanCpuMinutes { get; init; }

    /// <summary>CPU time by time from start to end: above 1 for several threads.</summary>
    public double HogFactor { get; init; }

    /// <summary>The next two are known.</summary>
    public bool HasIo { get; init; }

    /// <summary>Bytes that system calls read and wrote.</summary>
    public double Characters { get; init; }

    /// <summary>Blocks of 512 bytes that storage read and must write.</summary>
    public double Blocks { get; init; }

    /// <summary>The figures of exact sums; a mean of nothing is 0.</summary>
    public static CommandFigures Of(int row, CommandName name, in CommandSums sums, CommandView view)
    {
        var total = sums.Total;
        var shown = view switch
        {
            CommandView.Prime => sums.Prime,
            CommandView.NonPrime => sums.NonPrime,
            _ => total,
        };
        var cpu = shown.CpuMicroseconds / MicrosecondsPerMinute;
        return new()
        {
            Row = row,
            Name = name,
            Count = Long(shown.Processes),
            PrimeCount = Long(sums.Prime.Processes),
            NonPrimeCount = Long(sums.NonPrime.Processes),
            KcoreMinutes = (double)shown.KibMicroseconds / MicrosecondsPerMinute,
            TotalKcoreMinutes = (double)total.KibMicroseconds / MicrosecondsPerMinute,
            CpuMinutes = cpu,
            PrimeCpuMinutes = sums.Prime.CpuMicroseconds / MicrosecondsPerMinute,
            NonPrimeCpuMinutes = sums.NonPrime.CpuMicroseconds / MicrosecondsPerMinute,
            RealMinutes = shown.ElapsedMicroseconds / MicrosecondsPerMinute,
            PrimeRealMinutes = sums.Prime.ElapsedMicroseconds / MicrosecondsPerMinute,
            NonPrimeRealMinutes = sums.NonPrime.ElapsedMicroseconds / MicrosecondsPerMinute,
            MeanKib = shown.CpuMicroseconds == 0 ? 0 : (double)shown.KibMicroseconds / shown.CpuMicroseconds,
            MeanCpuMinutes = shown.Processes == 0 ? 0 : cpu / shown.Processes,
            HogFactor = shown.ElapsedMicroseconds == 0 ? 0
                : (double)shown.CpuMicroseconds / shown.ElapsedMicroseconds,
            HasIo = sums.WithIo > 0,
            Characters = shown.Characters,
            Blocks = (double)shown.StorageBytes / AcctEntry.BlockBytes,
        };
    }

    /// <summary>Sorts rows from the largest to the smallest, and equal ones by their names.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="key">What is compared.</param>
    public static void Sort(CommandFigures[] rows, Func<CommandFigures, double> key)
    {
        Array.Sort(rows, (left, right) =>
        {
            var order = key(right).CompareTo(key(left));
            return order != 0 ? order : CommandSummary.Compare(left.Name, right.Name);
        });
    }

    private static long Long(ulong count) => (long)Math.Min(count, long.MaxValue);
}
