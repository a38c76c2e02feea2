// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Tests.Properties;
using AcctExporter.Tests.Records;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Capture;

public sealed class ExitRecorderProperties
{
    private static Gen<Piece> Pieces { get; } = Gen.Frequency(
        (8, RecordGen.Anything),
        (2, Gen.Choose(500, 502).Select(pid => new Piece($"leaving {pid}", Pipeline.Leaving((uint)pid)))));

    /// <summary>However a file grows, and whenever it is looked at: the same ledger, to the byte.</summary>
    [Fact]
    public void AnySplit_GivesTheSameLedger() => Holds.ForAllOf(Pieces, 25, 250, pieces =>
    {
        var file = pieces.SelectMany(piece => piece.Bytes).ToArray();
        using var whole = new Pipeline();
        whole.Append(file);
        whole.Drain(FileEnd.Final);
        var random = new AcctFileGenerator((ulong)file.Length + 1);
        for (var way = 0; way < 3; way++)
        {
            using var split = new Pipeline();
            var step = 2 << random.Below(9);
            for (var at = 0; at < file.Length;)
            {
                var length = Math.Min(1 + random.Below(step), file.Length - at);
                split.Append(file.AsSpan(at, length).ToArray());
                split.Drain();
                at += length;
            }

            split.Drain(FileEnd.Final);
            if (!split.Checkpoint().SequenceEqual(whole.Checkpoint())
                || split.Recorder.Position.Offset != whole.Recorder.Position.Offset)
            {
                return false;
            }
        }

        return true;
    });

    /// <summary>More than is read at once, of records of two sizes.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnySplit_GivesTheSameLedger_OfALongFile(ulong seed)
    {
        RecordKind[] kinds = [new(3), new(1), new(3, true)];
        var file = new AcctFileGenerator(seed) { Kinds = kinds, HostileNames = true }.File(15_000);
        using var whole = new Pipeline();
        whole.Append(file);
        whole.Drain(FileEnd.Final);
        using var split = new Pipeline();
        var random = new AcctFileGenerator(seed);
        for (var at = 0; at < file.Length;)
        {
            var length = Math.Min(random.Below(700_000), file.Length - at);
            split.Append(file.AsSpan(at, length).ToArray());
            split.Drain();
            at += length;
        }

        split.Drain(FileEnd.Final);
        Assert.Equal(15_000UL, whole.HostExits);
        Assert.Equal(whole.Checkpoint(), split.Checkpoint());
    }
}
