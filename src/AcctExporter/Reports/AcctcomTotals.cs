// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>Sums over the exits that <c>acctcom</c> shows, for its averages; times in seconds.</summary>
internal sealed class AcctcomTotals
{
    private double characters;
    private double blocks;
    private long withIo;

    /// <summary>Exits.</summary>
    public long Count { get; private set; }

    /// <summary>Time from start to end.</summary>
    public double Elapsed { get; private set; }

    /// <summary>CPU time in user mode.</summary>
    public double User { get; private set; }

    /// <summary>CPU time in the kernel.</summary>
    public double System { get; private set; }

    /// <summary>Both.</summary>
    public double Cpu => User + System;

    /// <summary>CPU time as a part of the time from start to end, of the sums.</summary>
    public double HogFactor => Elapsed > 0 ? Cpu / Elapsed : 0;

    /// <summary>Adds an exit.</summary>
    public void Add(in AcctcomFigures figures)
    {
        Count++;
        Elapsed += figures.ElapsedSeconds;
        User += figures.UserSeconds;
        System += figures.SystemSeconds;
        if (figures.HasIo)
        {
            withIo++;
            characters += figures.Characters;
            blocks += figures.Blocks;
        }
    }

    /// <summary>User time as a part of all CPU time, of the sums; without any 0 (the classic: no number).</summary>
    public double CpuFactor(bool compat) => Cpu > 0 || compat ? User / Cpu : 0;

    /// <summary>Of the exits whose I/O is known; null when there is none. The classic takes the others for 0.</summary>
    public double? MeanCharacters(bool compat) => Mean(characters, compat);

    /// <inheritdoc cref="MeanCharacters"/>
    public double? MeanBlocks(bool compat) => Mean(blocks, compat);

    private double? Mean(double sum, bool compat) => compat ? sum / Count : withIo > 0 ? sum / withIo : null;
}
