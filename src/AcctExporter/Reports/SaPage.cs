// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>The figures of a row, as GNU sa prints them.</summary>
/// <param name="options">Which.</param>
/// <param name="totals">What percentages are of.</param>
/// <param name="text">Where they go.</param>
internal sealed class SaPage(SaOptions options, SaSums totals, ReportText text)
{
    /// <summary>The figures, without a line's end.</summary>
    public void Add(in SaSums row)
    {
        double calls = row.Calls;
        // Minutes in all, or seconds a call.
        var unit = options.PerCall ? calls : 60.0;
        text.Add((long)row.Calls, 8);
        text.Add((byte)' ');
        if (options.Percentages)
        {
            AddPercentage(calls, totals.Calls);
            text.Add((byte)' ');
        }

        Add(row.Elapsed / unit, 10, 2, "re "u8);
        if (options.Percentages)
        {
            AddPercentage(row.Elapsed, totals.Elapsed);
            text.Add((byte)' ');
        }

        AddCpu(row, unit);
        if (options.Ratio)
        {
            if (row.Cpu == 0)
            {
                text.Add("*ignore*"u8);
            }
            else
            {
                Add(row.Elapsed / row.Cpu, 8, 1, []);
            }

            text.Add("re/cp"u8);
        }

        if (options.Paging != SaPaging.None)
        {
            AddFaults(row, calls);
            return;
        }

        if (options.TotalIo)
        {
            Add(row.Io, 10, 0, "tio "u8);
        }
        else
        {
            Add(row.Io / calls, 10, 0, "avio "u8);
        }

        if (options.CpuStorage)
        {
            Add(row.Cpu != 0 ? row.Memory * row.Cpu / calls : row.Memory, 9, 0, "k*sec"u8);
        }
        else
        {
            Add(row.Memory / calls, 9, 0, "k"u8);
        }
    }

    /// <summary>A name that anybody may have chosen, in a column or not.</summary>
    public void AddName(Span<byte> name, int width)
    {
        if (!options.PrintControls)
        {
            SafeText.MakeSafe(name);
        }

        text.AddLeft(name, width, width > 0 ? width : name.Length);
    }

    private void AddCpu(in SaSums row, double unit)
    {
        if (options.SeparateTimes)
        {
            Add(row.User / unit, 10, 2, "u "u8);
            if (options.Percentages)
            {
                AddPercentage(row.User, totals.User);
                text.Add((byte)' ');
            }

            Add(row.System / unit, 10, 2, "s"u8);
            if (options.Percentages)
            {
                text.Add((byte)' ');
                AddPercentage(row.System, totals.System);
            }

            return;
        }

        Add(row.Cpu / unit, 10, 2, "cp"u8);
        if (options.Percentages)
        {
            text.Add((byte)' ');
            AddPercentage(row.Cpu, totals.Cpu);
        }
    }

    private void AddFaults(in SaSums row, double calls)
    {
        if (options.Paging == SaPaging.Totals)
        {
            Add(row.MinorFaults, 10, 0, "min "u8);
            Add(row.MajorFaults, 10, 0, "maj "u8);
            Add(row.Swaps, 10, 0, "swp "u8);
            return;
        }

        Add(row.MinorFaults / calls, 5, 0, "min/c "u8);
        Add(row.MajorFaults / calls, 5, 0, "maj/c "u8);
        Add(row.Swaps / calls, 5, 0, "swp/c "u8);
    }

    private void AddPercentage(double part, double whole) =>
        Add(whole != 0 ? part / whole * 100.0 : 0.0, 7, 2, "%"u8);

    private void Add(double value, int width, int decimals, ReadOnlySpan<byte> unit)
    {
        text.Advance(FixedText.Write(value, width, decimals, text.Room(FixedText.LongestBytes + 64)));
        text.Add(unit);
    }
}
