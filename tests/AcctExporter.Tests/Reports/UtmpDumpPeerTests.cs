// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Logins;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>utmpdump writes the same bytes as the real one of util-linux.</summary>
[Trait("Lane", "peers")]
public sealed class UtmpDumpPeerTests
{
    /// <summary>All but those that the real one misreads: 400 bytes, and times after 2038.</summary>
    public static TheoryData<string> Fixtures =>
        [.. WtmpFixture.Names.Where(name => name is not ("arm64-400.wtmp" or "y2038.wtmp"))];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Fixture_IsDumpedTheSame(string name)
    {
        var path = WtmpFixture.PathOf(name);
        var real = ClassicTool.Run(ClassicTool.Utmpdump, [path], 0);
        var ours = Filter.Run(["utmpdump", path]);
        Assert.Equal(real.Text, ours.Text);
        Assert.StartsWith(real.Errors, ours.Errors, StringComparison.Ordinal);

        var input = WtmpFixture.Bytes(name);
        real = ClassicTool.Run(ClassicTool.Utmpdump, [], 0, input: input);
        ours = Filter.Run(["utmpdump"], input);
        Assert.Equal(real.Text, ours.Text);
        Assert.StartsWith(real.Errors, ours.Errors, StringComparison.Ordinal);
    }

    /// <summary>A busy host's file, with every oddity that the generator knows.</summary>
    [Fact]
    public void MillionRecords_AreDumpedTheSame()
    {
        using var folder = new TemporaryDirectory();
        var path = folder.Of("wtmp");
        using (var file = File.Create(path))
        {
            WtmpGenerator.Wild(7).Write(file, 1_000_000);
        }

        var real = ClassicTool.Run(ClassicTool.Utmpdump, [path], 0);
        var ours = Filter.Run(["utmpdump", path]);
        Assert.Equal(0, real.ExitCode);
        Assert.Equal(1_000_000, real.Output.AsSpan().Count((byte)'\n'));
        Assert.True(real.Output.AsSpan().SequenceEqual(ours.Output), "the bytes differ");
    }

    /// <summary>Any bytes in a record's fields, addresses of every kind; times that the real one reads right.</summary>
    [Fact]
    public void AnyRecords_AreDumpedTheSame()
    {
        var random = new Random(11);
        var file = new byte[2_000 * 384];
        random.NextBytes(file);
        for (var at = 0; at < file.Length; at += 384)
        {
            var record = file.AsSpan(at, 384);
            record[343] &= 0x7f;
            // Texts with an end, addresses with zeros.
            for (var hole = 0; hole < 6; hole++)
            {
                record.Slice(8 + random.Next(320), random.Next(4)).Clear();
                record.Slice(348 + random.Next(8), random.Next(9)).Clear();
            }
        }

        // Plain ones between them, so that ours knows the layout and where records begin.
        byte[] input = [.. WtmpFixture.Made(64, UtmpLayout.Usual), .. file];
        var real = ClassicTool.Run(ClassicTool.Utmpdump, [], 0, input: input);
        var ours = Filter.Run(["utmpdump"], input);
        Assert.Equal(real.Text, ours.Text);
    }

    /// <summary>
    /// The real one leaves blanks in an id of fewer than four letters: of those, only the bytes of the id differ.
    /// </summary>
    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Reverse_GivesWhatTheRealOneDoes_ButForIds(string name)
    {
        var text = Filter.Run(["utmpdump", WtmpFixture.PathOf(name)]).Output;
        var real = ClassicTool.Run(ClassicTool.Utmpdump, ["-r"], 0, input: text).Output;
        var ours = Filter.Run(["utmpdump", "-r"], text).Output;
        Assert.Equal(real.Length, ours.Length);
        for (var at = 0; at < real.Length; at += 384)
        {
            for (var id = at + UtmpRecord.LineAt + UtmpRecord.LineSize; id < at + UtmpRecord.UserAt; id++)
            {
                real[id] = real[id] == ' ' ? (byte)0 : real[id];
            }
        }

        // It takes a text up to its first blank: the host " lead" is none to it.
        var records = WtmpFixture.Slots(real, UtmpLayout.Usual).Zip(WtmpFixture.Slots(ours, UtmpLayout.Usual));
        Assert.All(records.Where(pair => !HasBlank(pair.Second)), pair => Assert.Equal(pair.First, pair.Second));
    }

    private static bool HasBlank(byte[] record) =>
        new UtmpRecord(record, UtmpLayout.Usual).Host.Contains((byte)' ');
}
