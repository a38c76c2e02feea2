// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Suite;

/// <summary>
/// Charges what a walk meets: each file once to its owner, or, by the rule of AIX, each name of a file with an equal
/// share of it to the user in whose login directory the name is. A folder has one name. Several walks may use one scan.
/// </summary>
/// <param name="homes">The login directories, for the rule of AIX; null: owners are charged.</param>
internal sealed class DiskScan(HomeFolders? homes)
{
    private readonly HardLinks met = new();
    private readonly Lock telling = new();

    /// <summary>
    /// Is told of what <see cref="IsCharged"/> or the rule of AIX charges nobody with, by one thread at a time.
    /// </summary>
    public DiskVisit? Uncharged { get; init; }

    /// <summary>Which owners are charged, as <see cref="Uncharged"/> sees it. Any thread asks.</summary>
    public Func<uint, bool> IsCharged { get; init; } = static _ => true;

    /// <summary>Walks a file system from a folder down.</summary>
    /// <param name="root">The folder; a link to one is followed.</param>
    /// <param name="into">Gets what is charged.</param>
    /// <param name="stop">Ends the walk early.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public DiskWalkResult Walk(byte[] root, DiskUsage into, CancellationToken stop)
    {
        var parts = new List<DiskUsage>();
        var options = new DiskWalkOptions
        {
            Met = homes is null ? met : null,
            Mark = homes is null ? null : MarkOf,
            Stop = stop,
        };
        var result = DiskWalk.Run(root, options, () =>
        {
            var part = new DiskUsage();
            parts.Add(part);
            return (in entry) => Charge(entry, part);
        });
        foreach (var part in parts)
        {
            into.Add(part);
        }

        return result;
    }

    /// <summary>Charges a file that somebody else found.</summary>
    /// <param name="path">Its path, from the root where login directories matter.</param>
    /// <param name="state">What it is.</param>
    /// <param name="into">Gets what is charged.</param>
    /// <returns>False when nobody is charged with it.</returns>
    public bool Charge(ReadOnlySpan<byte> path, in FileState state, DiskUsage into)
    {
        if (homes is null)
        {
            if (state.Links > 1 && !met.Add(state.Device, state.Inode))
            {
                return true;
            }

            var isCharged = IsCharged(state.Uid);
            into.Add(isCharged ? state.Uid : 0, 1, isCharged ? state.Blocks : 0);
            return isCharged;
        }

        var isFound = homes.TryFind(path, out var uid);
        into.Add(uid, state.IsShared ? state.Links : 1, isFound ? state.Blocks : 0);
        return isFound;
    }

    private void Charge(in DiskEntry entry, DiskUsage part)
    {
        var state = entry.State;
        if (homes != null && entry.Mark != 0)
        {
            part.Add((uint)(entry.Mark - 1), state.IsShared ? state.Links : 1, state.Blocks);
            return;
        }

        if (homes is null)
        {
            part.Add(state.Uid, 1, state.Blocks);
        }

        if (Uncharged != null && (homes != null || !IsCharged(state.Uid)))
        {
            lock (telling)
            {
                Uncharged(entry);
            }
        }
    }

    /// <summary>One more than the number of the user whose login directory it is in; 0 for nobody's.</summary>
    private long MarkOf(byte[] path, long above) => homes!.TryFind(path, out var uid) ? uid + 1L : above;
}
