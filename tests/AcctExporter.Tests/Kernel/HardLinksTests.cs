// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

public class HardLinksTests
{
    [Fact]
    public void Add_KnowsWhatItMet_OnEachDevice()
    {
        var met = new HardLinks();
        var random = new Random(5);
        ulong[] inodes =
        [
            .. Enumerable.Range(1, 50_000).Select(number => (ulong)number),
            .. Enumerable.Range(1, 50_000).Select(number => (ulong)number << 40),
            .. Enumerable.Range(1, 50_000).Select(_ => (ulong)random.NextInt64(1L << 50, long.MaxValue)),
            0, ulong.MaxValue - 1,
        ];
        foreach (var device in (ulong[])[0, 1, ulong.MaxValue])
        {
            Assert.All(inodes.Distinct(), inode => Assert.True(met.Add(device, inode)));
            Assert.All(inodes, inode => Assert.False(met.Add(device, inode)));
        }
    }

    [Fact]
    public void Add_IsTrueForOneOfManyThreads()
    {
        var met = new HardLinks();
        var first = 0;
        Parallel.For(0, 400_000, number =>
        {
            if (met.Add(1, (ulong)(number % 10_000) + 1))
            {
                Interlocked.Increment(ref first);
            }
        });
        Assert.Equal(10_000, first);
    }
}
