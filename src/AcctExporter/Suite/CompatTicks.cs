// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Suite;

/// <summary>Times as the classic commands read them: whole ticks of 1/100 s.</summary>
internal static class CompatTicks
{
    /// <summary>Ticks of a minute.</summary>
    public const double PerMinute = 60 * AcctRecord.DefaultTicksPerSecond;

    /// <summary>A time of a process; what is no number is none.</summary>
    /// <param name="ticks">It, in ticks of the process's.</param>
    /// <param name="entry">The process.</param>
    public static ulong Of(double ticks, in AcctEntry entry)
    {
        uint rate = entry.TicksPerSecond;
        return (ulong)(rate is AcctRecord.DefaultTicksPerSecond or 0 || entry.IsTrue ? ticks
            : ticks * AcctRecord.DefaultTicksPerSecond / rate);
    }

    /// <summary>Time from start to end: no more than the field of the classic record holds.</summary>
    public static ulong Elapsed(in AcctEntry entry) => Math.Min(Of(entry.ElapsedTicks, entry), CompT.Largest);

    /// <summary>The same in whole seconds, at least one.</summary>
    public static long LifeSeconds(in AcctEntry entry) =>
        Math.Max(1, (long)(Elapsed(entry) / AcctRecord.DefaultTicksPerSecond));
}
