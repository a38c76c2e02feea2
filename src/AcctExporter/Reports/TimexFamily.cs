// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// The exits of a process's descendants, by pid and parent pid: read from the end of an accounting file or the journal,
/// back to when the process began.
/// </summary>
internal sealed class TimexFamily
{
    /// <summary>Begins are whole seconds, and a second may be lost between two clocks.</summary>
    private const int SlackSeconds = 3;

    /// <summary>
    /// Strangers that are looked at again: a child that ends while its parent does may come behind it.
    /// </summary>
    private const int LateOnes = 256;

    private readonly Dictionary<uint, long> parents = [];
    private readonly Queue<Member> strangers = new(LateOnes);
    private readonly List<Member> members = [];

    private TimexFamily(uint ancestor, long since) => parents.Add(ancestor, since);

    /// <summary>An exit, with what is known better of it.</summary>
    public struct Member
    {
        /// <summary>The record.</summary>
        public RawV3 Record;

        /// <summary>Taskstats' figures, or nothing.</summary>
        public ExitTruth Truth;

        /// <summary>Of the record.</summary>
        public ushort TicksPerSecond;

        /// <summary>How many stand behind it.</summary>
        public long Place;

        /// <summary>As reports see it.</summary>
        public static AcctEntry Entry(in Member exit) => new(in exit.Record, exit.TicksPerSecond, in exit.Truth);
    }

    /// <summary>The exits of all descendants, in the order of the file.</summary>
    /// <param name="source">The file, or the journal.</param>
    /// <param name="io">Where messages go.</param>
    /// <param name="applet">The command, for messages.</param>
    /// <param name="ancestor">The process whose descendants are meant.</param>
    /// <param name="since">When the first of them may have begun.</param>
    /// <param name="result">How the reading went.</param>
    public static List<Member> Find(
        ExitInputOptions source, ReportIo io, string applet, uint ancestor, long since, out ReadResult result)
    {
        var family = new TimexFamily(ancestor, since);
        using var input = ExitInput.Open(source with { NewestFirst = true }, io, applet);
        var batch = new ExitBatch();
        var (isOver, place) = (false, 0L);
        while (!isOver && input.Read(batch))
        {
            for (var i = 0; i < batch.Count && !isOver; i++)
            {
                var entry = batch[i];
                isOver = entry.EndUnixSeconds < since - SlackSeconds;
                if (!isOver)
                {
                    family.Meet(new Member
                    {
                        Record = entry.Record,
                        Truth = batch.Truths is { } truths ? truths[i] : default,
                        TicksPerSecond = entry.TicksPerSecond,
                        Place = place++,
                    });
                }
            }
        }

        result = input.Result;
        family.members.Sort((one, other) => other.Place.CompareTo(one.Place));
        return family.members;
    }

    private void Meet(Member exit)
    {
        if (!IsMember(exit))
        {
            if (strangers.Count == LateOnes)
            {
                strangers.Dequeue();
            }

            strangers.Enqueue(exit);
            return;
        }

        Add(exit);
        // Its children come behind it when read this way, but for those that are late.
        for (var again = true; again;)
        {
            again = false;
            for (var left = strangers.Count; left > 0; left--)
            {
                var stranger = strangers.Dequeue();
                if (IsMember(stranger))
                {
                    Add(stranger);
                    again = true;
                }
                else
                {
                    strangers.Enqueue(stranger);
                }
            }
        }
    }

    /// <summary>A pid may be used again: who ended before the parent began is another's child.</summary>
    private bool IsMember(in Member exit) =>
        parents.TryGetValue(exit.Record.Ppid, out var begin)
        && Member.Entry(exit).EndUnixSeconds >= begin - SlackSeconds;

    private void Add(in Member exit)
    {
        members.Add(exit);
        parents[exit.Record.Pid] = exit.Record.BeginUnixSeconds;
    }
}
