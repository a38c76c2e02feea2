// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;

namespace AcctExporter.Suite;

/// <summary>
/// Charges the exits of a part of the journal in one pass, by several processors: one at a time reads a block, and
/// unpacks and adds it up beside the others. What cannot be read is said, and counted as blocks that are lost.
/// </summary>
/// <param name="folder">The journal's folder.</param>
/// <param name="say">Takes messages, on any thread but never on two at once.</param>
internal sealed class JournalCharge(string folder, Action<string> say)
{
    /// <summary>A part with fewer blocks is not worth a thread.</summary>
    private const ulong BlocksAlone = 8;

    private readonly Lock reading = new();
    private JournalReader? reader;
    private ulong last;
    private bool isOver;

    /// <summary>How many processors work on it: as many as the machine has, up to four.</summary>
    public int Workers { get; init; } = Math.Min(Environment.ProcessorCount, 4);

    /// <summary>Blocks that were charged.</summary>
    public ulong Blocks { get; private set; }

    /// <summary>Blocks that should have been, and could not.</summary>
    public ulong LostBlocks { get; private set; }

    /// <summary>Adds the exits of a part of the journal to what <paramref name="charges"/> has.</summary>
    /// <param name="part">Which.</param>
    /// <param name="charges">Takes them.</param>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Run(JournalStretch part, ProcessCharges charges)
    {
        (last, isOver, Blocks, LostBlocks) = (part.To.Block, part.Blocks == 0, 0, 0);
        if (!isOver)
        {
            using var opened = new JournalReader(folder) { SkipsGaps = true };
            opened.SeekAfter(part.After);
            reader = opened;
            Share(Math.Clamp((int)Math.Min(part.Blocks / BlocksAlone, int.MaxValue), 1, Workers), charges);
        }

        LostBlocks = part.Blocks - Blocks;
    }

    private void Share(int workers, ProcessCharges charges)
    {
        var parts = new ProcessCharges[workers - 1];
        var helpers = new Task[workers - 1];
        for (var i = 0; i < helpers.Length; i++)
        {
            var local = parts[i] = charges.Again();
            helpers[i] = Task.Factory.StartNew(
                () => WorkOff(local), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        try
        {
            WorkOff(charges);
        }
        finally
        {
            Stop();
            // What they threw is looked at below.
            Task.WhenAll(helpers).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default).Wait();
        }

        for (var i = 0; i < helpers.Length; i++)
        {
            helpers[i].GetAwaiter().GetResult();
            charges.Add(parts[i]);
        }
    }

    private void Stop()
    {
        lock (reading)
        {
            isOver = true;
        }
    }

    private void WorkOff(ProcessCharges charges)
    {
        using var decoder = new BlockDecoder();
        var (frame, block) = (new JournalFrame(), new JournalBlock());
        while (TryTake(frame))
        {
            try
            {
                frame.Decode(decoder, block);
            }
            catch (JournalException error)
            {
                lock (reading)
                {
                    say($"{error.Message} Its exits are not charged");
                    Blocks--;
                }

                continue;
            }

            charges.Add(block);
        }
    }

    private bool TryTake(JournalFrame frame)
    {
        lock (reading)
        {
            while (!isOver)
            {
                try
                {
                    isOver = !reader!.TryReadNext(frame) || frame.Sequence > last;
                    Blocks += isOver ? 0UL : 1;
                    return !isOver;
                }
                catch (JournalDamagedException error)
                {
                    say($"{error.Message} The rest is charged");
                    isOver = !reader!.TryLeave(error.File, isBackwards: false);
                }
                catch (JournalException error)
                {
                    say(error.Message);
                    isOver = true;
                }
            }

            return false;
        }
    }
}
