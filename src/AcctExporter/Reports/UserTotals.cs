// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using AcctExporter.Records;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>What the processes of each user cost, as total accounting or rows.</summary>
/// <param name="compat">By the classic rules.</param>
internal sealed class UserTotals(bool compat)
{
    private readonly UserTable<UserSums> exact = new();
    private readonly UserTable<ClassicUserSums> classic = new();

    /// <summary>What several processors summed up, exactly.</summary>
    /// <param name="exits">The processes.</param>
    /// <param name="split">Divides their lives.</param>
    /// <param name="workers">How many processors.</param>
    public static UserTotals Shared(DividedExits exits, LifeSplit split, int workers)
    {
        var parts = exits.Share(
            workers, () => (Totals: new UserTotals(compat: false), Split: split.Again()),
            static (part, records) => part.Totals.Add(records, part.Split),
            static (part, in entry, isSystemV) => part.Totals.Add(entry, isSystemV, part.Split));
        foreach (var (totals, _) in parts.Skip(1))
        {
            parts[0].Totals.Add(totals);
        }

        return parts[0].Totals;
    }

    /// <summary>Adds a process to a user's number.</summary>
    public void Add(in AcctEntry entry, bool isSystemV, LifeSplit split)
    {
        if (compat)
        {
            classic.Of(entry.Record.Uid).Add(ClassicCharge.Of(entry, isSystemV, split));
        }
        else
        {
            exact.Of(entry.Record.Uid).Add(ProcessCharge.Of(entry, isSystemV, split));
        }
    }

    /// <summary>
    /// Adds the processes of records that say everything (<see cref="ExitBatch.IsPlain"/>), exactly: faster.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<RawV3> records, LifeSplit split)
    {
        foreach (ref readonly var record in records)
        {
            var cost = new ProcessCost(record);
            exact.Of(record.Uid).Add(cost, split.Parts(record.BeginUnixSeconds, cost.LifeSeconds));
        }
    }

    /// <summary>Adds all exact sums of others, who were known by number only.</summary>
    public void Add(UserTotals other)
    {
        foreach (var (uid, _, sums) in other.exact.Sorted())
        {
            exact.Of(uid).Add(sums);
        }
    }

    /// <summary>Adds a process to a user's number and name.</summary>
    public void Add(uint uid, ReadOnlySpan<byte> name, in ProcessCharge charge)
    {
        if (compat)
        {
            classic.Of(uid, name).Add(PtmpText.Classic(charge));
        }
        else
        {
            exact.Of(uid, name).Add(charge);
        }
    }

    /// <summary>Writes them, by number, then by name.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="format">Total accounting, or rows.</param>
    /// <param name="names">Names of numbers; null when they are in the table.</param>
    public void Write(Stream output, ReportFormat format, UserNames? names)
    {
        var text = new ReportText(output);
        if (format != ReportFormat.Text)
        {
            WriteRows(text, format, names);
            return;
        }

        var lines = new TacctText(text, TacctForm.Lines(compat));
        foreach (var (uid, name, sums) in exact.Sorted())
        {
            lines.Add(uid, names?.Of(uid) ?? name, sums.ToTacct());
        }

        foreach (var (uid, name, sums) in classic.Sorted())
        {
            lines.Add(uid, names?.Of(uid) ?? name, Total(sums));
        }

        text.Flush();
    }

    private static ClassicTacct Total(in ClassicUserSums sums)
    {
        var figures = default(ClassicTacct);
        figures[TacctField.PrimeCpu] = sums.PrimeCpuMinutes;
        figures[TacctField.NonPrimeCpu] = sums.NonPrimeCpuMinutes;
        figures[TacctField.PrimeKcore] = sums.PrimeKcoreMinutes;
        figures[TacctField.NonPrimeKcore] = sums.NonPrimeKcoreMinutes;
        figures[TacctField.Processes] = sums.Processes;
        return figures;
    }

    private void WriteRows(ReportText text, ReportFormat format, UserNames? names)
    {
        var rows = new ReportRows(
            text, format, "uid", "user", "processes", "prime_cpu_seconds", "nonprime_cpu_seconds",
            "prime_memory_byte_seconds", "nonprime_memory_byte_seconds", "processes_with_io", "transferred_bytes",
            "storage_bytes");
        foreach (var (uid, name, sums) in exact.Sorted())
        {
            rows.Row();
            rows.Add(uid);
            AddName(rows, names?.Of(uid) ?? name);
            rows.Add(Long(sums.Processes));
            rows.Add((double)sums.Prime.CpuMicroseconds / ProcessCost.Second);
            rows.Add((double)sums.NonPrime.CpuMicroseconds / ProcessCost.Second);
            rows.Add(CommandRows.ByteSeconds(sums.Prime.KibMicroseconds));
            rows.Add(CommandRows.ByteSeconds(sums.NonPrime.KibMicroseconds));
            rows.Add(Long(sums.WithIo));
            AddBytes(rows, sums.WithIo > 0, sums.Characters);
            AddBytes(rows, sums.WithIo > 0, sums.StorageBytes);
        }

        rows.End();
    }

    /// <summary>A name, or nothing for somebody without one.</summary>
    public static void AddName(ReportRows rows, ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual(UserNames.Unknown))
        {
            rows.AddNothing();
        }
        else
        {
            rows.Add(name);
        }
    }

    /// <summary>Bytes, or nothing when they are not known.</summary>
    public static void AddBytes(ReportRows rows, bool isKnown, ulong bytes)
    {
        if (isKnown)
        {
            rows.Add(Long(bytes));
        }
        else
        {
            rows.AddNothing();
        }
    }

    private static long Long(ulong number) => (long)Math.Min(number, long.MaxValue);
}
