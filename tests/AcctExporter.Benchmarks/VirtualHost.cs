// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Text;
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Metrics;
using AcctExporter.Records;
using AcctExporter.Web;

namespace AcctExporter.Benchmarks;

/// <summary>What a <see cref="VirtualHost"/> is like.</summary>
internal sealed record VirtualHostSetup
{
    /// <summary>The agent as it comes, joined with taskstats.</summary>
    public static readonly VirtualHostSetup Usual = new();

    /// <summary>Pairs of user and command, all of them met.</summary>
    public int Pairs { get; init; } = LedgerOptions.DefaultPairLimit;

    /// <summary>Exits come with the figures of taskstats.</summary>
    public bool TaskStats { get; init; } = true;

    /// <summary>And with delays.</summary>
    public bool Delays { get; init; }

    /// <summary>Every histogram for every pair.</summary>
    public bool AllHistograms { get; init; }
}

/// <summary>
/// A host that is none: a ledger of its own, which counts exits that are made up, behind the agent's own renderer and
/// endpoint. What a server scrapes is what an agent would answer, to the byte.
/// </summary>
internal sealed class VirtualHost : IExitSource, IDisposable
{
    /// <summary>So that sums by user over hosts are sums of many pairs.</summary>
    public const int Users = 12;

    /// <summary>Exits of each pair before the first scrape: its buckets and deaths are spread by then.</summary>
    private const int ExitsOfPair = 20;

    private const int Batch = 64;
    private const long Now = 1_790_000_000_000_000;

    private readonly VirtualHostSetup setup;
    private readonly Random random;
    private readonly ExitLedger ledger;
    private readonly ScrapeRenderer renderer;
    private readonly ProcessExit[] exits = new ProcessExit[Batch];
    private readonly TaskFigures[] figures = new TaskFigures[Batch];
    private readonly int[] pairs = new int[Batch];
    private readonly ArrayBufferWriter<byte> decisions = new();
    private readonly Lock gate = new();

    /// <summary>A host with every pair met.</summary>
    /// <param name="number">Tells it from others: the same number makes the same exits.</param>
    /// <param name="setup">What it is like.</param>
    public VirtualHost(int number, VirtualHostSetup setup)
    {
        this.setup = setup;
        random = new Random(number);
        ledger = new ExitLedger(new LedgerOptions { PairLimit = setup.Pairs },
            uid => string.Create(CultureInfo.InvariantCulture, $"user{uid:d2}"));
        renderer = new ScrapeRenderer(
            this, new ScrapeOptions { AllHistograms = setup.AllHistograms }, new BuildFacts("0", "0"),
            () => AgentFigures.Unknown, () => Now, TimeProvider.System);
        Endpoint = new MetricsEndpoint(renderer, maxScrapes: 40);
        for (var i = 0; i < setup.Pairs * ExitsOfPair; i += Batch)
        {
            var first = i;
            Count(Math.Min(Batch, (setup.Pairs * ExitsOfPair) - i), at => (first + at) % setup.Pairs);
        }
    }

    /// <summary>Answers scrapes.</summary>
    public MetricsEndpoint Endpoint { get; }

    /// <summary>Exits counted so far, by user.</summary>
    public long[] ExitsByUser { get; } = new long[Users];

    /// <inheritdoc/>
    public CaptureStatus Status { get; } = new()
    {
        Source = "accounting", Path = "none", Ready = true, SourceUp = true, AccountingActive = true,
        TaskStatsWanted = true, TaskStatsUp = true,
    };

    /// <summary>The label of a user.</summary>
    public static string User(int number) => string.Create(CultureInfo.InvariantCulture, $"user{number:d2}");

    /// <summary>So many more processes end, most of them of few pairs.</summary>
    public void Live(int count)
    {
        lock (gate)
        {
            for (; count > 0; count -= Batch)
            {
                Count(Math.Min(Batch, count), _ => (int)(setup.Pairs * Math.Pow(random.NextDouble(), 3)));
            }
        }
    }

