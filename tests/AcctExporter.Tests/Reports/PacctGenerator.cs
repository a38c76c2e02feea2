// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;
using AcctExporter.Records;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>Which names the commands of a file have.</summary>
internal enum PacctNames
{
    /// <summary>Those of a usual host.</summary>
    Usual,

    /// <summary>Also such as a report could trip over, of characters that can be printed.</summary>
    Odd,

    /// <summary>Also any bytes.</summary>
    Hostile,
}

/// <summary>How the exits are spread over commands, and how their numbers are.</summary>
internal enum PacctShape
{
    /// <summary>Some commands, some often; numbers as on a busy host.</summary>
    Mixed,

    /// <summary>Many commands that differ in nothing but their names.</summary>
    Ties,

    /// <summary>One command.</summary>
    OneCommand,

    /// <summary>No command twice.</summary>
    Singletons,

    /// <summary>Mixed, and one number in six is a limit of its field or any that the field can hold.</summary>
    Boundaries,
}

/// <summary>
/// Makes accounting files for the process reports, the same for the same seed: every version and byte order, names,
/// numbers, owners and terminals of every kind. All records are such as kernels write. The random numbers, and what a
/// usual record looks like, are those of <see cref="AcctFileGenerator"/>.
/// </summary>
internal sealed class PacctGenerator
{
    private static readonly string[] OddNames =
    [
        "", "exactly-15-byte", "exactly-15-bytf", "sixteen-bytes-aa", "sixteen-bytes-ab", "a b", " lead", "trail ",
        "Tool", "tool", "tooL", "***other", "**junk**", "%s%n%d", "a,b\"c\"", "=1+1", "root", "www-data", "pts/3",
        "__", "tty1", "0", "*", "a*", "?", "\\x1b", "-", "--", "'", "|", "<b>",
    ];

    private static readonly byte[][] HostileNames =
    [
        "a\nb"u8.ToArray(), "\u001b[31mred"u8.ToArray(), "\u001b]0;t\u0007"u8.ToArray(), "\r\r"u8.ToArray(),
        [0x7f], [0x80], [0xff, 0xfe], [0xc3], [0xe2, 0x82], "gr\u00fc\u00dfe"u8.ToArray(), [0xc2, 0x9b, (byte)'m'],
        "t\tt"u8.ToArray(), "\u0001"u8.ToArray(), "\u202eabc"u8.ToArray(), "l\u2028l"u8.ToArray(),
        [(byte)'x', 0xed, 0xa0, 0x80], "q\"\n,\r\n"u8.ToArray(), "\ufeff"u8.ToArray(),
        "fifteen-bytes-\u00fc"u8.ToArray(),
    ];

    private static readonly ushort[] Terminals =
    [
        0, 0, 0x8800, 0x8803, 0x88ff, 0x8900, 0x8fff, 0x9000, 0x0401, 0x0400, 0x0440, 0x0500, 0x0501, 0x1234, 0xffff,
        0x04ff,
    ];

