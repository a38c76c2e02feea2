// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using AcctExporter.Records;

namespace AcctExporter.Tests.Logins;

public sealed class WtmpGeneratorTests
{
    [Fact]
    public void Write_GivesTheSameBytes_ForTheSameSeed()
    {
        Assert.Equal(Hash(5), Hash(5));
        Assert.NotEqual(Hash(5), Hash(6));
    }

    [Fact]
    public void Write_HasAsManyRecordsOfEachKindAsItSays_AndEndsWithAShutdown()
    {
        var file = new MemoryStream();
        var totals = WtmpGenerator.Wild(7).Write(file, 20_000);
        var bytes = file.ToArray();
        Assert.Equal(20_000 * UtmpLayout.NarrowSize, bytes.Length);
        Assert.True(totals is { Crashes: > 0, ClockChanges: > 0, Warps: > 0, Oddities: > 0, Shutdowns: > 1 });
        long boots = 0, oldTimes = 0, shutdowns = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var record = new UtmpRecord(bytes.AsSpan(i * UtmpLayout.NarrowSize, UtmpLayout.NarrowSize), UtmpLayout.Usual);
            boots += record.Type == UtmpType.BootTime ? 1 : 0;
            oldTimes += record.Type == UtmpType.OldTime ? 1 : 0;
            shutdowns += record.User.SequenceEqual("shutdown"u8) ? 1 : 0;
            Assert.True(i < 19_999 || record.User.SequenceEqual("shutdown"u8));
            Assert.True(i > 0 || record.Seconds == 1_700_000_000);
        }

        Assert.Equal((totals.Boots, totals.ClockChanges, totals.Shutdowns), (boots, oldTimes, shutdowns));
        Assert.Equal(totals.Boots, totals.Shutdowns + totals.Crashes);
    }

    private static string Hash(ulong seed)
    {
        var file = new MemoryStream();
        WtmpGenerator.Wild(seed).Write(file, 5000);
        return Convert.ToHexString(SHA256.HashData(file.ToArray()));
    }
}
