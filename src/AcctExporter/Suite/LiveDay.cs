// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;

namespace AcctExporter.Suite;

/// <summary>
/// What processes cost since a mark in the journal, by user, kept while the agent writes: the running day. At each mark
/// the sums are those that the daily run charges up to there. Not for several threads.
/// </summary>
/// <param name="folder">The journal's folder.</param>
/// <param name="split">Divides the lives of processes; its own.</param>
/// <param name="say">Takes messages.</param>
internal sealed class LiveDay(string folder, LifeSplit split, Action<string> say) : IDisposable
{
    /// <summary>Users that are kept apart; those who come later are one.</summary>
    public const int MostUsers = 65_536;

    private readonly JournalPlaces places = new(folder);
    private readonly JournalBlock block = new();
    private ProcessCharges charges = new(split, byGroup: false) { OnlyUsers = true, MostUsers = MostUsers };
    private JournalReader? reader;
    private ulong begin;

    /// <summary>Where it began.</summary>
    public JournalMark From { get; private set; }

    /// <summary>How far it is.</summary>
    public JournalMark To { get; private set; }

    /// <summary>Blocks that are missing or damaged: their exits are not in it.</summary>
    public ulong LostBlocks { get; private set; }

    /// <summary>By number of the user.</summary>
    public UserTable<UserSums> Users => charges.Users;

    /// <summary>Those of all users who came when there were too many.</summary>
    public ref readonly UserSums Others => ref charges.Others;

    /// <summary>Forgets all, and begins behind a mark: at the start, and when a daily run has taken a day.</summary>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Begin(JournalMark from)
    {
        reader?.Dispose();
        reader = null;
        (From, To, LostBlocks) = (from, from, 0);
        charges = charges.Again();
        begin = places.Between(from, places.Newest()).After;
        reader = new(folder) { SkipsGaps = true };
        reader.SeekAfter(begin);
    }

    /// <summary>Adds what is new.</summary>
    /// <param name="mostBlocks">No more than so many: for who has something else to do in between.</param>
    /// <returns>True when there may be more.</returns>
    /// <inheritdoc cref="Begin"/>
    public bool Advance(int mostBlocks)
    {
        if (reader is null)
        {
            Begin(From);
        }

        for (var taken = 0; taken < mostBlocks; taken++)
        {
            try
            {
                if (!reader!.TryReadNext(block))
                {
                    return false;
                }

                charges.Add(block);
                LostBlocks += block.Sequence - Math.Max(To.Block, begin) - 1;
                (begin, To) = (block.Sequence, new(block.Sequence, block.UnixMicroseconds));
            }
            catch (JournalException error)
            {
                say($"{error.Message} The running day goes on without it");
                if (!reader!.TryLeave(error.File, isBackwards: false))
                {
                    // What comes next begins a file of its own, for the agent refuses to append to this one.
                    reader.SeekAfter(places.Newest().Block);
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Closes the journal.</summary>
    public void Dispose() => reader?.Dispose();
}
