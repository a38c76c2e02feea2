// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>What <c>acctcom</c> says of one exit, in the order of the classic arithmetic.</summary>
internal readonly struct AcctcomFigures
{
    /// <summary>Of System V records: the integral counts pages, of 4096 bytes.</summary>
    private const int PageKib = 4;

    private const double SecondsPerMinute = 60;

    /// <summary>Works them out.</summary>
    /// <param name="entry">The exit.</param>
    /// <param name="isSystemV">Its memory is pages summed over CPU ticks, and its I/O was measured.</param>
    /// <param name="compat">At least one tick of CPU time and of elapsed time, as the classic command.</param>
    public AcctcomFigures(in AcctEntry entry, bool isSystemV, bool compat)
    {
        double rate = entry.TicksPerSecond;
        var user = entry.UserTicks;
        var system = entry.SystemTicks;
        var cpu = user + system;
        var elapsed = entry.ElapsedTicks;
        if (compat)
        {
            cpu = cpu == 0 ? 1 : cpu;
            elapsed = elapsed == 0 ? 1 : elapsed;
        }

        UserSeconds = user / rate;
        SystemSeconds = system / rate;
        CpuSeconds = cpu / rate;
        ElapsedSeconds = elapsed / rate;
        CpuFactor = cpu > 0 ? user / cpu : 0;
        HogFactor = elapsed > 0 ? cpu / elapsed : 0;
        var memory = entry.Memory;
        MeanKib = !isSystemV ? memory : cpu > 0 ? PageKib * Math.Floor(memory / cpu) : 0;
        KcoreMinutes = isSystemV ? PageKib * memory / (SecondsPerMinute * rate)
            : memory * (user + system) / (SecondsPerMinute * rate);
        HasIo = isSystemV || entry.HasIo;
        Characters = entry.Characters;
        Blocks = entry.Blocks;
    }

    /// <summary>CPU time in user mode.</summary>
    public double UserSeconds { get; }

    /// <summary>CPU time in the kernel.</summary>
    public double SystemSeconds { get; }

    /// <summary>Both together.</summary>
    public double CpuSeconds { get; }

    /// <summary>From start to end.</summary>
    public double ElapsedSeconds { get; }

    /// <summary>User time as a part of all CPU time; 0 without any.</summary>
    public double CpuFactor { get; }

    /// <summary>CPU time as a part of the time from start to end; 0 for a process that took no time.</summary>
    public double HogFactor { get; }

    /// <summary>Linux: the address space at exit. System V: resident memory, the mean over CPU ticks.</summary>
    public double MeanKib { get; }

    /// <summary>KiB of memory times minutes of CPU time.</summary>
    public double KcoreMinutes { get; }

    /// <summary>True when <see cref="Characters"/> and <see cref="Blocks"/> are known.</summary>
    public bool HasIo { get; }

    /// <summary>Bytes that system calls read and wrote.</summary>
    public double Characters { get; }

    /// <summary>Blocks of 512 bytes that storage read and must write.</summary>
    public double Blocks { get; }
}
