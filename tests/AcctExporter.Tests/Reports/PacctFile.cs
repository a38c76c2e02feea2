// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Records;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>What is wrong with an accounting file.</summary>
[Flags]
internal enum PacctDamage
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Stretches of zeros.</summary>
    Holes = 1,

    /// <summary>The last record is not whole.</summary>
    TornEnd = 2,

    /// <summary>A record in the middle is not whole, and what follows it stands at odd places.</summary>
    Misaligned = 4,

    /// <summary>Versions that do not exist.</summary>
    UnknownVersions = 8,

    /// <summary>Version 4, which GNU acct reads like 3.</summary>
    Version4 = 16,

    /// <summary>Version 5, which GNU acct passes over.</summary>
    Version5 = 32,

    /// <summary>Flags that do not exist.</summary>
    OddFlags = 64,

    /// <summary>Elapsed times that are no number, negative or without end.</summary>
    BadElapsed = 128,

    /// <summary>Bytes behind the end of a name.</summary>
    BytesBehindName = 256,
}

/// <summary>One accounting file for the reports, made of a seed alone.</summary>
/// <param name="Seed">What makes it again.</param>
/// <param name="About">What is in it, for messages.</param>
/// <param name="Bytes">The file.</param>
/// <param name="Sound">The file without its damage.</param>
/// <param name="Records">Records in <paramref name="Sound"/>.</param>
/// <param name="Names">The names of its commands.</param>
/// <param name="HasControls">True when a name may have bytes that a terminal cannot show.</param>
internal sealed record PacctFile(
    ulong Seed, string About, byte[] Bytes, byte[] Sound, int Records, IReadOnlyList<byte[]> Names, bool HasControls)
{
    /// <summary>Sizes at which readers that take 256 or 4096 records at a time come to an end.</summary>
    private static readonly int[] Edges = [0, 1, 2, 3, 255, 256, 257, 512, 513, 4095, 4096, 4097];

    private static readonly RecordKind[][] Mixes =
    [
        [new(3)], [new(3)], [new(3)], [new(3, true)], [new(2)], [new(2, true)], [new(0)], [new(0, true)],
        [new(3), new(3, true)], [new(3), new(2)], [new(3), new(3, true), new(2), new(2, true)],
        [new(3), new(3, true), new(2), new(2, true), new(0), new(0, true)],
    ];

    /// <summary>Words that choose exits: names in it, users, terminals, and such as nothing has.</summary>
    public string[] Words =>
    [
        .. Names.Where(name => name.Length is > 0 and < 17 && name.All(value => value is > 32 and < 127)
            && name[0] is not ((byte)'-' or (byte)'@')).Select(Encoding.ASCII.GetString),
        "root", "www-data", "nobody", "70000", "4242", "2147483647", "__", "pts/0", "pts/3", "pts/2047", "tty1",
        "[18,52]", "ttyS0", "console", "nothing-has-it",
    ];

    /// <summary>The file of a seed: kinds, names, shape and size all follow from it.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="damage">What is wrong with it.</param>
    /// <param name="records">How many records; less than 0: as many as the seed says.</param>
    /// <param name="most">The most names that it may have.</param>
    public static PacctFile Of(
        ulong seed, PacctDamage damage = PacctDamage.None, int records = -1, PacctNames most = PacctNames.Hostile)
    {
        // Seeds that follow each other give files that have nothing in common.
        var mixed = (seed + 1) * 0x9e3779b97f4a7c15;
        var choice = new AcctFileGenerator(mixed ^ (mixed >> 29));
        choice.Bits();
        var kinds = Mixes[choice.Below(Mixes.Length)];
        if (damage.HasFlag(PacctDamage.Misaligned) || damage.HasFlag(PacctDamage.Holes))
        {
            // A v0 record has no mark of its own by which it could be found again.
            kinds = [.. kinds.Where(kind => kind.Version != 0)];
            kinds = kinds.Length == 0 ? [new(3)] : kinds;
        }

        var shape = (PacctShape)choice.Below(5);
        var names = (PacctNames)Math.Min((int)most, choice.Below(3));
        var count = records >= 0 ? records
            : damage != PacctDamage.None ? 30 + choice.Below(400)
            : choice.Below(6) == 0 ? Edges[choice.Below(Edges.Length)] : 3 + choice.Below(90);
        var generator = new PacctGenerator(
            new AcctFileGenerator(choice.Bits()) { Kinds = kinds, BoundaryValues = shape == PacctShape.Boundaries },
            shape, names);
        var slots = Enumerable.Range(0, count).Select(_ => generator.Next()).ToList();
        byte[] sound = [.. slots.SelectMany(slot => slot)];
        var bytes = damage == PacctDamage.None ? sound : new PacctDamager(choice).Damage(slots, damage);
        var about = $"seed {seed}: {count} records of {string.Join('+', kinds.Select(Shown))}, {shape}, {names} names"
            + (damage == PacctDamage.None ? "" : $", {damage}");
        return new(seed, about, bytes, sound, count, generator.Names, names == PacctNames.Hostile);
    }

    private static string Shown(RecordKind kind) => $"v{kind.Version}{(kind.BigEndian ? "be" : "")}";
}

