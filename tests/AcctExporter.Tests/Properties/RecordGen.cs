// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Tests.Records;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Properties;

/// <summary>Some bytes of a stream, and how they came about.</summary>
internal sealed record Piece(string What, byte[] Bytes)
{
    public override string ToString() => $"{What} {Convert.ToHexStringLower(Bytes)}";
}

/// <summary>Random records, and streams of records in all states of damage.</summary>
internal static class RecordGen
{
    public static readonly RecordKind[] AllKinds =
        [new(3), new(3, true), new(2), new(2, true), new(1), new(1, true), new(0), new(0, true)];

    /// <summary>Seeds for <see cref="AcctFileGenerator"/>: any number makes any record.</summary>
    public static Gen<ulong> Seeds { get; } =
        Gen.Choose(0, int.MaxValue).Two().Select(two => ((ulong)two.Item1 << 31) | (uint)two.Item2);

    /// <summary>A record of any version and byte order with numbers that its fields can hold.</summary>
    public static Gen<AcctRecord> Records(params RecordKind[] kinds) => Seeds.Select(seed =>
        new AcctFileGenerator(seed) { Kinds = kinds, HostileNames = true, BoundaryValues = true }.Next());

    /// <summary>Records with numbers of a real host, as kernels of today write them, and any names.</summary>
    public static Gen<Piece> FromAHost { get; } = Seeds.Select(seed =>
        new Piece("v3", Slot.Of(new AcctFileGenerator(seed) { HostileNames = true }.Next())));

    public static Gen<Piece> Good(params RecordKind[] kinds) =>
        Records(kinds).Select(record => new Piece($"v{record.Version}", Slot.Of(record)));

    /// <summary>The first bytes of a record that was never finished, 1 to <paramref name="most"/> of them.</summary>
    public static Gen<Piece> Torn(int most, params RecordKind[] kinds) =>
        from record in Good(kinds)
        from length in Gen.Choose(1, most)
        select new Piece($"{length} bytes of {record.What}", record.Bytes[..Math.Min(length, record.Bytes.Length - 1)]);

    /// <summary>A record with one to four bytes changed: mostly still one, or nearly.</summary>
    public static Gen<Piece> Damaged(params RecordKind[] kinds) =>
        from record in Good(kinds)
        from changes in Gen.Choose(0, 63).Two().Two()
        from values in Gen.Choose(0, 255).Two().Two()
        select new Piece("damaged " + record.What, Damage(record.Bytes, changes, values));

    public static Gen<Piece> Noise { get; } =
        from length in Gen.Choose(1, 200)
        from seed in Seeds
        select new Piece("noise", Random(seed, length));

    public static Gen<Piece> Zeros { get; } = Gen.Choose(1, 300).Select(length => new Piece("zeros", new byte[length]));

    public static Gen<Piece> UnknownVersion { get; } =
        from record in Good(AllKinds[0])
        from version in Gen.Choose(4, 127)
        select new Piece($"v{version}", Slot.With(record.Bytes, 1, $"{version:x2}"));

    /// <summary>All of the above, half of it good.</summary>
    public static Gen<Piece> Anything { get; } = Gen.Frequency(
        (6, Good(AllKinds[0])), (3, Good(AllKinds)), (2, Torn(63, AllKinds)), (2, Damaged(AllKinds)),
        (1, Noise), (1, Zeros), (1, UnknownVersion));

    /// <summary>Bytes of every length to 130, most of them nearly a record.</summary>
    public static Gen<byte[]> Slots { get; } =
        from piece in Gen.Frequency(
            (4, Damaged(AllKinds)), (1, Good(AllKinds)), (1, Noise), (1, Zeros), (1, UnknownVersion))
        from behind in Gen.Choose(0, 66)
        from cut in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(0, 64)))
        select piece.Bytes.Concat(new byte[behind]).SkipLast(cut).ToArray();

    private static byte[] Damage(byte[] bytes, ((int, int) A, (int, int) B) at, ((int, int) A, (int, int) B) values)
    {
        var damaged = bytes.ToArray();
        damaged[at.A.Item1 % bytes.Length] = (byte)values.A.Item1;
        damaged[at.A.Item2 % bytes.Length] = (byte)values.A.Item2;
        if (values.B.Item1 < 128)
        {
            damaged[at.B.Item1 % bytes.Length] = (byte)values.B.Item2;
        }

        return damaged;
    }

    private static byte[] Random(ulong seed, int length)
    {
        var random = new AcctFileGenerator(seed);
        // Small numbers are what flags and versions look like.
        return Enumerable.Range(0, length)
            .Select(_ => (byte)(random.Bits() >> 56 >> (int)(random.Bits() >> 61))).ToArray();
    }
}
