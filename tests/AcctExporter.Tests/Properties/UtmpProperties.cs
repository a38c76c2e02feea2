// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Tests.Records;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Properties;

/// <summary>What holds for login records of any content, in every layout.</summary>
public sealed class UtmpProperties
{
    private static readonly Gen<(int Seed, UtmpLayout Layout)> Inputs =
        from seed in Gen.Choose(0, int.MaxValue)
        from layout in Gen.Elements(WtmpFixture.AllLayouts)
        select (seed, layout);

    [Fact]
    public void WrittenAndReadAgain_IsTheSame() => Holds.ForAll(Inputs, 5_000, input =>
    {
        var bytes = AnyRecord(new Random(input.Seed), input.Layout);
        var again = new byte[bytes.Length];
        UtmpFields.Of(new UtmpRecord(bytes, input.Layout)).Write(again, input.Layout);
        return again.AsSpan().SequenceEqual(bytes);
    });

    /// <summary>Every text that a record can hold, and every number, through fwtmp's lines.</summary>
    [Fact]
    public void LinesOfFwtmp_HoldTheWholeRecord() => Holds.ForAll(Inputs, 5_000, input =>
    {
        var layout = input.Layout;
        var bytes = AnyRecord(new Random(input.Seed), layout);
        Span<byte> line = new byte[FwtmpText.LineRoom];
        line = line[..FwtmpText.Line(line, new(bytes, layout), new ZoneOffsets(TimeZoneInfo.Utc))];
        Span<byte> texts = new byte[FwtmpText.TextBytes];
        var again = new byte[bytes.Length];
        if (line[..^1].Contains((byte)'\n') || !FwtmpText.TryRead(line[..^1], texts, out var fields))
        {
            return false;
        }

        fields.Write(again, layout);
        return again.AsSpan().SequenceEqual(bytes);
    });

    /// <summary>What utmpdump shows comes back: not exit status, session, and question marks.</summary>
    [Fact]
    public void LinesOfUtmpdump_HoldWhatTheyShow() => Holds.ForAll(Inputs, 5_000, input =>
    {
        var layout = input.Layout;
        var random = new Random(input.Seed);
        var bytes = AnyRecord(random, layout, printable: true);
        Span<byte> line = new byte[UtmpText.LineRoom];
        line = line[..new UtmpText().Line(line, new(bytes, layout))];
        Span<byte> address = new byte[UtmpRecord.AddressSize];
        var again = new byte[bytes.Length];
        if (!UtmpTextReader.TryRead(line[..^1], address, out var fields))
        {
            return false;
        }

        fields.Write(again, layout);
        var shown = new UtmpRecord(bytes, layout);
        var expected = new byte[bytes.Length];
        new UtmpFields
        {
            Type = shown.Type,
            Pid = shown.Pid,
            Id = shown.Id,
            User = shown.User,
            Line = shown.Line,
            Host = shown.Host,
            Address = shown.Address,
            Seconds = shown.Seconds,
            Microseconds = shown.Microseconds,
        }.Write(expected, layout);
        return again.AsSpan().SequenceEqual(expected);
    });

    [Fact]
    public void Scanning_AnySplit_FindsTheSame() => Holds.ForAll(Inputs, 2_000, input =>
    {
        var random = new Random(input.Seed);
        var stream = AnyStream(random, input.Layout);
        var whole = UtmpFollower.AtOnce(stream, input.Layout);
        for (var way = 0; way < 4; way++)
        {
            var step = 1 << random.Next(11);
            var cuts = new List<int>();
            for (var at = 0; at < stream.Length; at += 1 + random.Next(step))
            {
                cuts.Add(at);
            }

            if (!UtmpFollower.InPieces(stream, input.Layout, cuts, 1 + random.Next(9)).SameAs(whole))
            {
                return false;
            }
        }

        return true;
    });

    [Fact]
    public void Scanning_AFullBuffer_AlwaysMakesProgress() => Holds.ForAll(Inputs, 2_000, input =>
    {
        var stream = AnyStream(new Random(input.Seed), input.Layout);
        for (var start = 0; start + UtmpScanner.LookAheadBytes <= stream.Length; start += 97)
        {
            UtmpScanner.Read(
                stream.AsSpan(start, UtmpScanner.LookAheadBytes), input.Layout, false, new int[9],
                new ulong[UtmpFlaws.Count], out var consumed);
            if (consumed == 0)
            {
                return false;
            }
        }

        return true;
    });

