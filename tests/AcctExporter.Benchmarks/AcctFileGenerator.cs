// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Benchmarks;

/// <summary>
/// Makes large accounting files like those of a busy host, the same for the same seed, and sums up what is in them. A
/// quicker relative of the tests' generator: it writes v3 records only, straight into the buffer of the file.
/// </summary>
/// <remarks>
/// Random numbers: xorshift64* (Vigna 2016). Model: Zipf-like commands (rank n·u³), log-normal life (median 4.5 ticks,
/// σ 2.2), CPU = life·u³ split 70 to 30, 90 % exit 0, 1.5 % die by a signal, 25 % forks without exec.
/// </remarks>
internal sealed class AcctFileGenerator(ulong seed)
{
    private const int BufferRecords = 4096;

    /// <summary>Uids and how many percent of the exits are theirs together: 20 in all.</summary>
    private static readonly (int Percent, uint First, int Count)[] Uids =
        [(50, 0, 1), (20, 1000, 15), (20, 33, 1), (5, 65534, 1), (5, 100_000, 2)];

    private ulong state = seed;
    private CommandName[] names = [];
    private uint[] uids = [];
    private uint pid = 300;
    private double now = 1_700_000_000;

    /// <summary>
    /// Writes a file of so many exits of 400 commands of 20 users: 8,000 pairs, most of the exits in few.
    /// </summary>
    public FileTotals WriteUsual(string path, long records)
    {
        names = [.. Enumerable.Range(0, 400)
            .Select(rank => CommandName.From(Encoding.ASCII.GetBytes($"tool-{rank:d3}")))];
        uids = [];
        return Write(path, records, () => ((int)(names.Length * Cubed()), Uid()));
    }

    /// <summary>
    /// Writes a file of so many exits of <paramref name="keys"/> random names of 8 to 12 bytes, each of one user and
    /// all
    /// equally often: what a hostile or a very busy host makes of the table.
    /// </summary>
    public FileTotals WriteRandomKeys(string path, long records, int keys)
    {
        names = [.. Enumerable.Range(0, keys).Select(_ => RandomName()).Distinct()];
        uids = [.. names.Select(_ => Uid())];
        return Write(path, records, () => Below(names.Length) is var key ? (key, uids[key]) : default);
    }

    private FileTotals Write(string path, long records, Func<(int Name, uint Uid)> choose)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var buffer = new byte[BufferRecords * AcctRecord.Size];
        var totals = default(FileTotals);
        var seen = new HashSet<(int, uint)>();
        for (long written = 0; written < records;)
        {
            var batch = (int)Math.Min(BufferRecords, records - written);
            for (var i = 0; i < batch; i++)
            {
                var (name, uid) = choose();
                seen.Add((name, uid));
                WriteRecord(buffer.AsSpan(i * AcctRecord.Size, AcctRecord.Size), names[name], uid, ref totals);
            }

            file.Write(buffer, 0, batch * AcctRecord.Size);
            written += batch;
        }

        return totals with { Pairs = (ulong)seen.Count };
    }

    private void WriteRecord(Span<byte> slot, CommandName name, uint uid, ref FileTotals totals)
    {
        var life = LogNormal(1.5, 2.2);
        var cpu = life * Cubed();
        now += 0.05;
        pid = pid >= 4_194_300 ? 300 : pid + 1 + (uint)Below(3);
        var (user, system) = (CompT.Encode((ulong)(cpu * 0.7)), CompT.Encode((ulong)(cpu * 0.3)));
        var minor = CompT.Encode((ulong)(80 + (5000 * Uniform() * Uniform())));
        var memory = CompT.Encode((ulong)(2000 + LogNormal(8, 1.2)));
        var exitCode = ExitCode();
        slot[0] = (byte)((Below(100) < 25 ? 1 : 0) | (Below(100) < 10 ? 2 : 0) | ((exitCode & 0x7f) != 0 ? 0x10 : 0));
        slot[1] = 3;
        Put(slot, 2, (ushort)(Below(100) < 20 ? 0x8800 + Below(40) : 0));
        Put(slot, 4, exitCode);
        Put(slot, 8, uid);
        Put(slot, 12, uid);
        Put(slot, 16, pid);
        Put(slot, 20, pid - (uint)Below(200));
        Put(slot, 24, (uint)(now - (life / AcctRecord.DefaultTicksPerSecond)));
        Put(slot, 28, (float)Math.Floor(life));
        Put(slot, 32, user);
        Put(slot, 34, system);
        Put(slot, 36, memory);
        Put(slot, 38, 0UL);
        Put(slot, 42, minor);
        Put(slot, 44, Below(100) < 2 ? CompT.Encode((ulong)Below(20)) : (ushort)0);
        Put(slot, 46, (ushort)0);
        Put(slot, 48, name.Low);
        Put(slot, 56, name.High);

        totals.Exits++;
        totals.Signals += (exitCode & 0x7f) != 0 ? 1UL : 0;
        totals.Failures += (exitCode & 0x7f) == 0 && exitCode != 0 ? 1UL : 0;
        totals.UserMicroseconds += CompT.Decode(user) * 10_000;
        totals.SystemMicroseconds += CompT.Decode(system) * 10_000;
        totals.MinorFaults += CompT.Decode(minor);
        totals.ElapsedMicroseconds += (ulong)(float)Math.Floor(life) * 10_000;
    }

    private static void Put<T>(Span<byte> slot, int offset, T value)
        where T : struct => MemoryMarshal.Write(slot[offset..], in value);

    private uint ExitCode() => Uniform() switch
    {
        < 0.90 => 0,
        < 0.97 => (uint)(1 + Below(3)) << 8,
        < 0.985 => 127 << 8,
        < 0.995 => 9,
        _ => 11 | 0x80,
    };

    private uint Uid()
    {
        var percent = Below(100);
        foreach (var (share, first, count) in Uids)
        {
            percent -= share;
            if (percent < 0)
            {
                return first + (uint)Below(count);
            }
        }

        return 0;
    }

    private CommandName RandomName()
    {
        Span<byte> name = stackalloc byte[8 + Below(5)];
        foreach (ref var letter in name)
        {
            letter = (byte)('a' + Below(26));
        }

        return CommandName.From(name);
    }

    private int Below(int limit) => (int)((Bits() >> 32) * (ulong)limit >> 32);

    private ulong Bits()
    {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return state * 0x2545F4914F6CDD1D;
    }

    private double Uniform() => (Bits() >> 11) * (1.0 / (1UL << 53));

    private double Cubed() => Uniform() is var u ? u * u * u : 0;

    /// <summary>The normal number is twelve uniform ones less 6.</summary>
    private double LogNormal(double mu, double sigma)
    {
        var normal = -6.0;
        for (var i = 0; i < 12; i++)
        {
            normal += Uniform();
        }

        return Math.Exp(mu + (sigma * normal));
    }
}
