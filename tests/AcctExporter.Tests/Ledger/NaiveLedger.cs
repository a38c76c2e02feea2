// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Tests.Ledger;

/// <summary>What was counted for one pair, or for the host: as plain as can be.</summary>
internal sealed record NaiveRow
{
    public ulong Exits { get; set; }

    public ulong Failures { get; set; }

    public ulong[] Sums { get; } = new ulong[8];

    public ulong[] Buckets { get; } = new ulong[3 * HistogramBounds.Buckets];

    public SortedDictionary<(int Signal, bool Core), ulong> Deaths { get; } = [];

    /// <summary>What taskstats add: exits, exits with delays, sums, delays, buckets, by what they are.</summary>
    public SortedDictionary<string, System.Numerics.BigInteger> Tasks { get; } = new(StringComparer.Ordinal);

    /// <summary>Native buckets by histogram and index; zero is <see cref="int.MinValue"/>.</summary>
    public SortedDictionary<(NativeHistogram Histogram, int Index), ulong> Natives { get; } = [];

    public long LastCountedUnixSeconds { get; set; }

    public void Add(in ProcessExit exit, in TaskFigures figures = default)
    {
        AddTasks(figures);
        Exits++;
        Failures += (exit.ExitCode & 0x7f) == 0 && (exit.ExitCode & 0xff00) != 0 ? 1UL : 0;
        ulong[] sums =
        [
            exit.UserMicroseconds, exit.SystemMicroseconds, exit.MinorFaults, exit.MajorFaults,
            exit.ElapsedMicroseconds, exit.VirtualMemoryBytes,
            exit.Flags.HasFlag(AcctFlags.ForkedWithoutExec) ? 1UL : 0,
            exit.Flags.HasFlag(AcctFlags.UsedPrivilege) ? 1UL : 0,
        ];
        for (var i = 0; i < sums.Length; i++)
        {
            Sums[i] += sums[i];
        }

        Buckets[NaiveLedger.BucketOf(HistogramBounds.Default.DurationMicroseconds, exit.ElapsedMicroseconds)]++;
        Buckets[HistogramBounds.Buckets + NaiveLedger.BucketOf(
            HistogramBounds.Default.CpuMicroseconds, exit.UserMicroseconds + exit.SystemMicroseconds)]++;
        Buckets[(2 * HistogramBounds.Buckets) + NaiveLedger.BucketOf(
            HistogramBounds.Default.VirtualMemoryBytes, exit.VirtualMemoryBytes)]++;
        PlusNative(NativeHistogram.Duration, exit.ElapsedMicroseconds, ExactBuckets.Second);
        PlusNative(NativeHistogram.Cpu, exit.UserMicroseconds + exit.SystemMicroseconds, ExactBuckets.Second);
        PlusNative(NativeHistogram.VirtualMemory, exit.VirtualMemoryBytes, 1);
        if ((exit.ExitCode & 0x7f) is > 0 and var signal)
        {
            var key = ((int)signal, (exit.ExitCode & 0x80) != 0);
            Deaths[key] = Deaths.GetValueOrDefault(key) + 1;
        }
    }

    /// <summary>All of it as one text, to compare with.</summary>
    public string Describe() => string.Join(' ', Exits, Failures, string.Join(',', Sums), string.Join(',', Buckets),
        string.Join(',', Deaths.Select(death => $"{death.Key.Signal}{(death.Key.Core ? "c" : "")}={death.Value}")),
        string.Join(',', Natives.Select(native => $"{native.Key}={native.Value}")),
        string.Join(',', Tasks.Where(task => !task.Value.IsZero).Select(task => $"{task.Key}={task.Value}")));

    public void Plus(string what, UInt128 amount) => Tasks[what] = Tasks.GetValueOrDefault(what) + amount;

    private void PlusNative(NativeHistogram histogram, ulong value, ulong unit)
    {
        var key = (histogram, value == 0 ? int.MinValue : ExactBuckets.Of(value, unit));
        Natives[key] = Natives.GetValueOrDefault(key) + 1;
    }