    private static readonly uint[] Owners =
        [0, 0, 1, 33, 42, 65534, 70_000, 4242, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

    private static readonly uint[] Begins =
    [
        0, 1, 86_399, 951_782_400, 1_774_745_999, 1_774_746_000, 1_793_062_799, 1_793_062_800, 0x7fffffff, 0x80000000,
        4_000_000_000, 0xffffffff,
    ];

    private static readonly ushort[] Codes =
        [0, 1, 0x1fff, 0x2000, 0x2001, 0x2400, 0x2401, 0x4400, 0x461b, 0xabec, 0xe001, 0xfffe, 0xffff];

    private static readonly ushort[] TickRates = [24, 50, 60, 64, 128, 250, 256, 1000, 1024, 65535];

    private readonly AcctFileGenerator random;
    private readonly PacctShape shape;
    private readonly byte[][] names;
    private readonly bool oddTicks;
    private int made;

    /// <summary>A generator.</summary>
    /// <param name="random">Where its random numbers come from, and its usual records.</param>
    /// <param name="shape">How exits are spread.</param>
    /// <param name="names">Which names there are.</param>
    public PacctGenerator(AcctFileGenerator random, PacctShape shape, PacctNames names)
    {
        (this.random, this.shape) = (random, shape);
        oddTicks = random.Below(4) == 0;
        IEnumerable<byte[]> all = Enumerable.Range(0, shape == PacctShape.Ties ? 60 : 4 + random.Below(12))
            .Select(_ => Encoding.ASCII.GetBytes($"cmd-{random.Below(1000)}"));
        if (names != PacctNames.Usual)
        {
            all = all.Concat(Some(OddNames).Select(Encoding.ASCII.GetBytes));
        }

        if (names == PacctNames.Hostile)
        {
            all = all.Concat(Some(HostileNames)).Concat([Noise(), Noise(), Noise()]);
        }

        this.names = [.. all];
    }

    /// <summary>The names that it gives.</summary>
    public IReadOnlyList<byte[]> Names => names;

    /// <summary>The next record.</summary>
    public byte[] Next()
    {
        var record = random.Next();
        record.Command = CommandName.From(Name());
        if (record.Version == 0 && record.Command == default)
        {
            record.Command = CommandName.From("v0"u8);
        }

        record.Flags = (AcctFlags)(random.Below(3) == 0 ? random.Below(32) : random.Below(2));
        record.Tty = random.Below(4) == 0 ? (ushort)(0x8800 + random.Below(2048)) : Any(Terminals);
        (record.Uid, record.Gid) = (Owner(record.Version), Owner(record.Version));
        if (record.Version == 2 && oddTicks && random.Below(2) == 0)
        {
            record.TicksPerSecond = Any(TickRates);
        }

        if (shape == PacctShape.Ties)
        {
            Tie(ref record);
        }
        else if (shape == PacctShape.Boundaries)
        {
            Stretch(ref record);
        }

        made++;
        var slot = new byte[AcctRecord.Size];
        AcctEncoder.Write(record, slot);
        if (shape == PacctShape.Boundaries)
        {
            SetCodes(slot, record);
        }

        return slot;
    }

    private static bool IsOlder(in AcctRecord record) => record.Version != 3;

    private static void Put(Span<byte> slot, in AcctRecord record, int offset, ushort value)
    {
        if (record.BigEndian)
        {
            BinaryPrimitives.WriteUInt16BigEndian(slot[offset..], value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(slot[offset..], value);
        }
    }

    private void Tie(ref AcctRecord record)
    {
        record.UserTicks = (ulong)random.Below(2) * 100;
        record.SystemTicks = (ulong)random.Below(2) * 100;
        record.ElapsedTicks = 100;
        record.MemoryKib = record.Pid == 0 && !IsOlder(record) ? 0 : 4096UL;
        (record.MinorFaults, record.MajorFaults) = (7, 0);
    }

    private void Stretch(ref AcctRecord record)
    {
        if (random.Below(4) == 0)
        {
            var begin = Any(Begins);
            record.BeginUnixSeconds = record.Version == 0 ? Math.Max(begin, 700_000_000) : begin;
        }

        if (random.Below(6) == 0 && record.Version != 0)
        {
            record.ExitCode = (uint)random.Bits() >> random.Below(32);
        }

        if (random.Below(6) == 0 && !IsOlder(record))
        {
            record.ElapsedTicks = Math.Min(random.Bits() >> (26 + random.Below(36)), 400_000_000_000);
            (record.Pid, record.Ppid) = (uint.MaxValue, (uint)random.Bits());
        }

        if (random.Below(20) == 0)
        {
            // As the kernel writes of a living process when it leaves a file.
            (record.UserTicks, record.SystemTicks, record.MemoryKib, record.MinorFaults) = (0, 0, 0, 0);
            (record.ExitCode, record.Pid) = (0, 0);
        }
    }

    /// <summary>Numbers in the form of the file, such as no encoder would make of them.</summary>
    private void SetCodes(Span<byte> slot, in AcctRecord record)
    {
        // CPU times, memory, I/O, faults and swaps; not the elapsed time.
        ReadOnlySpan<int> places =
            IsOlder(record) ? [12, 14, 18, 20, 22, 24, 26, 28] : [32, 34, 36, 38, 40, 42, 44, 46];
        foreach (var place in places)
        {
            if (random.Below(6) == 0 && (IsOlder(record) || record.Pid != 0))
            {
                Put(slot, record, place, random.Below(3) == 0 ? (ushort)random.Bits() : Any(Codes));
            }
        }

        if (record.Version == 0 && random.Below(3) == 0)
        {
            // 32 bits of ids behind the name, as converters write them.
            var high = (ushort)random.Below(3);
            var last = record.BigEndian ? 0 : 2;
            Put(slot, record, 56 + last, high);
            Put(slot, record, 58 - last, (ushort)record.Uid);
            Put(slot, record, 60 + last, high);
            Put(slot, record, 62 - last, (ushort)record.Gid);
        }
    }

    private byte[] Name() => shape switch
    {
        PacctShape.OneCommand => names[0],
        PacctShape.Singletons when made >= names.Length || random.Below(2) == 0 =>
            Encoding.ASCII.GetBytes($"one-{made}"),
        PacctShape.Singletons => [.. names[made], (byte)'0'],
        _ => names[random.Below(names.Length)],
    };

    private uint Owner(byte version)
    {
        var owner = random.Below(3) > 0 ? Any(Owners) : (uint)random.Below(1100);
        return version == 0 ? (ushort)owner : owner;
    }

    private byte[] Noise()
    {
        var name = new byte[1 + random.Below(16)];
        foreach (ref var value in name.AsSpan())
        {
            value = (byte)(1 + random.Below(255));
        }

        return name;
    }

    private T Any<T>(T[] values) => values[random.Below(values.Length)];

    private IEnumerable<T> Some<T>(T[] values) => values.Where(_ => random.Below(3) == 0);
}
