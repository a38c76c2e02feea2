// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// A live list of exits: the last ones, and then each one as it comes, in the order of their ends. None is missing
/// between the two, and none comes twice.
/// </summary>
/// <param name="options">The accounting file, or the journal.</param>
/// <param name="io">What it reads, and where messages go.</param>
/// <param name="applet">The command's name, which each message begins with.</param>
/// <param name="shows">Says which exits are asked for.</param>
internal sealed class LiveExits(ExitInputOptions options, ReportIo io, string applet, LiveExits.Test shows)
{
    private readonly ExitBatch batch = new();

    /// <summary>True for an exit that is asked for.</summary>
    public delegate bool Test(in AcctEntry entry);

    /// <summary>Takes an exit.</summary>
    public delegate void Show(in AcctEntry entry);

    /// <summary>Shows them until it is told to end, or the input does.</summary>
    /// <param name="before">How many that have already ended.</param>
    /// <param name="show">Takes one after the other.</param>
    /// <param name="flush">Called when nothing more is there at the moment: now they are to be seen.</param>
    /// <param name="token">Ends it.</param>
    public ReadResult Run(long before, Show show, Action flush, CancellationToken token)
    {
        using var input = ExitInput.Open(options with { Follow = true, NewestFirst = false }, io, applet);
        // Standard input has no past: it is all new.
        if (before > 0 && !options.Files.Contains(AccountingFile.Standard))
        {
            ShowPast(input, before, show);
            flush();
        }

        do
        {
            while (input.Read(batch))
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    var entry = batch[i];
                    if (shows(entry))
                    {
                        show(entry);
                    }
                }

                flush();
            }
        }
        while (input.WaitForMore(token));
        return input.Result;
    }

    private void ShowPast(ExitInput input, long most, Show show)
    {
        // The first look finds the end, from which on all is new. What comes while the past is read is kept.
        var ahead = new List<Exit>();
        Keep(input, ahead);
        var past = input.Result == ReadResult.NotRead ? [] : Past(most);
        Keep(input, ahead);
        ShowAll(past, show);
        // What the past had already seen is no news.
        ShowAll(ahead.Skip(past.Count == 0 ? 0 : 1 + ahead.FindLastIndex(past[^1].IsSame)), show);
    }

    /// <summary>The last ones, the oldest of them first.</summary>
    private List<Exit> Past(long most)
    {
        var exits = new List<Exit>();
        using var input = ExitInput.Open(options with { Follow = false, NewestFirst = true }, io, applet);
        while (exits.Count < most && input.Read(batch))
        {
            for (var i = 0; i < batch.Count && exits.Count < most; i++)
            {
                Keep(i, exits);
            }
        }

        exits.Reverse();
        return exits;
    }

    private void Keep(ExitInput input, List<Exit> exits)
    {
        while (input.Read(batch))
        {
            for (var i = 0; i < batch.Count; i++)
            {
                Keep(i, exits);
            }
        }
    }

    private void Keep(int i, List<Exit> exits)
    {
        var entry = batch[i];
        if (shows(entry))
        {
            exits.Add(new Exit
            {
                Record = entry.Record,
                Ticks = entry.TicksPerSecond,
                Truth = batch.Truths?[i] ?? default,
            });
        }
    }

    private static void ShowAll(IEnumerable<Exit> exits, Show show)
    {
        foreach (var exit in exits)
        {
            show(new AcctEntry(in exit.Record, exit.Ticks, in exit.Truth));
        }
    }

    /// <summary>An exit that outlives its batch.</summary>
    private sealed class Exit
    {
        public RawV3 Record;
        public required ushort Ticks;
        public required ExitTruth Truth;

        /// <summary>True for the same record: there are no two with the same bytes.</summary>
        public bool IsSame(Exit other) => MemoryMarshal.AsBytes(new ReadOnlySpan<RawV3>(in Record))
            .SequenceEqual(MemoryMarshal.AsBytes(new ReadOnlySpan<RawV3>(in other.Record)));
    }
}