    private void AddTasks(in TaskFigures figures)
    {
        if (!figures.Knowledge.HasFlag(TaskKnowledge.Joined))
        {
            return;
        }

        Plus("exits", 1);
        Plus("read", figures.ReadBytes);
        Plus("written", figures.WrittenBytes);
        Plus("storage-read", figures.StorageReadBytes);
        Plus("storage-written", figures.StorageWrittenBytes);
        Plus("storage-cancelled", figures.StorageCancelledBytes);
        Plus("resident", figures.ResidentMebibyteMicroseconds);
        Plus("peak", figures.PeakResidentBytes);
        Plus($"b0-{NaiveLedger.BucketOf(HistogramBounds.Default.PeakResidentBytes, figures.PeakResidentBytes)}", 1);
        Plus($"b1-{NaiveLedger.BucketOf(HistogramBounds.Default.IoBytes, figures.ReadBytes)}", 1);
        Plus($"b2-{NaiveLedger.BucketOf(HistogramBounds.Default.IoBytes, figures.WrittenBytes)}", 1);
        PlusNative(NativeHistogram.PeakResident, figures.PeakResidentBytes, 1);
        PlusNative(NativeHistogram.ReadPerExit, figures.ReadBytes, 1);
        PlusNative(NativeHistogram.WrittenPerExit, figures.WrittenBytes, 1);
        if (figures.Knowledge.HasFlag(TaskKnowledge.Delays))
        {
            Plus("delay-exits", 1);
            for (var reason = 0; reason < DelayFigures.Count; reason++)
            {
                Plus($"delay{reason}", figures.DelayMicroseconds[reason]);
            }
        }
    }
}

/// <summary>The ledger's rules in dictionaries: the reference for the fast one.</summary>
internal sealed class NaiveLedger(int limit, Func<uint, string> userName)
{
    private readonly Dictionary<(string User, string Command), NaiveRow> pairs = [];

    public NaiveRow Host { get; } = new();

    public NaiveRow Other { get; } = new();

    public int Pairs => pairs.Count;

    /// <summary>The first bucket whose bound is not exceeded, else the last.</summary>
    public static int BucketOf(long[] bounds, ulong value)
    {
        for (var i = 0; i < bounds.Length; i++)
        {
            if (value <= (ulong)bounds[i])
            {
                return i;
            }
        }

        return bounds.Length;
    }

    public void Add(in ProcessExit exit, long unixSeconds, in TaskFigures figures = default)
    {
        Span<byte> name = stackalloc byte[CommandName.Size];
        var key = (userName(exit.Uid), LabelText.Escape(name[..exit.Command.CopyTo(name)]));
        if (!pairs.TryGetValue(key, out var row))
        {
            row = pairs.Count < limit ? pairs[key] = new NaiveRow() : Other;
        }

        row.Add(exit, figures);
        row.LastCountedUnixSeconds = unixSeconds;
        Host.Add(exit, figures);
    }

    public void EvictIdle(long oldestUnixSeconds)
    {
        if (pairs.Count < limit)
        {
            return;
        }

        foreach (var (key, row) in pairs.ToArray())
        {
            if (row.LastCountedUnixSeconds < oldestUnixSeconds)
            {
                pairs.Remove(key);
            }
        }
    }

    /// <summary>Every series, sorted: one line a pair, then <c>other</c>, then the host.</summary>
    public string Describe() => string.Join('\n', pairs
        .Select(pair => $"{pair.Key.User}/{pair.Key.Command} {pair.Value.Describe()}")
        .Concat(Other.Exits > 0 ? [$"other/other {Other.Describe()}"] : [])
        .Order(StringComparer.Ordinal)
        .Append($"host {Host.Describe()}"));

    /// <summary>The same text for a real ledger.</summary>
    public static string Describe(LedgerSnapshot snapshot)
    {
        var lines = new List<string>();
        for (var i = 0; i < snapshot.Pairs.Count; i++)
        {
            var pair = snapshot.Pairs[i];
            var index = i;
            var row = Row(snapshot.Rows[i], (histogram, bucket) => snapshot.Bucket(index, histogram, bucket));
            foreach (var death in snapshot.Signals)
            {
                if (death.Pair == pair.Id)
                {
                    row.Deaths.Add((death.Signal, death.Core), death.Deaths.Count);
                }
            }

            if (snapshot.PairsHave(TaskKnowledge.Joined))
            {
                AddTasks(row, snapshot.TasksOf(i));
            }

            AddNatives(row, histogram => snapshot.Native(index, histogram));
            Assert.Equal(snapshot.Rows[i].Signals, row.Deaths.Values.Aggregate(0UL, (sum, next) => sum + next));
            lines.Add($"{pair.User}/{pair.Command} {row.Describe()}");
        }

        var host = Row(snapshot.Host, snapshot.HostBucket);
        AddTasks(host, snapshot.HostTasks);
        AddNatives(host, snapshot.HostNative);
        for (var signal = 1; signal < SignalName.Count; signal++)
        {
            AddDeaths(host, signal, core: false,
                snapshot.HostSignal(signal).Count - snapshot.HostCore(signal).Count);
            AddDeaths(host, signal, core: true, snapshot.HostCore(signal).Count);
        }

        return string.Join('\n', lines.Order(StringComparer.Ordinal).Append($"host {host.Describe()}"));
    }

