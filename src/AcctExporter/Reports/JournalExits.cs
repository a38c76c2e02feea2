// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// The exits of the agent's journal, oldest or newest first, also while the agent writes. What ended since its last
/// pass is not in it yet.
/// </summary>
internal sealed class JournalExits : ExitSource
{
    /// <summary>The folder of the journal in the storage folder.</summary>
    public const string FolderName = "journal";

    private readonly string folder;
    private readonly ExitInputOptions options;
    private readonly ReportIo io;
    private readonly string applet;
    private readonly JournalReader reader;
    private readonly JournalBlock block = new();

    /// <summary>Exits of the block that were handed out.</summary>
    private int done;
    private bool isSought;
    private bool isOver;
    private ulong missingTold;

    /// <summary>Opens nothing before the first read.</summary>
    public JournalExits(ExitInputOptions options, ReportIo io, string applet)
    {
        this.options = options;
        this.io = io;
        this.applet = applet;
        folder = Path.Combine(options.StoragePath, FolderName);
        reader = new(folder) { SkipsGaps = true };
    }

    /// <summary>How the reading went so far.</summary>
    public ReadResult Result { get; private set; }

    /// <summary>Whether there is a journal, as far as one may look.</summary>
    public static bool IsThere(string storagePath) =>
        FileIdentity.TryOfPath(Path.Combine(storagePath, FolderName), out _, out var errno)
        || errno is not (Errno.ENOENT or Errno.ENOTDIR);

    /// <inheritdoc/>
    public override bool Read(ExitBatch batch)
    {
        while (!isOver)
        {
            try
            {
                Fill(batch);
                TellMissing();
                return batch.Count > 0;
            }
            catch (JournalDamagedException error)
            {
                Say($"{error.Message} The rest is read", ReadResult.WithFlaws);
                isOver = !reader.TryLeave(error.File, isBackwards: options.NewestFirst);
            }
            catch (JournalException error)
            {
                Say(error.Message, ReadResult.NotRead);
                isOver = true;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Say($"cannot read the journal in {folder}: {FileFault.Why(error)}"
                    + (error is UnauthorizedAccessException ? Mends : ""), ReadResult.NotRead);
                isOver = true;
            }
        }

        return batch.Count > 0;
    }

    /// <inheritdoc/>
    public override void Dispose() => reader.Dispose();

    private const string Mends =
        ". Run this as root, or let the agent make its journal readable to a group that you are in (--journal.group)";

    private void Fill(ExitBatch batch)
    {
        if (!isSought)
        {
            Seek();
            isSought = true;
        }

        while (batch.Count < ExitBatch.Capacity)
        {
            if (done == block.Count)
            {
                // Empty also when the next one turns out to be damaged.
                done = 0;
                block.Clear();
                if (!(options.NewestFirst ? reader.TryReadPrevious(block) : reader.TryReadNext(block)))
                {
                    break;
                }
            }

            while (done < block.Count && batch.Count < ExitBatch.Capacity)
            {
                Add(options.NewestFirst ? block.Count - 1 - done : done, batch);
                done++;
            }
        }
    }

    private void Seek()
    {
        // A folder that may not be entered looks like an empty one to the reader.
        if (!FileIdentity.TryOfPath(Path.Combine(folder, "."), out _, out var errno))
        {
            var fault = Errno.Fault("open", folder, errno);
            throw errno == Errno.EACCES ? new UnauthorizedAccessException(fault.Message, fault) : fault;
        }

        if (options.NewestFirst)
        {
            reader.SeekToEnd();
        }
        else if (options.Follow && NewestBlock() is > 0 and var newest)
        {
            reader.SeekAfter(newest);
        }
        else
        {
            reader.SeekToStart();
        }
    }

    private ulong NewestBlock()
    {
        using var newest = new JournalReader(folder) { SkipsGaps = true };
        newest.SeekToEnd();
        return newest.TryReadPrevious(block) ? Emptied(block.Sequence) : 0;
    }

    private ulong Emptied(ulong sequence)
    {
        block.Clear();
        return sequence;
    }

    private void Add(int i, ExitBatch batch)
    {
        var slot = batch.Slot(batch.Count);
        batch.SetTicks(batch.Count, HostRecord.Write(block.RecordOf(i), slot, options.AssumedTicksPerSecond));
        var supplement = block.ExtensionOf(i);
        if (!options.AsRecorded)
        {
            // What stands there is no I/O: see AcctEntry.HasIo.
            HostRecord.ForgetIo(slot);
            if (!supplement.IsEmpty)
            {
                Correct(supplement, slot, batch);
            }
        }

        batch.Count++;
    }

    private void Correct(ReadOnlySpan<byte> supplement, Span<byte> slot, ExitBatch batch)
    {
        var exit = default(ProcessExit);
        if (!ExitSupplement.TryApply(supplement, ref exit, out var figures))
        {
            Say($"{folder}: what block {block.Sequence} has beside a record cannot be read: the record is shown as it"
                + " is", ReadResult.WithFlaws);
            return;
        }

        if ((figures.Knowledge & TaskKnowledge.Renamed) != 0)
        {
            HostRecord.Rename(slot, exit.Command);
        }

        batch.SetTruth(batch.Count, new ExitTruth
        {
            UserMicroseconds = exit.UserMicroseconds,
            SystemMicroseconds = exit.SystemMicroseconds,
            ElapsedMicroseconds = exit.ElapsedMicroseconds,
            CallBytes = figures.ReadBytes + figures.WrittenBytes,
            StorageBytes = figures.StorageReadBytes + figures.StorageWrittenBytes,
            IsKnown = true,
        });
    }

    private void TellMissing()
    {
        if (reader.MissingBlocks > missingTold)
        {
            Say($"{folder}: {reader.MissingBlocks - missingTold} blocks are missing (a journal file was deleted, moved"
                + " or cut off): their exits are left out", ReadResult.WithFlaws);
            missingTold = reader.MissingBlocks;
        }
    }

    private void Say(string message, ReadResult result)
    {
        io.Errors.WriteLine($"{applet}: {message}");
        Result = Result > result ? Result : result;
    }
}
