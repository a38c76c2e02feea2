// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Suite;

namespace AcctExporter.Tests.Suite;

/// <summary>What users are charged with for files and shares of files.</summary>
public class DiskUsageTests
{
    /// <summary>Thirds, sevenths and more come out as if they were never rounded before.</summary>
    [Theory]
    [InlineData("40/1", 20480)]
    [InlineData("40/2", 10240)]
    [InlineData("40/3 40/3", 13653)] // 13653.33
    [InlineData("40/3", 6827)] // 6826.67
    [InlineData("1/3 1/3 1/3", 512)]
    [InlineData("1/7 1/7 1/7 1/7 1/7 1/7 1/7 1/3 1/3 1/3", 1024)]
    [InlineData("1/1024", 1)] // half a byte counts
    [InlineData("1/1025", 0)]
    [InlineData("1/3072 1/3072 1/3072", 1)] // three sixths of a byte
    [InlineData("18446744073709551615/1", long.MaxValue)]
    public void Shares_AreRoundedOnceOnly(string parts, long expected)
    {
        var usage = new DiskUsage();
        foreach (var part in parts.Split(' '))
        {
            var words = part.Split('/');
            usage.Add(7, uint.Parse(words[1], null), ulong.Parse(words[0], null));
        }

        Assert.Equal(expected == 0 ? [] : [(7u, expected)], usage.ByUser().Select(user => (user.Uid, user.Bytes)));
    }

    [Fact]
    public void Sums_DoNotDependOnOrderAndWorkers()
    {
        var random = new Random(3);
        var charges = Enumerable.Range(0, 5000)
            .Select(_ => ((uint)random.Next(5), (uint)random.Next(1, 60), (ulong)random.Next(10_000))).ToArray();
        var (one, sum, parts) = (new DiskUsage(), new DiskUsage(), new DiskUsage[] { new(), new(), new() });
        foreach (var (uid, links, blocks) in charges)
        {
            one.Add(uid, links, blocks);
        }

        random.Shuffle(charges);
        foreach (var (uid, links, blocks) in charges)
        {
            parts[random.Next(3)].Add(uid, links, blocks);
        }

        Array.ForEach(parts, sum.Add);
        Assert.Equal(one.ByUser(), sum.ByUser());
        Assert.Equal(5, sum.ByUser().Count);
    }

    [Theory]
    [InlineData("/home/alice", 1001)]
    [InlineData("/home/alice/a/b", 1001)]
    [InlineData("/home/alice/inner/x", 1002)] // the deepest
    [InlineData("/home/alicex", null)]
    [InlineData("/home", null)]
    [InlineData("/", null)]
    [InlineData("/srv/shared/x", 1003)] // of several the lowest number
    [InlineData("/data/home/alice/x", 1001)] // /home is a link to /data/home
    [InlineData("/elsewhere/x", null)] // no path from the root
    public void Homes_AreFoundByTheDeepestPath(string path, int? uid)
    {
        UserEntry User(uint number, string home) => new(number, [], Encoding.UTF8.GetBytes(home));
        var homes = new HomeFolders(
            [
                User(0, "/"), User(1001, "/home/alice/"), User(1002, "/home/alice/inner"), User(1005, "/srv/shared"),
                User(1003, "/srv/shared"), User(1004, ""), User(1006, "elsewhere"),
            ],
            folder => folder.AsSpan().SequenceEqual("/home"u8) ? "/data/home"u8.ToArray() : folder);
        Assert.Equal(uid, homes.TryFind(Encoding.UTF8.GetBytes(path), out var found) ? (int)found : null);
    }

    [Fact]
    public void TheSampleFile_KeepsAnyBytes()
    {
        DiskSample[] samples =
        [
            new(1_782_964_800, "/"u8.ToArray(), 0, "root"u8.ToArray(), long.MaxValue),
            new(1_782_964_800, "/a\tb\n\\x\xff"u8.ToArray(), uint.MaxValue, [1, (byte)'\\', 0xff], 1),
            new(0, "/empty"u8.ToArray(), 0, [], 0),
        ];
        var bytes = DiskSampleFile.Format(samples);
        Assert.StartsWith("1782964800\t/\t0\troot\t9223372036854775807\n", Encoding.UTF8.GetString(bytes));
        Assert.Equal(3, bytes.Count(value => value == '\n'));
        Assert.Equivalent(samples, DiskSampleFile.Parse(bytes, out var bad), strict: true);
        Assert.Equal(0, bad);
    }

    [Theory]
    [InlineData("1\t/\t0\troot\n")]
    [InlineData("1\t/\t0\troot\t5\t6\n")]
    [InlineData("x\t/\t0\troot\t5\n")]
    [InlineData("1\t/\t4294967296\troot\t5\n")]
    [InlineData("1\t/\t0\troot\t-5\n")]
    [InlineData("\xff\0")]
    public void TheSampleFile_LeavesOutWhatIsNoLine(string line)
    {
        Assert.Empty(DiskSampleFile.Parse(Encoding.Latin1.GetBytes(line), out var bad));
        Assert.Equal(1, bad);
    }
}
