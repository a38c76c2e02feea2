// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Logins;
using AcctExporter.Metrics;
using AcctExporter.Records;
using AcctExporter.Suite;

namespace AcctExporter.Tests.Metrics;

/// <summary>A pipeline without a kernel: a ledger that the test fills, and a state that it sets.</summary>
internal sealed class FakeSource : IExitSource, ILoginView, ISuiteView, IDisposable
{
    public const long Noon = 1_700_000_000_000_000;

    private readonly LedgerOptions options;

    public FakeSource(int pairLimit = LedgerOptions.DefaultPairLimit, Func<uint, string>? userName = null,
        LedgerOptions? options = null, HistogramBounds? bounds = null)
    {
        this.options = options
            ?? new LedgerOptions { PairLimit = pairLimit, Bounds = bounds ?? HistogramBounds.Default };
        Ledger = new ExitLedger(this.options, userName ?? (uid => uid == 0 ? "root" : $"user{uid}"));
    }

    public ExitLedger Ledger { get; }

    public CaptureStatus Status { get; set; } = new()
    {
        Source = "accounting",
        Path = "/var/lib/acct-exporter/segments",
        Ready = true,
        SourceUp = true,
        AccountingActive = true,
    };

    /// <summary>What is known of logins.</summary>
    public LoginSnapshot? Snapshot { get; set; }

    /// <summary>What is known of the accounting suite.</summary>
    public SuiteSnapshot? Suite { get; set; }

    public SuiteWorkCounts? Work { get; set; }

    public bool IsReady { get; set; } = true;

    /// <summary>Sees what is counted, as it does behind the pipeline.</summary>
    public IExitObserver? Observer { get; set; }

    /// <summary>What waiting for the records on hand comes to.</summary>
    public Func<CancellationToken, Task<bool>> CatchUp { get; set; } = _ => Task.FromResult(true);

    public Task<bool> CatchUpAsync(TimeSpan limit, CancellationToken cancellation) => CatchUp(cancellation);

    public void CopyTo(LedgerSnapshot snapshot) => Ledger.CopyTo(snapshot);

    public void Dispose() => Ledger.Dispose();

    /// <summary>Counts exits, each with a birth one second after the one before where it makes a pair.</summary>
    public void Count(params ReadOnlySpan<ProcessExit> exits) => Count(exits, []);

    /// <summary>The same, with what taskstats say of each.</summary>
    public void Count(ReadOnlySpan<ProcessExit> exits, ReadOnlySpan<TaskFigures> figures)
    {
        var decisions = new ArrayBufferWriter<byte>();
        Span<int> pair = stackalloc int[1];
        for (var i = 0; i < exits.Length; i++)
        {
            var exit = exits.Slice(i, 1);
            Ledger.Plan(exit, pair, decisions, Noon + (i * 1_000_000L));
            var figure = figures.IsEmpty ? [] : figures.Slice(i, 1);
            Ledger.Count(exit, figure, pair, Noon);
            Observer?.Counted(Ledger, exit, figure, pair);
        }
    }

    /// <summary>An exit, by what a test says of it.</summary>
    public static ProcessExit Exit(
        string command, uint uid = 0, uint exitCode = 0, ulong user = 0, ulong system = 0, ulong elapsed = 0,
        ulong memory = 0, ulong minor = 0, ulong major = 0, AcctFlags flags = AcctFlags.None) =>
        Exit(Encoding.UTF8.GetBytes(command), uid, exitCode) with
        {
            UserMicroseconds = user,
            SystemMicroseconds = system,
            ElapsedMicroseconds = elapsed,
            VirtualMemoryBytes = memory,
            MinorFaults = minor,
            MajorFaults = major,
            Flags = flags,
        };

    public static ProcessExit Exit(byte[] command, uint uid, uint exitCode)
    {
        var name = CommandName.From(command);
        return new() { CommandLow = name.Low, CommandHigh = name.High, Uid = uid, ExitCode = exitCode, Pid = 1 };
    }

    /// <summary>A renderer over this source.</summary>
    public ScrapeRenderer Renderer(bool allHistograms = false, bool created = false, ProcessFigures? process = null,
        bool exemplars = true) =>
        new(this,
            new ScrapeOptions
            {
                AllHistograms = allHistograms, Created = created, Exemplars = exemplars, Bounds = options.Bounds,
            },
            new BuildFacts("1.2.3", "abc123"), () => Figures(process), () => Noon - 1_000_000,
            TimeProvider.System)
        {
            Logins = this,
            Suite = this,
            Recent = Observer as RecentExits,
            Host = "web-1",
        };

    internal static AgentFigures Figures(ProcessFigures? process) => process is null ? AgentFigures.Unknown : new()
    {
        Process = process,
        Log = new LogFigures(1, 2, 3, 4, 5),
        Reload = new ReloadFigures(true, true, Noon, 7, 2),
        Web = new WebFigures(true, 6, 1, Noon, 1, 2, 3, 4),
        MetricsPush = new PushFigures(9, 3, Noon),
        EventsPush = new PushFigures(8, 4, Noon),
    };

    /// <summary>What a scrape of text would be answered.</summary>
    public string Scrape(
        ExpositionFormat format = ExpositionFormat.Text, bool allHistograms = false, bool created = false,
        ProcessFigures? process = null, bool exemplars = true) =>
        Encoding.UTF8.GetString(Bytes(Renderer(allHistograms, created, process, exemplars), format));

    /// <summary>What a scrape of messages would be answered.</summary>
    public List<FamilyMessage> Messages(
        bool allHistograms = false, ProcessFigures? process = null, bool exemplars = true) =>
        FamilyMessage.Read(Bytes(
            Renderer(allHistograms, process: process, exemplars: exemplars), ExpositionFormat.Protobuf));

    private static byte[] Bytes(ScrapeRenderer renderer, ExpositionFormat format)
    {
        var output = new ArrayBufferWriter<byte>();
        renderer.Write(output, format);
        return output.WrittenSpan.ToArray();
    }
}