    [Fact]
    public void Scanning_AllocatesNothing()
    {
        var layout = UtmpLayout.Usual;
        var bytes = WtmpFixture.Made(1_000, layout);
        for (var at = 0; at < bytes.Length; at += 38_400)
        {
            bytes[at] = 0x55;
        }

        var offsets = new int[1_000];
        var flaws = new ulong[UtmpFlaws.Count];
        Assert.Equal(0, Allocated.By(() => UtmpScanner.Read(bytes, layout, true, offsets, flaws, out _)));
    }

    [Fact]
    public void LinesOfUtmpdump_AllocateNothing()
    {
        var bytes = WtmpFixture.Made(10_000, UtmpLayout.Usual);
        var text = new UtmpText();
        var line = new byte[UtmpText.LineRoom];
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var at = 0; at < bytes.Length; at += 384)
            {
                text.Line(line, new(bytes.AsSpan(at, 384), UtmpLayout.Usual));
            }
        }));
    }

    /// <summary>Records, damaged ones, zeros, lost and put-in bytes.</summary>
    private static byte[] AnyStream(Random random, UtmpLayout layout)
    {
        var stream = new List<byte>();
        for (var parts = random.Next(1, 20); parts > 0; parts--)
        {
            var good = WtmpFixture.Made(1, layout, random.Next());
            switch (random.Next(7))
            {
                case 0:
                    stream.AddRange(new byte[random.Next(1, 1_000)]);
                    break;
                case 1:
                    stream.AddRange(good.AsSpan(random.Next(good.Length)));
                    break;
                case 2:
                    stream.AddRange(good.AsSpan(0, random.Next(good.Length)));
                    break;
                case 3:
                    good[random.Next(good.Length)] = (byte)random.Next(256);
                    stream.AddRange(good);
                    break;
                case 4:
                    stream.AddRange(AnyRecord(random, layout));
                    break;
                default:
                    stream.AddRange(good);
                    break;
            }
        }

        return [.. stream];
    }

    /// <summary>
    /// Any values that the record can hold: short and full texts of any bytes, boundary numbers; no bytes behind ends.
    /// </summary>
    private static byte[] AnyRecord(Random random, UtmpLayout layout, bool printable = false)
    {
        var record = new byte[layout.Size];
        var address = new byte[16];
        random.NextBytes(address);
        address.AsSpan(random.Next(3) * 8).Clear();
        long[] edges = [0, 1, -1, int.MaxValue, int.MinValue, uint.MaxValue, 1_772_352_000, random.NextInt64()];
        // Lines of utmpdump say a time of at most this form.
        long[] times = [.. edges.Where(time => !printable || time is >= 0 and <= uint.MaxValue)];
        new UtmpFields
        {
            Type = (UtmpType)(short)random.Next(short.MinValue, short.MaxValue),
            Pid = random.Next(3) == 0 ? int.MinValue : random.Next(),
            Line = Text(random, UtmpRecord.LineSize, printable),
            Id = Text(random, UtmpRecord.IdSize, printable),
            User = Text(random, UtmpRecord.UserSize, printable),
            Host = Text(random, UtmpRecord.HostSize, printable),
            Termination = (short)random.Next(short.MinValue, short.MaxValue),
            Exit = (short)random.Next(short.MinValue, short.MaxValue),
            Session = edges[random.Next(edges.Length)],
            Seconds = times[random.Next(times.Length)],
            Microseconds = edges[random.Next(edges.Length)],
            Address = address,
        }.Write(record, layout);
        return record;
    }

    private static byte[] Text(Random random, int size, bool printable)
    {
        var text = new byte[random.Next(3) == 0 ? size : random.Next(size + 1)];
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = printable ? (byte)random.Next('0', 'Z') : random.Next(4) == 0
                ? " \\\n0\u007f[]"u8[random.Next(7)] : (byte)random.Next(1, 256);
        }

        return text;
    }
}
