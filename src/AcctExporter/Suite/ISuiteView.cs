// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Suite;

/// <summary>
/// What a scrape needs of the accounting suite. The thread that watches its files is one implementation, a test's the
/// other.
/// </summary>
internal interface ISuiteView
{
    /// <summary>What is known; null before the first look.</summary>
    SuiteSnapshot? Suite { get; }

    /// <summary>What the agent ran by itself, since its start; null where it runs nothing.</summary>
    SuiteWorkCounts? Work { get; }
}

/// <summary>What the agent sets going of the suite.</summary>
internal enum SuiteWork
{
    /// <summary>The daily run.</summary>
    Day,

    /// <summary>The close of a fiscal period.</summary>
    Close,

    /// <summary>The charge of journal files that were closed.</summary>
    Charge,

    /// <summary>A look at the disks.</summary>
    Disk,
}

/// <summary>How often each of it came to an end. Written by one thread, read by any.</summary>
internal sealed class SuiteWorkCounts
{
    private readonly long[] done = new long[Enum.GetValues<SuiteWork>().Length];
    private readonly long[] failed = new long[Enum.GetValues<SuiteWork>().Length];

    /// <summary>Ends well.</summary>
    public long Done(SuiteWork work) => Volatile.Read(ref done[(int)work]);

    /// <summary>Ends badly.</summary>
    public long Failed(SuiteWork work) => Volatile.Read(ref failed[(int)work]);

    /// <summary>Counts one.</summary>
    public void Count(SuiteWork work, bool isDone) => Interlocked.Increment(ref (isDone ? done : failed)[(int)work]);
}
