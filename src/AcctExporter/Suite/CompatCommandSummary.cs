// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using AcctExporter.Records;

namespace AcctExporter.Suite;

/// <summary>
/// What the processes of each command cost, as the classic acctcms adds it up: names of eight letters, minutes in
/// floats of 32 bits, so that sums depend on their order, and a command without a name is lost.
/// </summary>
/// <param name="split">Divides lives; null to keep all time together (<c>-t</c>).</param>
internal sealed class CompatCommandSummary(LifeSplit? split) : ICommandSummary
{
    private CommandNumbers names = new();
    private ClassicCms[] rows = new ClassicCms[64];

    /// <summary>Prime and non-prime time are together.</summary>
    public bool IsTotal => split is null;

    /// <summary>One of its records.</summary>
    public ref readonly ClassicCms this[int row] => ref rows[row];

    /// <inheritdoc/>
    public void Add(in AcctEntry entry, bool isSystemV)
    {
        var name = Classic(entry.Command);
        var cpu = CompatTicks.Of(entry.SystemTicks, entry) + CompatTicks.Of(entry.UserTicks, entry);
        var elapsed = CompatTicks.Elapsed(entry);
        var memory = CompT.Decode(entry.Record.MemoryKib);
        var kcore = (isSystemV ? (double)ProcessCost.PageKib * memory : (double)memory * cpu) / CompatTicks.PerMinute;
        var (cpuMinutes, realMinutes) = (cpu / CompatTicks.PerMinute, elapsed / CompatTicks.PerMinute);
        var (io, blocks) = ((ulong)entry.Characters, (ulong)entry.Blocks);
        if (split is null)
        {
            Add(new()
            {
                Name = name,
                PrimeCount = 1,
                PrimeCpu = (float)cpuMinutes,
                PrimeReal = (float)realMinutes,
                PrimeKcore = (float)kcore,
                TotalIo = io,
                TotalBlocks = blocks,
            });
            return;
        }

        var seconds = CompatTicks.LifeSeconds(entry);
        var parts = split.Parts(entry.Record.BeginUnixSeconds, seconds);
        var ratio = (double)parts.PrimeSeconds / seconds;
        var isPrime = parts.PrimeSeconds > parts.NonPrimeSeconds;
        var cms = new ClassicCms { Name = name, PrimeCount = isPrime ? 1 : 0, NonPrimeCount = isPrime ? 0 : 1 };
        (cms.PrimeCpu, cms.NonPrimeCpu) = Divided(cpuMinutes, ratio);
        (cms.PrimeReal, cms.NonPrimeReal) = Divided(realMinutes, ratio);
        (cms.PrimeKcore, cms.NonPrimeKcore) = Divided(kcore, ratio);
        (cms.PrimeIo, cms.NonPrimeIo) = Divided(io, ratio);
        (cms.PrimeBlocks, cms.NonPrimeBlocks) = Divided(blocks, ratio);
        Add(cms);
    }

    /// <inheritdoc/>
    public void Add(CommandName name, in CommandSums sums) =>
        Add(ClassicCms.Of(sums, split is null) with { Name = Classic(name) });

    /// <inheritdoc/>
    public bool TryAdd(in ClassicCms cms, bool isTotal)
    {
        Add((isTotal == (split is null) ? cms : cms.As(split is null)) with { Name = Classic(cms.Name) });
        return true;
    }

    /// <inheritdoc/>
    public void PutSinglesTogether()
    {
        var (oldNames, old) = (names, rows);
        (names, rows) = (new(), new ClassicCms[64]);
        // It is there also when nothing is in it.
        Add(new ClassicCms { Name = ClassicCms.Other });
        for (var row = 0; row < oldNames.Count; row++)
        {
            var isSingle = unchecked(old[row].PrimeCount + old[row].NonPrimeCount) <= 1;
            Add(isSingle ? old[row] with { Name = ClassicCms.Other } : old[row]);
        }
    }

    /// <inheritdoc/>
    public CommandFigures[] Figures(CommandView view) =>
        [.. Enumerable.Range(0, names.Count).Select(row => Figures(row, rows[row], view))];

    /// <inheritdoc/>
    public CommandFigures Total(CommandView view, IReadOnlyList<CommandFigures> order)
    {
        var total = default(ClassicCms);
        foreach (var row in order)
        {
            total.Add(rows[row.Row]);
        }

        return Figures(-1, total, view);
    }

    /// <summary>Eight letters, and a question mark for each that the classic command takes for a control.</summary>
    private static CommandName Classic(CommandName name)
    {
        Span<byte> bytes = stackalloc byte[CommandName.Size];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, name.Low);
        bytes = bytes[..CmsLayout.NameBytes];
        for (var i = 0; i < bytes.Length; i++)
        {
            // Letters have a sign there: half of all bytes are below the blank.
            bytes[i] = bytes[i] != 0 && (sbyte)bytes[i] < ' ' ? (byte)'?' : bytes[i];
        }

        return CommandName.From(bytes);
    }

    private static (float Prime, float NonPrime) Divided(double value, double ratio)
    {
        var prime = (float)(value * ratio);
        return (prime, ratio == 1 ? 0 : (float)(value - prime));
    }

    private void Add(in ClassicCms cms)
    {
        if ((byte)cms.Name.Low == 0)
        {
            return;
        }

        var number = names.FindOrAdd(cms.Name);
        if (number >= rows.Length)
        {
            Array.Resize(ref rows, 2 * rows.Length);
        }

        rows[number].Name = cms.Name;
        rows[number].Add(cms);
    }

    /// <summary>All in the precision of the fields; what is 0 counts as 1 in all means that follow.</summary>
    private CommandFigures Figures(int number, in ClassicCms row, CommandView view)
    {
        var isBoth = view is CommandView.Total or CommandView.Both;
        float Shown(float prime, float other) => isBoth ? prime + other : view == CommandView.Prime ? prime : other;

        var count = isBoth ? unchecked(row.PrimeCount + row.NonPrimeCount)
            : view == CommandView.Prime ? row.PrimeCount : row.NonPrimeCount;
        var kcore = Shown(row.PrimeKcore, row.NonPrimeKcore);
        var cpu = Shown(row.PrimeCpu, row.NonPrimeCpu);
        var real = Shown(row.PrimeReal, row.NonPrimeReal);
        var divisor = cpu == 0 ? 1 : cpu;
        return new()
        {
            Row = number,
            Name = row.Name,
            Count = count,
            PrimeCount = row.PrimeCount,
            NonPrimeCount = row.NonPrimeCount,
            KcoreMinutes = kcore,
            TotalKcoreMinutes = row.PrimeKcore + row.NonPrimeKcore,
            CpuMinutes = cpu,
            PrimeCpuMinutes = row.PrimeCpu,
            NonPrimeCpuMinutes = row.NonPrimeCpu,
            RealMinutes = real,
            PrimeRealMinutes = row.PrimeReal,
            NonPrimeRealMinutes = row.NonPrimeReal,
            MeanKib = kcore / divisor,
            MeanCpuMinutes = divisor / (count == 0 ? 1 : (float)count),
            HogFactor = divisor / (real == 0 ? 1 : real),
            HasIo = true,
            Characters = split is null ? row.TotalIo : Shown(row.PrimeIo, row.NonPrimeIo),
            Blocks = split is null ? row.TotalBlocks : Shown(row.PrimeBlocks, row.NonPrimeBlocks),
        };
    }
}
