// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>Version and byte order of a record.</summary>
internal readonly record struct RecordKind(byte Version, bool BigEndian = false);

/// <summary>
/// What a generated file really holds for one command of one user: exact, in the units of the records.
/// </summary>
internal sealed record ExitTotals
{
    public long Exits { get; set; }

    /// <summary>Exited by themselves with a code other than 0.</summary>
    public long Failed { get; set; }

    public long Signalled { get; set; }

    public ulong UserTicks { get; set; }

    public ulong SystemTicks { get; set; }

    public ulong ElapsedTicks { get; set; }

    public ulong MemoryKib { get; set; }

    public ulong MinorFaults { get; set; }

    public ulong MajorFaults { get; set; }
}

/// <summary>
/// Makes accounting files that look like those of a busy host, the same for the same seed on every machine, and knows
/// what is in them. Every number is one that its field can hold (rounded here, not by the encoder), so a record that is
/// written and read again is equal, and <see cref="Truth"/> holds what a reader must find.
/// </summary>
/// <remarks>
/// Random numbers: xorshift64* (Vigna 2016: shifts 12, 25, 27, times 0x2545F4914F6CDD1D). Normal: twelve uniform
/// numbers less 6. Powers of two: linear between the whole ones. No call of libm, whose last digits differ between
/// machines. Model: Zipf-like commands (rank 400·u³), log-normal life (median 4.5 ticks, σ 2.2), CPU = life·u³ split 70
/// to 30, uids 50 % 0, 20 % 1000 to 1049, 20 % 33, 5 % 65534, 5 % from 100,000 up; 90 % exit 0, 1.5 % die by a signal.
/// </remarks>
internal sealed class AcctFileGenerator(ulong seed)
{
    private const double NaturalPerBinary = 1.4426950408889634;

    private static readonly string[] Names =
    [
        "sh", "bash", "grep", "sed", "cat", "ls", "awk", "sleep", "date", "true", "python3", "perl", "git", "ps", "cut",
        "sort", "find", "rm", "cp", "mv", "curl", "ssh", "sshd", "cron", "make", "cc1", "ld", "java", "node", "systemd",
    ];

    private static readonly ulong[] Boundaries =
    [
        0, 1, 8191, 8192, 8200, 65528, 65536, 524224, 1UL << 24, (1UL << 24) + 8192, 999936, 10_000_000_000,
        CompT.Largest,
    ];

    private ulong state = seed == 0 ? 0x9e3779b97f4a7c15 : seed;
    private uint pid = 300;
    private double now = 1_700_000_000;

    /// <summary>The kinds of record to choose from.</summary>
    public IReadOnlyList<RecordKind> Kinds { get; init; } = [new(3)];

    /// <summary>Lets one name in eight be any bytes but NUL, newline included.</summary>
    public bool HostileNames { get; init; }

    /// <summary>Lets one number in eight be a limit of its field: the largest, the first inexact one, 0.</summary>
    public bool BoundaryValues { get; init; }

    /// <summary>Totals of all that <see cref="Next"/> has handed out.</summary>
    public Dictionary<(CommandName Command, uint Uid), ExitTotals> Truth { get; } = [];

    /// <summary>One record more, counted in <see cref="Truth"/>.</summary>
    public AcctRecord Next()
    {
        var kind = Kinds[Below(Kinds.Count)];
        var elapsed = LogNormal(1.5, 2.2);
        var cpu = elapsed * Cubed();
        now += Uniform() / 10;
        var record = new AcctRecord
        {
            Version = kind.Version,
            BigEndian = kind.BigEndian,
            TicksPerSecond = AcctRecord.DefaultTicksPerSecond,
            Command = Name(),
            Flags = (AcctFlags)((Percent(25) ? 1 : 0) | (Percent(10) ? 2 : 0)),
            Tty = Percent(20) ? (ushort)(0x8800 + Below(40)) : (ushort)0,
            Uid = Id(kind),
            Gid = Id(kind),
            BeginUnixSeconds = BoundaryValues && Percent(2) ? uint.MaxValue : (uint)(now - (elapsed / 100)),
            ElapsedTicks = RoundElapsed(Number(elapsed), kind.Version),
            UserTicks = Round(Number(cpu * 0.7)),
            SystemTicks = Round(Number(cpu * 0.3)),
            MemoryKib = Round(Number(2000 + LogNormal(8, 1.2))),
            MinorFaults = Round(Number(80 + (5000 * Uniform() * Uniform()))),
            MajorFaults = Round(Percent(2) ? Number(20 * Uniform()) : 0),
        };
        EndOf(ref record);
        if (kind.Version == 3)
        {
            pid = pid >= 4_194_300 ? 300 : pid + 1 + (uint)Below(3);
            record.Pid = pid;
            record.Ppid = Percent(30) ? 1 : pid - (uint)Below(200);
        }

        Count(record);
        return record;
    }

