// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Logins;
using AcctExporter.Tests.Properties;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Reports;

/// <summary>The parts of <c>last</c>, each for itself.</summary>
public sealed class LastPartsTests
{
    /// <summary>Sunday, 1 March 2026, 12:34:56 in Berlin.</summary>
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 34, 56, TimeSpan.FromHours(1));

    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("now", "2026-03-01T12:34:56+01:00")]
    [InlineData("today", "2026-03-01T00:00:00+01:00")]
    [InlineData("yesterday", "2026-02-28T00:00:00+01:00")]
    [InlineData("tomorrow", "2026-03-02T00:00:00+01:00")]
    [InlineData("+5min", "2026-03-01T12:39:56+01:00")]
    [InlineData("-2days", "2026-02-27T12:34:56+01:00")]
    [InlineData("1h 30min ago", "2026-03-01T11:04:56+01:00")]
    [InlineData("2025-07-01", "2025-07-01T00:00:00+02:00")]
    [InlineData("2025-07-01 08:09", "2025-07-01T08:09:00+02:00")]
    [InlineData("2025-07-01T08:09:10", "2025-07-01T08:09:10+02:00")]
    [InlineData("2025-07-01 08:09:10.75", "2025-07-01T08:09:10+02:00")]
    [InlineData("20250701080910", "2025-07-01T08:09:10+02:00")]
    [InlineData("08:09", "2026-03-01T08:09:00+01:00")]
    [InlineData("08:09:10", "2026-03-01T08:09:10+01:00")]
    [InlineData("Tue 2025-07-01", "2025-07-01T00:00:00+02:00")]
    [InlineData("@1772366400", "2026-03-01T13:00:00+01:00")]
    [InlineData("1969-12-31", "1970-01-01T01:00:00+01:00")]
    public void ATime_IsUnderstood(string text, string instant)
    {
        Assert.True(TimeWords.TryRead(text, Now, Berlin, out var seconds));
        Assert.Equal(DateTimeOffset.Parse(instant).ToUnixTimeSeconds(), seconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("Mon 2025-07-01")]
    [InlineData("2025-13-01")]
    [InlineData("2025-07-01 08:60")]
    [InlineData("-")]
    [InlineData("5min")]
    [InlineData("@")]
    [InlineData("@-5")]
    [InlineData("-5parsecs")]
    [InlineData("0000-01-01")]
    [InlineData("2025-07-01 08:09:10.")]
    public void WhatIsNoTime_IsNotTakenForOne(string text) =>
        Assert.False(TimeWords.TryRead(text, Now, Berlin, out _));

    [Theory]
    [InlineData("00000000000000000000000000000000", "0.0.0.0")]
    [InlineData("c0000207000000000000000000000000", "192.0.2.7")]
    [InlineData("00000000000000000000ffffc0000207", "192.0.2.7")]
    [InlineData("000000000000000000000000c0000207", "::192.0.2.7")]
    [InlineData("00000000000000000000000000000001", "::1")]
    [InlineData("20010db8000000000000000000000017", "2001:db8::17")]
    [InlineData("20010db8000000010000000000000017", "2001:db8:0:1::17")]
    [InlineData("20010db8000100010001000100010000", "2001:db8:1:1:1:1:1:0")]
    [InlineData("fe800000000000000000000000000000", "254.128.0.0")]
    [InlineData("fe800000000000010000000000000000", "fe80:0:0:1::")]
    public void AnAddress_IsWrittenShort(string bytes, string text)
    {
        Span<byte> written = stackalloc byte[AddressText.LongestBytes];
        var length = AddressText.Write(Convert.FromHexString(bytes), written);
        Assert.Equal(text, Encoding.ASCII.GetString(written[..length]));
    }

    [Fact]
    public void AName_IsAskedForOnce_AndOneThatDoesNotComeEndsTheQuestions()
    {
        var asked = new List<string>();
        var clock = new SteppedClock();
        var names = new HostNames(
            (address, _) =>
            {
                asked.Add(address.ToString());
                switch (address.ToString())
                {
                    case "192.0.2.1":
                        return Task.FromResult("one.example");
                    case "192.0.2.2":
                        return Task.FromException<string>(new SocketException((int)SocketError.HostNotFound));
                    default:
                        clock.PassAll();
                        return new TaskCompletionSource<string>().Task;
                }
            },
            TimeSpan.FromSeconds(2), clock);

        string Of(byte last) => Encoding.ASCII.GetString(
            names.Of([192, 0, 2, last, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        Assert.Equal(["one.example", "192.0.2.2", "one.example"], [Of(1), Of(2), Of(1)]);
        Assert.False(names.GaveUp);
        Assert.Equal("192.0.2.3", Of(3));
        Assert.True(names.GaveUp);
        Assert.Equal(["192.0.2.4", "one.example"], [Of(4), Of(1)]);
        Assert.Equal("0.0.0.0", Encoding.ASCII.GetString(names.Of(new byte[16])));
        Assert.Equal(["192.0.2.1", "192.0.2.2", "192.0.2.3"], asked);
    }

    /// <summary>More lines than the table begins with, one of them with bytes behind its end.</summary>
    [Fact]
    public void LaterLines_KeepTheNearest_OfAnyNumberOfLines()
    {
        var lines = new LaterLines();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 5000; i++)
            {
                var found = lines.Replace(
                    Field($"pts/{i}"), (round * 10_000) + i, i % 2 == 0, out var later, out var byLogin);
                Assert.Equal(round > 0, found);
                Assert.True(round == 0 || (later == ((round - 1) * 10_000) + i && byLogin == (i % 2 == 0)));
            }
        }

        Assert.True(lines.Replace(Field("pts/7\0rubbish"), 1, false, out _, out _));
        Assert.False(lines.Replace(Field("a-line-of-all-thirty-two-bytes--"), 1, false, out _, out _));
        lines.Clear();
        Assert.False(lines.Replace(Field("pts/7"), 2, false, out _, out _));
    }

    [Fact]
    public void ARecord_AllocatesNothing()
    {
        using var file = new MemoryStream();
        WtmpGenerator.Wild(11).Write(file, 10_000);
        var bytes = file.ToArray();
        foreach (var times in Enum.GetValues<LastTimes>())
        {
            var listing = new LastText(
                new ReportText(Stream.Null), new LastOptions { Times = times, HostLast = times == LastTimes.Iso },
                null, Berlin, 4_000_000_000);
            Assert.Equal(0, Allocated.By(() => List(bytes, listing)) - Allocated.By(() => List([], listing)));
        }
    }

    /// <summary>Any bytes: they are listed, and what is no whole record is told.</summary>
    [Fact]
    public void AnyBytes_AreListed()
    {
        using var folder = new TemporaryDirectory();
        var path = folder.Of("wtmp");
        Holds.ForAll(
            Gen.Choose(0, 255).Select(value => (byte)(value % 3 == 0 ? 0 : value)).ArrayOf().Resize(2000), 60, bytes =>
            {
                File.WriteAllBytes(path, bytes);
                return new[] { "last -x -w -a -F", "lastb -i --format=csv", "last --time-format=iso", "lastb -x" }
                    .Select(line => line.Split(' '))
                    .All(words => Applet.Run(words[0], [.. words[1..], "-f", path], 1_800_000_000, "Europe/Berlin")
                        .ExitCode is 0 or 4);
            });
    }

    private static byte[] Field(string line)
    {
        var field = new byte[UtmpRecord.LineSize];
        Encoding.ASCII.GetBytes(line).CopyTo(field, 0);
        return field;
    }

    private static void List(byte[] bytes, LastListing listing)
    {
        var pairing = new LoginPairing(4_000_000_000, (_, _, _, _) => false);
        var span = default(LoginSpan);
        for (var at = bytes.Length - UtmpLayout.NarrowSize; at >= 0; at -= UtmpLayout.NarrowSize)
        {
            if (pairing.Next(new UtmpRecord(bytes.AsSpan(at, UtmpLayout.NarrowSize), UtmpLayout.Usual), ref span))
            {
                listing.Show(span);
            }
        }
    }

    /// <summary>Stands still, however busy the machine is, until all the time waited for has passed.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private long now;
        private Action pass = () => { };

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            pass = () =>
            {
                now += dueTime.Ticks;
                callback(state);
            };
            return new Timer(_ => { });
        }

        public void PassAll() => pass();
    }
}
