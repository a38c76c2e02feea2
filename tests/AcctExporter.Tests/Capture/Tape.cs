// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Capture;

/// <summary>What the two sources of a host gave a reader, step by step; layout: Fixtures/tape/README.md.</summary>
internal sealed class Tape
{
    private const uint Magic = 0x31504154; // TAP1

    public required ushort Family { get; init; }

    public required uint PidMax { get; init; }

    public required ulong TickNanoseconds { get; init; }

    public List<TapePass> Passes { get; } = [];

    /// <summary>All bytes of the accounting file.</summary>
    public byte[] File => [.. Passes.SelectMany(pass => pass.Grown)];

    public static Tape Load(string path)
    {
        using var zipped = new GZipStream(System.IO.File.OpenRead(path), CompressionMode.Decompress);
        using var from = new BinaryReader(zipped);
        Assert.Equal(Magic, from.ReadUInt32());
        var tape = new Tape
        {
            Family = from.ReadUInt16(), PidMax = from.ReadUInt32(), TickNanoseconds = from.ReadUInt64(),
        };
        for (var passes = from.ReadInt32(); passes > 0; passes--)
        {
            var pass = new TapePass(from.ReadInt64(), from.ReadBytes(from.ReadInt32()), from.ReadInt32());
            for (var looks = from.ReadInt32(); looks > 0; looks--)
            {
                var (after, result, queued) = (from.ReadInt64(), (DrainResult)from.ReadByte(), from.ReadUInt32());
                var datagrams = new byte[from.ReadByte()][];
                for (var i = 0; i < datagrams.Length; i++)
                {
                    datagrams[i] = from.ReadBytes(from.ReadUInt16());
                }

                pass.Looks.Add(new(after, result, queued, datagrams));
            }

            tape.Passes.Add(pass);
        }

        return tape;
    }

    public void Save(string path)
    {
        using var zipped = new GZipStream(System.IO.File.Create(path), CompressionLevel.SmallestSize);
        using var to = new BinaryWriter(zipped);
        to.Write(Magic);
        to.Write(Family);
        to.Write(PidMax);
        to.Write(TickNanoseconds);
        to.Write(Passes.Count);
        foreach (var pass in Passes)
        {
            to.Write(pass.At);
            to.Write(pass.Grown.Length);
            to.Write(pass.Grown);
            to.Write(pass.FirstDrain);
            to.Write(pass.Looks.Count);
            foreach (var look in pass.Looks)
            {
                to.Write(look.After);
                to.Write((byte)look.Result);
                to.Write(look.QueuedBytes);
                to.Write((byte)look.Datagrams.Length);
                foreach (var datagram in look.Datagrams)
                {
                    to.Write((ushort)datagram.Length);
                    to.Write(datagram);
                }
            }
        }
    }
}

/// <summary>The file's size was read, then the socket was emptied, and once more.</summary>
/// <param name="At">Microseconds of the monotonic clock, just before.</param>
/// <param name="Grown">What the file had more than at the pass before.</param>
/// <param name="FirstDrain">How many looks at the socket the first drain took.</param>
internal sealed record TapePass(long At, byte[] Grown, int FirstDrain)
{
    public List<TapeLook> Looks { get; } = [];
}

/// <summary>One look at the socket.</summary>
/// <param name="After">Microseconds of the monotonic clock, just after.</param>
/// <param name="Result">What it gave.</param>
/// <param name="QueuedBytes">What waited, by the kernel's count, just before.</param>
/// <param name="Datagrams">The bytes of a batch.</param>
internal sealed record TapeLook(long After, DrainResult Result, uint QueuedBytes, byte[][] Datagrams);
