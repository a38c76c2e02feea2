// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Tests.Ledger;

namespace AcctExporter.Tests.Capture;

/// <summary>
/// A storage directory, and the agent's life in it: opened, counted, saved, ended without a word, opened again.
/// </summary>
internal sealed class TestStore : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("store-test").FullName;
    private readonly Func<TestStore, ExitEnricher>? enricher;
    private readonly AcctFile file;

    /// <param name="limits">The ledger's.</param>
    /// <param name="enricher">Makes that of each life anew: it lasts no longer than the agent.</param>
    public TestStore(LedgerOptions? limits = null, Func<TestStore, ExitEnricher>? enricher = null)
    {
        this.enricher = enricher;
        Limits = limits ?? new LedgerOptions();
        Options = new CaptureOptions { StoragePath = $"{root}/storage" };
        file = Pipeline.OpenFile($"{root}/pacct");
        Open();
    }

    public CaptureOptions Options { get; set; }

    /// <summary>The ledger's, from the next <see cref="Open"/> on.</summary>
    public LedgerOptions Limits { get; set; }

    public FixedClock Clock { get; } = new();

    public CaptureStore Store { get; private set; } = null!;

    public ExitRecorder Recorder { get; private set; } = null!;

    public string CheckpointPath => $"{Options.StoragePath}/checkpoint";

    public string JournalPath => $"{Options.StoragePath}/journal";

    /// <summary>Both sections of it, one behind the other.</summary>
    public byte[] Ledger => [.. TestLedger.CheckpointOf(Store.Ledger), .. TestLedger.NativesOf(Store.Ledger)];

    public ulong HostExits
    {
        get
        {
            var snapshot = new LedgerSnapshot();
            Store.Ledger.CopyTo(snapshot);
            return snapshot.Host.Exits;
        }
    }

    public void Append(ReadOnlySpan<byte> records) => RandomAccess.Write(file.Handle, records, file.Length);

    public void Drain() => Recorder.Drain(file, FileEnd.Growing);

    public void Count(ReadOnlySpan<byte> records)
    {
        Append(records);
        Drain();
    }

    public void Save() => Store.Save(Recorder.Position, Clock.Now);

    /// <summary>What SIGKILL leaves: nothing is flushed or saved.</summary>
    public void End()
    {
        Store.Dispose();
        Store.Ledger.Dispose();
    }

    public void Open()
    {
        Store = OpenStore(Options);
        Recorder = new ExitRecorder(Store.Journal, Store.Ledger, Clock);
        Recorder.Enricher = enricher?.Invoke(this);
        Recorder.Resume(Store.Position);
        if (Store.Position != default)
        {
            file.Position = Store.Position;
        }
    }

    public CaptureStore OpenStore(CaptureOptions options) =>
        CaptureStore.Open(options, () => new ExitLedger(Limits, uid => uid < 1025 ? "staff" : $"{uid}"), Clock);

    public void Dispose()
    {
        Store.Dispose();
        file.Dispose();
        Directory.Delete(root, recursive: true);
    }
}
