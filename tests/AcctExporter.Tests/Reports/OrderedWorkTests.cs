// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Reports;

namespace AcctExporter.Tests.Reports;

/// <summary>Work by several threads: every batch once, results in order, faults at the caller.</summary>
public sealed class OrderedWorkTests
{
    private const int Many = 300;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Results_ComeInTheOrderOfTheInput_HoweverLongEachTakes(int workers)
    {
        var random = new Random(7);
        var waits = Enumerable.Range(0, Many).Select(_ => random.Next(20) == 0 ? 3 : 0).ToArray();
        var results = new List<int>();
        var threads = new HashSet<int>();
        OrderedWork.Run(Numbers(Many), workers, () => new Local(), (batch, local) =>
        {
            Thread.Sleep(waits[batch.Count - 1]);
            local.Number = batch.Count;
        }, local =>
        {
            results.Add(local.Number);
            threads.Add(Environment.CurrentManagedThreadId);
        });

        Assert.Equal(Enumerable.Range(1, Many), results);
        Assert.True(workers > 1 || threads.Count == 1);
    }

    [Fact]
    public void Sums_HaveEachBatchOnce()
    {
        var locals = OrderedWork.Run(Numbers(Many), 4, () => new Local(), (batch, local) =>
        {
            local.Number += batch.Count;
        }, null);

        Assert.Equal(4, locals.Count);
        Assert.Equal(Many * (Many + 1) / 2, locals.Sum(local => local.Number));
    }

    [Fact]
    public void SmallInput_StartsNoThread()
    {
        var made = 0;
        var threads = new HashSet<int>();
        OrderedWork.Run(Numbers(OrderedWork.BatchesAlone - 1), 8, () => made++,
            (_, _) => threads.Add(Environment.CurrentManagedThreadId), _ => { });

        Assert.Equal(1, made);
        Assert.Equal([Environment.CurrentManagedThreadId], threads);
    }

    [Theory]
    [InlineData("work")]
    [InlineData("order")]
    [InlineData("read")]
    public void AFault_ComesOutAtTheCaller_AndEndsAll(string where)
    {
        var numbers = Numbers(100_000);
        var read = 0;
        var fault = Assert.Throws<IOException>(() => OrderedWork.Run(
            batch =>
            {
                Fail("read", read > 50);
                read++;
                return numbers(batch);
            },
            3,
            () => new Local(),
            (batch, local) =>
            {
                local.Number = batch.Count;
                Fail("work", local.Number > 50);
            },
            local => Fail("order", local.Number > 50)));

        Assert.Equal("Broken pipe", fault.Message);
        Assert.InRange(read, 50, 60);

        void Fail(string here, bool now)
        {
            if (now && here == where)
            {
                throw new IOException("Broken pipe");
            }
        }
    }

    [Fact]
    public void AFault_LetsEarlierResultsBe()
    {
        // The batch before the faulty one is slow: it may come or not, but nothing comes behind it or twice.
        var results = new List<int>();
        Assert.Throws<InvalidDataException>(() => OrderedWork.Run(Numbers(Many), 4, () => new Local(),
            (batch, local) =>
            {
                Thread.Sleep(batch.Count == 99 ? 30 : 0);
                local.Number = batch.Count < 100 ? batch.Count : throw new InvalidDataException();
            },
            local => results.Add(local.Number)));

        Assert.Equal(Enumerable.Range(1, results.Count), results);
        Assert.InRange(results.Count, 90, 99);
    }

    /// <summary>Batches that hold as many exits as their number in the input.</summary>
    private static Func<ExitBatch, bool> Numbers(int count)
    {
        var next = 0;
        var readers = 0;
        return batch =>
        {
            Assert.Equal(1, Interlocked.Increment(ref readers));
            batch.Count = ++next;
            Interlocked.Decrement(ref readers);
            return next <= count;
        };
    }

    private sealed class Local
    {
        public int Number { get; set; }
    }
}