/// <summary>Puts damage between sound records, so that it can be cut out again.</summary>
internal sealed class PacctDamager(AcctFileGenerator random)
{
    /// <summary>The records with every kind of damage that is asked for, once to four times each.</summary>
    public byte[] Damage(List<byte[]> slots, PacctDamage kinds)
    {
        var pieces = slots.ToList();
        foreach (var kind in Enum.GetValues<PacctDamage>())
        {
            if (!kinds.HasFlag(kind) || kind is PacctDamage.None or PacctDamage.Misaligned or PacctDamage.TornEnd)
            {
                continue;
            }

            for (var times = 1 + random.Below(4); times > 0; times--)
            {
                if (Bad(kind, slots[random.Below(slots.Count)]) is { } bad)
                {
                    pieces.Insert(random.Below(pieces.Count + 1), bad);
                }
            }
        }

        if (kinds.HasFlag(PacctDamage.Misaligned))
        {
            var torn = slots[random.Below(slots.Count)];
            pieces.Insert(pieces.Count / 2, torn[..(1 + random.Below(AcctRecord.Size - 1))]);
        }

        if (kinds.HasFlag(PacctDamage.TornEnd))
        {
            pieces.Add(slots[0][..(1 + random.Below(AcctRecord.Size - 1))]);
        }

        return [.. pieces.SelectMany(piece => piece)];
    }

    private byte[]? Bad(PacctDamage kind, byte[] slot)
    {
        byte[] bad = [.. slot];
        var order = (byte)(bad[1] & 0x80);
        var isV3 = (bad[1] & 0x7f) == 3;
        switch (kind)
        {
            case PacctDamage.Holes:
                return new byte[AcctRecord.Size * (1 + random.Below(5))];
            case PacctDamage.UnknownVersions:
                bad[1] = (byte)(order | (6 + random.Below(122)));
                return bad;
            case PacctDamage.Version4:
                bad[1] = (byte)(order | 4);
                return bad;
            case PacctDamage.Version5:
                bad[1] = (byte)(order | 5);
                return bad;
            case PacctDamage.OddFlags:
                bad[0] |= (byte)(0x20 << random.Below(3));
                return bad;
            case PacctDamage.BadElapsed when isV3:
                Span<float> values = [float.NaN, -1, float.PositiveInfinity, float.NegativeInfinity, 1e30f, -0.5f];
                BitConverter.TryWriteBytes(bad.AsSpan(28), values[random.Below(values.Length)]);
                if (order != 0)
                {
                    bad.AsSpan(28, 4).Reverse();
                }

                return bad;
            case PacctDamage.BytesBehindName when isV3:
                "ab\0cd\u001b"u8.CopyTo(bad.AsSpan(48));
                return bad;
            default:
                return null;
        }
    }
}