    private delegate NativeView ViewOf(NativeHistogram histogram);

    /// <summary>And looks whether each has as many exits as the classic one of the same values.</summary>
    private static void AddNatives(NaiveRow to, ViewOf viewOf)
    {
        foreach (var histogram in Enum.GetValues<NativeHistogram>())
        {
            var view = viewOf(histogram);
            var total = view.ZeroCount;
            if (view.ZeroCount > 0)
            {
                to.Natives[(histogram, int.MinValue)] = view.ZeroCount;
            }

            for (var i = 0; i < view.Counts.Length; i++)
            {
                total += view.Counts[i];
                if (view.Counts[i] > 0)
                {
                    to.Natives[(histogram, view.FirstIndex + i)] = view.Counts[i];
                }
            }

            var classic = histogram < NativeHistogram.PeakResident
                ? to.Buckets.Skip((int)histogram * HistogramBounds.Buckets).Take(HistogramBounds.Buckets)
                    .Aggregate(0UL, (sum, exits) => sum + exits)
                : (ulong)Enumerable.Range(0, HistogramBounds.Buckets).Select(bucket => to.Tasks.GetValueOrDefault(
                    $"b{(int)(histogram - NativeHistogram.PeakResident)}-{bucket}"))
                    .Aggregate((sum, exits) => sum + exits);
            Assert.Equal(classic, total);
        }
    }

    private static void AddTasks(NaiveRow to, in TaskRow from)
    {
        to.Plus("exits", from.Exits);
        to.Plus("read", from.ReadBytes);
        to.Plus("written", from.WrittenBytes);
        to.Plus("storage-read", from.StorageReadBytes);
        to.Plus("storage-written", from.StorageWrittenBytes);
        to.Plus("storage-cancelled", from.StorageCancelledBytes);
        to.Plus("resident", from.ResidentMebibyteMicroseconds);
        to.Plus("peak", from.PeakResidentBytes);
        to.Plus("delay-exits", from.DelayExits);
        for (var reason = 0; reason < DelayFigures.Count; reason++)
        {
            to.Plus($"delay{reason}", from.DelayMicroseconds[reason]);
        }

        for (var bucket = 0; bucket < HistogramBounds.Buckets; bucket++)
        {
            to.Plus($"b0-{bucket}", from.Buckets(TaskHistogram.PeakResident)[bucket]);
            to.Plus($"b1-{bucket}", from.Buckets(TaskHistogram.ReadPerExit)[bucket]);
            to.Plus($"b2-{bucket}", from.Buckets(TaskHistogram.WrittenPerExit)[bucket]);
        }
    }

    private static void AddDeaths(NaiveRow row, int signal, bool core, ulong count)
    {
        if (count > 0)
        {
            row.Deaths.Add((signal, core), count);
        }
    }

    private static NaiveRow Row(in ExitRow from, Func<RowHistogram, int, ulong> bucketOf)
    {
        var row = new NaiveRow { Exits = from.Exits, Failures = from.Failures };
        ulong[] sums =
        [
            from.UserMicroseconds, from.SystemMicroseconds, from.MinorFaults, from.MajorFaults,
            from.ElapsedMicroseconds, from.VirtualMemoryBytes, from.ForksWithoutExec, from.PrivilegedExits,
        ];
        sums.CopyTo(row.Sums, 0);
        for (var i = 0; i < row.Buckets.Length; i++)
        {
            row.Buckets[i] = bucketOf((RowHistogram)(i / HistogramBounds.Buckets), i % HistogramBounds.Buckets);
        }

        return row;
    }
}
