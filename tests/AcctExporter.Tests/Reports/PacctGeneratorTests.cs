// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>The files that reports are compared on hold what they are to hold.</summary>
public sealed class PacctGeneratorTests
{
    private const int Files = 400;

    [Fact]
    public void TheSameSeed_GivesTheSameFile()
    {
        var damage = PacctDamage.Holes | PacctDamage.Misaligned | PacctDamage.Version4;
        Assert.Equal(PacctFile.Of(7, damage).Bytes, PacctFile.Of(7, damage).Bytes);
        Assert.NotEqual(PacctFile.Of(7, damage).Bytes, PacctFile.Of(8, damage).Bytes);
    }

    /// <summary>A file without damage is one that has none: otherwise nothing could be said of damage.</summary>
    [Fact]
    public void WithoutDamage_EveryRecordIsSound()
    {
        for (ulong seed = 0; seed < Files; seed++)
        {
            var file = PacctFile.Of(seed);
            Assert.Equal(file.Records * AcctRecord.Size, file.Sound.Length);
            Assert.Same(file.Sound, file.Bytes);
            for (var at = 0; at < file.Sound.Length; at += AcctRecord.Size)
            {
                var status = AcctRecord.TryRead(file.Sound.AsSpan(at), out _);
                Assert.True(status == DecodeStatus.Ok, $"{file.About}: {status} at {at}");
            }
        }
    }

    /// <summary>Every version and byte order, size, name and number that something could depend on is there.</summary>
    [Fact]
    public void EverythingOdd_IsThere()
    {
        var files = Enumerable.Range(0, Files).Select(seed => PacctFile.Of((ulong)seed)).ToArray();
        var records = files.SelectMany(Records).ToArray();
        Assert.Equal(6, records.Select(record => (record.Version, record.BigEndian)).Distinct().Count());
        foreach (var size in new[] { 0, 1, 2, 255, 256, 257, 4095, 4096, 4097 })
        {
            Assert.Contains(files, file => file.Records == size);
        }

        var names = records.Select(record => record.Command).ToHashSet();
        foreach (var name in new[] { "", "sixteen-bytes-ab", "exactly-15-bytf", "***other", "a\nb", "tooL" })
        {
            Assert.Contains(Tests.Records.Slot.Name(name), names);
        }

        foreach (var begin in new uint[] { 0, 0x80000000, 0xffffffff })
        {
            Assert.Contains(records, record => record.BeginUnixSeconds == begin);
        }

        foreach (var uid in new uint[] { 0, 65534, 0x80000000, 0xffffffff })
        {
            Assert.Contains(records, record => record.Uid == uid);
        }

        foreach (var ticks in new ulong[] { 0, 8191, 8192, 65536, CompT.Largest })
        {
            Assert.Contains(records, record => record.UserTicks == ticks);
        }

        Assert.Contains(records, record => record.ElapsedTicks >= 1UL << 32);
        Assert.Contains(records, record => record is { Pid: 0, Version: 3 });
        Assert.Contains(records, record => record.Version == 2 && record.TicksPerSecond == 65535);
        Assert.Equal(32, records.Select(record => record.Flags).Distinct().Count());
        Assert.True(records.Select(record => record.Tty).Distinct().Count() > 1000);
        Assert.Contains(files, file => file.Records > 50
            && Records(file).Select(record => record.Command).Distinct().Count() == file.Records);
        Assert.Contains(files, file => file.Records > 50
            && Records(file).Select(record => record.Command).Distinct().Count() == 1);
    }

    /// <summary>Each kind of damage is none that a reader takes for a record, but for names and version 4.</summary>
    [Fact]
    public void Damage_StandsBetweenTheRecords()
    {
        foreach (var damage in Enum.GetValues<PacctDamage>().Where(kind => kind != PacctDamage.None))
        {
            var longer = 0;
            for (ulong seed = 0; seed < 20; seed++)
            {
                var file = PacctFile.Of(seed, damage);
                longer += file.Bytes.Length > file.Sound.Length ? 1 : 0;
                var isAligned = damage is not (PacctDamage.TornEnd or PacctDamage.Misaligned);
                Assert.Equal(isAligned, file.Bytes.Length % AcctRecord.Size == 0);
            }

            Assert.InRange(longer, 5, 20);
        }
    }

    private static IEnumerable<AcctRecord> Records(PacctFile file)
    {
        for (var at = 0; at < file.Sound.Length; at += AcctRecord.Size)
        {
            Assert.Equal(DecodeStatus.Ok, AcctRecord.TryRead(file.Sound.AsSpan(at), out var record));
            yield return record;
        }
    }
}

/// <summary>The comparison's own test: it finds what differs, and says where.</summary>
[Trait("Lane", "peers")]
public sealed class PacctPeerTests
{
    [Fact]
    public void Differences_AreFound()
    {
        using var peer = new PacctPeer("dump-acct");
        var file = PacctFile.Of(3, records: 5);
        string[] words = [peer.Written(file.Bytes)];
        var theirs = peer.Theirs(words);
        Assert.Equal((0, ""), (theirs.ExitCode, theirs.Errors));
        peer.Compare(file.About, words, theirs.Output, theirs);
        peer.AssertAgrees(1);

        byte[] other = [.. theirs.Output];
        other[^3] ^= 1;
        peer.Compare(file.About, words, other, theirs);
        peer.Compare(file.About, words, theirs.Output, theirs with { ExitCode = 4 });
        var told = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => peer.AssertAgrees(1)).Message;
        Assert.Contains("2 of 3 differ", told, StringComparison.Ordinal);
        Assert.Contains("seed 3: 5 records", told, StringComparison.Ordinal);
        Assert.Contains("line 5\n", told, StringComparison.Ordinal);
        Assert.Contains("exit code 4 instead of 0", told, StringComparison.Ordinal);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => peer.AssertAgrees(4));
    }
}
