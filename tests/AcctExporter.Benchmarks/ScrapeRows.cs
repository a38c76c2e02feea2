// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Metrics;

namespace AcctExporter.Benchmarks;

/// <summary>A scrape from the copy of the ledger to the last byte: plain text into nothing, and through gzip.</summary>
internal static class ScrapeRows
{
    private const int PeerLines = 490_000;

    /// <summary>The sizes that the budgets name.</summary>
    private static readonly (int Pairs, double Milliseconds)[] Sizes = [(300, 3), (1_000, 5), (10_000, 50)];

    /// <summary>Time and allocation of scrapes by number of pairs.</summary>
    public static IEnumerable<Finding> Sized(Workbench bench)
    {
        foreach (var (pairs, budget) in Sizes)
        {
            using var page = new Page(bench, pairs, new ScrapeOptions());
            var plain = page.Best(Stream.Null, out var allocated);
            var zipped = page.Best(new GZipStream(Stream.Null, CompressionLevel.Fastest), out _);
            yield return Finding.AtMost($"scrape of {pairs} pairs, {page.Lines} lines", plain, budget, "ms",
                Finding.Text($"{allocated} B allocated; with gzip {zipped:F1} ms"));
        }
    }

    /// <summary>The same as messages, with all histograms of all pairs as native ones, and their sizes.</summary>
    public static IEnumerable<Finding> Messages(Workbench bench)
    {
        const ExpositionFormat format = ExpositionFormat.Protobuf;
        foreach (var (pairs, budget) in Sizes)
        {
            using var page = new Page(bench, pairs, new ScrapeOptions());
            var plain = page.Best(Stream.Null, out var allocated, format);
            var zipped = page.Best(new GZipStream(Stream.Null, CompressionLevel.Fastest), out _, format);
            var (text, textZipped) = page.Sizes(ExpositionFormat.OpenMetrics);
            var (messages, messagesZipped) = page.Sizes(format);
            yield return Finding.AtMost($"scrape of {pairs} pairs as protobuf", plain, budget, "ms", Finding.Text(
                $"{allocated} B allocated; with gzip {zipped:F1} ms; KiB (and with gzip): ")
                + Finding.Text($"{messages} ({messagesZipped}), OpenMetrics {text} ({textZipped})"));
        }
    }

    /// <summary>
    /// As many lines as the peers' exporters were measured with. They cannot be restored here: their figures are cited.
    /// </summary>
    public static Finding AsManyLinesAsPeers(Workbench bench)
    {
        using var page = new Page(bench, 10_000, new ScrapeOptions { AllHistograms = true });
        var scaled = page.Best(Stream.Null, out _) / page.Lines * PeerLines;
        return Finding.AtMost(Finding.Text($"text of {PeerLines} lines (measured with {page.Lines})"), scaled, 20, "ms",
            "98-115 ms OpenTelemetry, 138-148 ms prometheus-net (published)");
    }

    /// <summary>A ledger of so many pairs, and its renderer.</summary>
    private sealed class Page : IExitSource, IDisposable
    {
        private const int WarmUps = 120;
        private const int Scrapes = 25;

        private readonly ExitLedger ledger;
        private readonly ScrapeRenderer renderer;

        public Page(Workbench bench, int pairs, ScrapeOptions options)
        {
            var (path, totals) = bench.SmallWithPairs(pairs);
            ledger = new ExitLedger(
                new LedgerOptions { PairLimit = pairs }, uid => uid.ToString(CultureInfo.InvariantCulture));
            using (var file = File.OpenRead(path))
            {
                new FileReplay(ledger, 1_700_000_000_000_000).Read(file);
            }

            FileTotals.Of(ledger).MustBe(totals, "the ledger to scrape");
            renderer = new ScrapeRenderer(
                this, options, new BuildFacts("0", "0"), () => AgentFigures.Unknown, () => 0, TimeProvider.System);
            var counter = new LineCounter();
            Scrape(PipeWriter.Create(counter), ExpositionFormat.Text);
            Lines = counter.Lines;
        }

        /// <summary>Lines of text.</summary>
        public int Lines { get; }

        public CaptureStatus Status { get; } = new() { Source = "file", Path = "none", Ready = true, SourceUp = true };

        /// <summary>Milliseconds of the best scrape, and what the last one allocated.</summary>
        public double Best(Stream output, out long allocated, ExpositionFormat format = ExpositionFormat.Text)
        {
            var pipe = PipeWriter.Create(output);
            var best = double.PositiveInfinity;
            allocated = 0;
            for (var i = 0; i < WarmUps + Scrapes; i++)
            {
                if (i == WarmUps)
                {
                    // The compiler works behind our back: what it has is taken over at the next call.
                    Thread.Sleep(300);
                }

                var before = GC.GetAllocatedBytesForCurrentThread();
                var start = Stopwatch.GetTimestamp();
                Scrape(pipe, format);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }

            return best;
        }

        public Task<bool> CatchUpAsync(TimeSpan limit, CancellationToken cancellation) => Task.FromResult(true);

        public void CopyTo(LedgerSnapshot snapshot) => ledger.CopyTo(snapshot);

        public void Dispose() => ledger.Dispose();

        /// <summary>KiB of a scrape, plain and compressed.</summary>
        public (long Plain, long Zipped) Sizes(ExpositionFormat format)
        {
            using var plain = new MemoryStream();
            Scrape(PipeWriter.Create(plain), format);
            using var zipped = new MemoryStream();
            using (var compressor = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
            {
                plain.WriteTo(compressor);
            }

            return (plain.Length / 1_024, zipped.Length / 1_024);
        }

        private void Scrape(PipeWriter pipe, ExpositionFormat format)
        {
            var start = renderer.BeginAsync(CancellationToken.None).GetAwaiter().GetResult();
            renderer.WriteAsync(start, pipe, format, CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    /// <summary>Counts lines and keeps nothing.</summary>
    private sealed class LineCounter : MemoryStream
    {
        public int Lines { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Lines += buffer.Span.Count((byte)'\n');
            return ValueTask.CompletedTask;
        }
    }
}
