// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Capture;
using AcctExporter.Journal;
using AcctExporter.Ledger;
using AcctExporter.Records;
using AcctExporter.Tests.Ledger;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Capture;

/// <summary>
/// An accounting file that grows, and the pipeline behind it: recorder, journal, ledger; its clock stands.
/// </summary>
internal sealed class Pipeline : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("pipeline-test").FullName;
    private readonly JournalWriter journal;
    private readonly TestLedger ledger;

    public Pipeline(LedgerOptions? limits = null)
    {
        ledger = new TestLedger(limits);
        journal = JournalWriter.Open(
            new JournalOptions
            {
                Directory = $"{root}/journal",
                Write = (file, bytes, offset) =>
                {
                    RandomAccess.Write(file, JournalFails ? bytes[..(bytes.Length / 2)] : bytes, offset);
                    if (JournalFails)
                    {
                        throw new IOException("No space left on device");
                    }
                },
            },
            out _);
        Recorder = new ExitRecorder(journal, ledger.Ledger, Clock);
        File = OpenFile($"{root}/pacct");
    }

    public FixedClock Clock { get; } = new();

    public ExitRecorder Recorder { get; }

    public AcctFile File { get; }

    /// <summary>The disk of the journal is full: half of a block gets there.</summary>
    public bool JournalFails { get; set; }

    public ulong Blocks => journal.LastSequence;

    public ulong HostExits => ledger.Snapshot().Host.Exits;

    /// <summary>Bytes that all exits wrote, by taskstats.</summary>
    public ulong Written => ledger.Snapshot().HostTasks.WrittenBytes;

    public Tallies Tallies => ledger.Snapshot().Tallies;

    /// <summary>A record of an ordinary process.</summary>
    public static byte[] Ordinary(string name, uint pid = 100, uint ppid = 1) => Slot.Of(new AcctRecord
    {
        Version = 3,
        TicksPerSecond = 100,
        Pid = pid,
        Ppid = ppid,
        ElapsedTicks = 5,
        MemoryKib = 2_000,
        MinorFaults = 90,
        Command = CommandName.From(Encoding.ASCII.GetBytes(name)),
    });

    /// <summary>A record of the shape that the kernel writes about the living caller when it leaves a file.</summary>
    public static byte[] Leaving(uint pid = 500) => Slot.Of(new AcctRecord
    {
        Version = 3,
        TicksPerSecond = 100,
        Pid = pid,
        Ppid = 1,
        ElapsedTicks = 5,
        Command = CommandName.From("accton"u8),
    });

    public static AcctFile OpenFile(string path)
    {
        var handle = System.IO.File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        return new AcctFile(handle, path, new SourcePosition(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 1, 0, 0));
    }

    /// <summary>The kernel writes.</summary>
    public void Append(params ReadOnlySpan<byte[]> records)
    {
        foreach (var record in records)
        {
            RandomAccess.Write(File.Handle, record, File.Length);
        }
    }

    public ProcessExit? Drain(FileEnd end = FileEnd.Growing) => Recorder.Drain(File, end);

    public string Pairs() => ledger.Pairs();

    public byte[] Checkpoint() => ledger.Checkpoint();

    public void Dispose()
    {
        File.Dispose();
        journal.Dispose();
        ledger.Dispose();
        Directory.Delete(root, recursive: true);
    }
}