    /// <summary>What a scrape would be answered.</summary>
    public ReadOnlyMemory<byte> Page(ExpositionFormat format)
    {
        var output = new ArrayBufferWriter<byte>();
        renderer.Write(output, format);
        return output.WrittenMemory;
    }

    /// <inheritdoc/>
    public Task<bool> CatchUpAsync(TimeSpan limit, CancellationToken cancellation) => Task.FromResult(true);

    /// <inheritdoc/>
    public void CopyTo(LedgerSnapshot snapshot) => ledger.CopyTo(snapshot);

    /// <inheritdoc/>
    public void Dispose()
    {
        Endpoint.Dispose();
        ledger.Dispose();
    }

    private void Count(int count, Func<int, int> pairOf)
    {
        for (var i = 0; i < count; i++)
        {
            var pair = pairOf(i);
            var user = pair % Users;
            exits[i] = Exit((uint)user, pair / Users);
            figures[i] = setup.TaskStats ? Figures(in exits[i]) : default;
            ExitsByUser[user]++;
        }

        ledger.Plan(exits.AsSpan(0, count), pairs, decisions, Now);
        decisions.ResetWrittenCount();
        ledger.Count(exits.AsSpan(0, count), figures.AsSpan(0, count), pairs, Now);
    }

    private ProcessExit Exit(uint uid, int command)
    {
        var name = CommandName.From(Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"command-{command:d3}")));
        // A median life of 45 ms, most of them between one and some hundred; little of it on a CPU.
        var elapsed = 45_000 * Math.Exp(2.2 * Normal());
        var cpu = elapsed * Math.Pow(random.NextDouble(), 3);
        return new ProcessExit
        {
            CommandLow = name.Low, CommandHigh = name.High, Uid = uid, Pid = (uint)random.Next(300, 4_000_000),
            Version = 3, ExitCode = ExitCode(), ElapsedMicroseconds = (ulong)elapsed,
            UserMicroseconds = (ulong)(cpu * 0.7), SystemMicroseconds = (ulong)(cpu * 0.3),
            VirtualMemoryBytes = (ulong)(8e6 * Math.Exp(1.2 * Normal())) & ~1023UL,
            MinorFaults = (ulong)random.Next(80, 5000), MajorFaults = random.Next(100) < 2 ? 3UL : 0,
            Flags = random.Next(4) == 0 ? AcctFlags.ForkedWithoutExec : AcctFlags.None,
        };
    }

    private TaskFigures Figures(in ProcessExit exit)
    {
        var known = new TaskFigures
        {
            ReadBytes = (ulong)random.Next(0, 2000) << 10, WrittenBytes = (ulong)random.Next(0, 400) << 10,
            StorageReadBytes = random.Next(10) == 0 ? 65_536UL : 0,
            StorageWrittenBytes = random.Next(5) == 0 ? 16_384UL : 0,
            ResidentMebibyteMicroseconds = 12 * (exit.UserMicroseconds + exit.SystemMicroseconds),
            PeakResidentBytes = (ulong)(5e6 * Math.Exp(Normal())) & ~4095UL,
            PeakVirtualBytes = exit.VirtualMemoryBytes,
            Knowledge = TaskKnowledge.Joined | (setup.Delays ? TaskKnowledge.Delays : TaskKnowledge.None),
        };
        for (var reason = 0; reason < (setup.Delays ? DelayFigures.Count : 0); reason++)
        {
            known.DelayMicroseconds[reason] = (ulong)random.Next(0, 300);
        }

        return known;
    }

    private uint ExitCode() => random.NextDouble() switch
    {
        < 0.90 => 0,
        < 0.985 => (uint)(1 + random.Next(3)) << 8,
        < 0.995 => 9,
        _ => 11 | 0x80,
    };

    private double Normal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
        {
            sum += random.NextDouble();
        }

        return sum;
    }
}
