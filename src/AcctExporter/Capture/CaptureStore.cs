// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using AcctExporter.Journal;
using AcctExporter.Kernel;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// What lasts: the checkpoint, the journal behind it, and the ledger that both make together. Opening it gives the
/// ledger that was visible when the agent ended, however it ended.
/// </summary>
internal sealed class CaptureStore : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string CheckpointName = "checkpoint";

    /// <summary>The folder of the journal in the storage folder.</summary>
    public const string JournalName = "journal";

    private const int PositionSize = 16 + (4 * 8);

    private readonly string checkpointPath;
    private readonly Checkpoint checkpoint;
    private readonly AccountingLock guard;
    private ulong coveredSequence;

    private CaptureStore(string checkpointPath, Checkpoint checkpoint, AccountingLock guard, JournalWriter journal,
        ExitLedger ledger)
    {
        this.checkpointPath = checkpointPath;
        this.checkpoint = checkpoint;
        this.guard = guard;
        Journal = journal;
        Ledger = ledger;
    }

    /// <summary>The journal, open for appending.</summary>
    public JournalWriter Journal { get; }

    /// <summary>The ledger as of the last whole block.</summary>
    public ExitLedger Ledger { get; }

    /// <summary>Where the last whole block ends; default when nothing was ever counted.</summary>
    public SourcePosition Position { get; private set; }

    /// <summary>Bytes of a torn block that were cut off the journal's end at start.</summary>
    public long RepairedBytes { get; private set; }

    /// <summary>Exits counted again from the journal at start.</summary>
    public ulong ReplayedExits { get; private set; }

    /// <summary>Why the group that is to read the journal cannot; null when it can, or none is to.</summary>
    public string? NotShared { get; private set; }

    /// <summary>
    /// Why what was stored was set aside, and counting began at 0; null when it was taken over.
    /// </summary>
    public string? SetAsideBecause { get; private set; }

    /// <summary>That others could write in the storage folder; null when they could not.</summary>
    public string? OpenFolder { get; private set; }

    /// <summary>Opens, repairs and replays. Takes the lock of the storage directory.</summary>
    /// <param name="options">Where it is, and what to do when it is damaged.</param>
    /// <param name="newLedger">An empty ledger.</param>
    /// <param name="clock">Names what is set aside.</param>
    /// <exception cref="CaptureFault">Another agent has the directory.</exception>
    /// <exception cref="StorageFault">What is in it is damaged.</exception>
    public static CaptureStore Open(CaptureOptions options, Func<ExitLedger> newLedger, TimeProvider clock)
    {
        var openFolder = StorageFolder.Prepare(options.StoragePath);
        var guard = AccountingLock.TryTake(Path.Combine(options.StoragePath, "lock"), out var holder)
            ?? throw new CaptureFault(
                $"another agent (process {holder}) works in {options.StoragePath}: end it, or give this one a "
                + "directory of its own with --storage.path and --accounting.path");
        CaptureStore? opened = null;
        try
        {
            opened = OpenOrStartAnew(options, newLedger, clock, guard);
            opened.OpenFolder = openFolder;
            return opened;
        }
        finally
        {
            if (opened is null)
            {
                guard.Dispose();
            }
        }
    }

    /// <summary>Syncs the journal and saves the ledger: after this, replay begins behind the last block.</summary>
    public void Save(SourcePosition position, DateTimeOffset now)
    {
        CrashPoint.Reach(CrashPoint.BeforeSync);
        Journal.Sync();
        CrashPoint.Reach(CrashPoint.AfterSync);
        var section = new ArrayBufferWriter<byte>();
        Ledger.SaveCheckpoint(section);
        checkpoint[Checkpoint.LedgerTag] = section.WrittenSpan.ToArray();
        section.ResetWrittenCount();
        Ledger.SaveNatives(section);
        checkpoint[Checkpoint.NativesTag] = section.WrittenSpan.ToArray();
        checkpoint[Checkpoint.PositionTag] = PositionSection(Journal.LastSequence, position);
        FileReplacement.Put(checkpointPath, checkpoint.ToBytes(), ReplacementPoints.Checkpoint);
        coveredSequence = Journal.LastSequence;
        Journal.Retain(coveredSequence, now);
    }

    /// <summary>True when blocks were written since the last <see cref="Save"/>.</summary>
    public bool HasNews => Journal.LastSequence != coveredSequence;

    /// <inheritdoc/>
    public void Dispose()
    {
        Journal.Dispose();
        guard.Dispose();
    }

    private static CaptureStore OpenOrStartAnew(CaptureOptions options, Func<ExitLedger> newLedger, TimeProvider clock,
        AccountingLock guard)
    {
        var checkpointPath = Path.Combine(options.StoragePath, CheckpointName);
        var journalPath = Path.Combine(options.StoragePath, JournalName);
        try
        {
            return OpenLocked(options, newLedger, guard, checkpointPath, journalPath);
        }
        catch (StorageFault fault) when (options.OnDamage == DamageAction.StartAnew)
        {
            SetAside(checkpointPath, journalPath, clock);
            var store = OpenLocked(options, newLedger, guard, checkpointPath, journalPath);
            store.SetAsideBecause = (fault.InnerException ?? fault).Message;
            return store;
        }
    }

    private static CaptureStore OpenLocked(CaptureOptions options, Func<ExitLedger> newLedger, AccountingLock guard,
        string checkpointPath, string journalPath)
    {
        var ledger = newLedger();
        var isOpen = false;
        Directory.CreateDirectory(journalPath, OwnerOnly);
        var sharing = JournalSharing.Of(options.StoragePath, journalPath, options.JournalGroup);
        try
        {
            var loaded = Checkpoint.Load(checkpointPath);
            var (covered, position) = loaded is null ? default : ReadPosition(loaded);
            if (loaded is not null)
            {
                ledger.LoadCheckpoint(
                    loaded[Checkpoint.LedgerTag] ?? throw new InvalidDataException(
                        "the checkpoint has no counters (section LDGR is missing)"),
                    loaded[Checkpoint.NativesTag]);
            }

            var journal = JournalWriter.Open(
                new JournalOptions
                {
                    Directory = journalPath,
                    RetentionAge = options.JournalRetentionAge,
                    RetentionBytes = options.JournalRetentionBytes,
                    SyncDirectory = DirectorySync.Sync,
                    FileMade = sharing.Share,
                },
                out var repair);
            journal.SkipTo(covered);
            var store = new CaptureStore(checkpointPath, loaded ?? new Checkpoint(), guard, journal, ledger)
            {
                Position = position,
                RepairedBytes = repair.BytesCut,
                NotShared = sharing.Fault,
                coveredSequence = covered,
            };
            store.Replay(journalPath);
            isOpen = true;
            return store;
        }
        catch (Exception error) when (error is InvalidDataException or JournalException)
        {
            throw new StorageFault($"what is kept in {options.StoragePath} cannot be used: {error.Message}", error);
        }
        finally
        {
            if (!isOpen)
            {
                ledger.Dispose();
            }
        }
    }

    /// <summary>Counts the blocks behind the checkpoint; lets go of the journal when one cannot be used.</summary>
    private void Replay(string journalPath)
    {
        var done = false;
        try
        {
            using var reader = new JournalReader(journalPath);
            reader.SeekAfter(coveredSequence);
            ReplayAll(reader);
            done = true;
        }
        finally
        {
            if (!done)
            {
                Journal.Dispose();
            }
        }
    }

    private void ReplayAll(JournalReader reader)
    {
        var block = new JournalBlock();
        var exits = new ProcessExit[JournalBlock.MaxExits];
        var figures = new TaskFigures[JournalBlock.MaxExits];
        while (reader.TryReadNext(block))
        {
            for (var i = 0; i < block.Count; i++)
            {
                if (AcctRecord.TryReadExit(block.RecordOf(i), out exits[i]) != DecodeStatus.Ok)
                {
                    throw new InvalidDataException(
                        $"exit {i} of block {block.Sequence} of the journal is no accounting record");
                }

                if (!ExitSupplement.TryApply(block.ExtensionOf(i), ref exits[i], out figures[i]))
                {
                    throw new InvalidDataException(
                        $"the supplement of exit {i} of block {block.Sequence} of the journal cannot be read");
                }
            }

            Ledger.Apply(block.Decisions.WrittenSpan);
            Ledger.Count(
                exits.AsSpan(0, block.Count), figures.AsSpan(0, block.Count), block.Pairs, block.UnixMicroseconds);
            Position = block.Position;
            ReplayedExits += (ulong)block.Count;
        }
    }

    private static byte[] PositionSection(ulong sequence, SourcePosition position)
    {
        var bytes = new byte[PositionSize];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, sequence);
        position.BootId.TryWriteBytes(bytes.AsSpan(8), bigEndian: true, out _);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), position.Segment);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(32), position.Fingerprint);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(40), position.Offset);
        return bytes;
    }

    private static (ulong Covered, SourcePosition Position) ReadPosition(Checkpoint checkpoint)
    {
        var bytes = checkpoint[Checkpoint.PositionTag]
            ?? throw new InvalidDataException(
                "the checkpoint does not say how far it reaches (section JPOS is missing)");
        if (bytes.Length < PositionSize)
        {
            throw new InvalidDataException("section JPOS of the checkpoint is cut short");
        }

        return (
            BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            new SourcePosition(
                new Guid(bytes.AsSpan(8, 16), bigEndian: true),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(24)),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(32)),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(40))));
    }

    private static void SetAside(string checkpointPath, string journalPath, TimeProvider clock)
    {
        var suffix =
            ".set-aside-" + clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        if (File.Exists(checkpointPath))
        {
            File.Move(checkpointPath, checkpointPath + suffix);
        }

        if (Directory.Exists(journalPath))
        {
            Directory.Move(journalPath, journalPath + suffix);
        }
    }
}
