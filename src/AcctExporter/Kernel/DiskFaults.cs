// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>
/// What a walk could not look at: how much of it and why, and the first few by their paths. Any thread may add.
/// </summary>
internal sealed class DiskFaults
{
    /// <summary>As many are told by their paths.</summary>
    public const int Told = 5;

    private readonly Lock gate = new();
    private readonly List<(byte[] Path, int Errno)> first = [];
    private readonly SortedDictionary<int, long> counts = [];

    /// <summary>All of them.</summary>
    public long Count { get; private set; }

    /// <summary>The first few, with the errno of each.</summary>
    public IReadOnlyList<(byte[] Path, int Errno)> First => first;

    /// <summary>How many there were of each errno.</summary>
    public IEnumerable<KeyValuePair<int, long>> Counts => counts;

    /// <summary>Another one.</summary>
    public void Add(DiskFolder folder, ReadOnlySpan<byte> name, int errno)
    {
        lock (gate)
        {
            Add(first.Count < Told ? folder.Path(name) : [], errno);
        }
    }

    /// <summary>Another one, by its path.</summary>
    public void Add(ReadOnlySpan<byte> path, int errno)
    {
        lock (gate)
        {
            Count++;
            counts[errno] = counts.GetValueOrDefault(errno) + 1;
            if (first.Count < Told)
            {
                first.Add((path.ToArray(), errno));
            }
        }
    }
}