    /// <summary>The bytes of a file of so many records.</summary>
    public byte[] File(int records)
    {
        var file = new byte[records * AcctRecord.Size];
        var length = 0;
        for (var i = 0; i < records; i++)
        {
            length += AcctEncoder.Write(Next(), file.AsSpan(length));
        }

        return file[..length];
    }

    /// <summary>A number from 0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)(Bits() % (ulong)limit);

    /// <summary>64 random bits.</summary>
    public ulong Bits()
    {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return state * 0x2545F4914F6CDD1D;
    }

    /// <summary>The nearest number that a comp_t holds: at most 13 bits, then zeros in threes.</summary>
    private static ulong Round(ulong value)
    {
        var step = 1UL;
        while (value / step > 0x1fff)
        {
            step *= 8;
        }

        return Math.Min((value + (step / 2)) / step * step, CompT.Largest);
    }

    /// <summary>
    /// v0 has a comp_t, v1 and v2 a 20-bit fraction (and a comp_t that must agree), v3 a 24-bit fraction.
    /// </summary>
    private static ulong RoundElapsed(ulong ticks, byte version)
    {
        if (version == 0)
        {
            return Round(ticks);
        }

        var limit = version == 3 ? 1UL << 24 : 1UL << 20;
        var step = 1UL;
        while (ticks / step >= limit)
        {
            step *= 2;
        }

        return ticks / step * step;
    }

    private void EndOf(ref AcctRecord record)
    {
        var kind = Uniform();
        record.ExitCode = kind switch
        {
            < 0.90 => 0,
            < 0.97 => (uint)(1 + Below(3)) << 8,
            < 0.985 => 127 << 8,
            < 0.995 => 9,
            _ => 11 | 0x80,
        };
        record.Flags |= (record.ExitCode & 0x7f) != 0 ? AcctFlags.KilledBySignal : AcctFlags.None;
        record.Flags |= (record.ExitCode & 0x80) != 0 ? AcctFlags.DumpedCore : AcctFlags.None;
    }

    private void Count(in AcctRecord record)
    {
        if (!Truth.TryGetValue((record.Command, record.Uid), out var totals))
        {
            Truth.Add((record.Command, record.Uid), totals = new());
        }

        totals.Exits++;
        totals.Signalled += (record.ExitCode & 0x7f) != 0 ? 1 : 0;
        totals.Failed += (record.ExitCode & 0x7f) == 0 && record.ExitCode != 0 ? 1 : 0;
        totals.UserTicks += record.UserTicks;
        totals.SystemTicks += record.SystemTicks;
        totals.ElapsedTicks += record.ElapsedTicks;
        totals.MemoryKib += record.MemoryKib;
        totals.MinorFaults += record.MinorFaults;
        totals.MajorFaults += record.MajorFaults;
    }

    private CommandName Name()
    {
        if (!HostileNames || !Percent(12))
        {
            var rank = (int)(400 * Cubed());
            return CommandName.From(Encoding.ASCII.GetBytes(rank < Names.Length ? Names[rank] : $"tool-{rank:d3}"));
        }

        Span<byte> name = stackalloc byte[1 + Below(15)];
        foreach (ref var character in name)
        {
            character = (byte)(1 + Below(255));
        }

        return CommandName.From(name);
    }

    private uint Id(RecordKind kind) => Below(100) switch
    {
        < 50 => 0,
        < 70 => 1000 + (uint)Below(50),
        < 90 => 33,
        < 95 => 65534,
        // v0 has 16 bits for ids.
        _ when kind.Version == 0 => 60_000 + (uint)Below(5_000),
        _ when BoundaryValues => uint.MaxValue - 1 - (uint)Below(2),
        _ => 100_000 + (uint)Below(1_000_000),
    };

    private ulong Number(double usual) =>
        BoundaryValues && Percent(12) ? Boundaries[Below(Boundaries.Length)] : (ulong)usual;

    private bool Percent(int chance) => Below(100) < chance;

    private double Uniform() => (Bits() >> 11) * (1.0 / (1UL << 53));

    private double Cubed()
    {
        var u = Uniform();
        return u * u * u;
    }

    private double LogNormal(double mu, double sigma)
    {
        var normal = -6.0;
        for (var i = 0; i < 12; i++)
        {
            normal += Uniform();
        }

        var power = (mu + (sigma * normal)) * NaturalPerBinary;
        var whole = Math.Floor(power);
        return Math.ScaleB(1 + (power - whole), (int)whole);
    }
}
