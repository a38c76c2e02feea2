// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Metrics;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace AcctExporter.Push;

/// <summary>
/// Exit events as log records over OTLP. The SDK would drop what its queue does not hold and what a receiver refuses;
/// here its queue never holds more than one batch, and a batch that was not taken is sent again.
/// </summary>
internal sealed class ExitLogs : IExitEventSink
{
    /// <summary>Events of one request: about 700 bytes each, so far below the 4 MiB that gRPC receivers take.</summary>
    public const int BatchLimit = 512;

    private readonly OpenTelemetryLoggerProvider provider;
    private readonly BatchLogRecordExportProcessor queue;
    private readonly Verdict verdict;
    private readonly ILogger logger;
    private readonly OtlpConnection connection;
    private readonly PushCounts counts;
    private readonly List<ExitLogRecord> batch = new(BatchLimit);
    private long written;

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="settings">Where and how, of logs.</param>
    /// <param name="resource">Who tells.</param>
    /// <param name="scope">Name and version of what tells.</param>
    /// <param name="clock">For the time of the last success.</param>
    public ExitLogs(
        OtlpSettings settings, ResourceBuilder resource, (string Name, string Version) scope, TimeProvider clock)
    {
        counts = new PushCounts(clock);
        connection = new OtlpConnection(settings);
        Place = settings.Endpoint.ToString();
        var exporter = new OtlpLogExporter(settings.ExporterOptions(connection));
        verdict = new Verdict(exporter);
        // It exports when it is told to: a batch is in its queue as a whole, and nothing else is.
        queue = new BatchLogRecordExportProcessor(
            verdict, 2 * BatchLimit, scheduledDelayMilliseconds: int.MaxValue, maxExportBatchSize: 2 * BatchLimit);
        var options = new OpenTelemetryLoggerOptions { Version = scope.Version };
        options.SetResourceBuilder(resource);
        options.AddProcessor(new Timekeeper(exporter));
        options.AddProcessor(queue);
        provider = new OpenTelemetryLoggerProvider(new FixedOptions(options));
        logger = provider.CreateLogger(scope.Name);
    }

    /// <inheritdoc/>
    public string Place { get; }

    /// <inheritdoc/>
    public TimeSpan GatherTime => TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public TimeSpan RetryDelay => TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public long Written => written;

    /// <summary>None: a batch is taken as a whole.</summary>
    public long Torn => 0;

    /// <inheritdoc/>
    public bool HasBatch => batch.Count > 0;

    /// <summary>How pushes went so far. For any thread.</summary>
    public PushFigures Figures => counts.Figures;

    /// <inheritdoc/>
    public bool Add(in ExitEvent happened, ExitEventNames names)
    {
        if (batch.Count >= BatchLimit)
        {
            return false;
        }

        batch.Add(new ExitLogRecord(happened, names));
        return true;
    }

    /// <inheritdoc/>
    public string? Write()
    {
        if (batch.Count == 0)
        {
            return null;
        }

        counts.Begin();
        var isTaken = Send();
        counts.End(isTaken);
        if (!isTaken)
        {
            return connection.Problem is { Length: > 0 } why
                ? $"{Place} did not take them: {why}" : $"{Place} did not take them";
        }

        written += batch.Count;
        batch.Clear();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        provider.Dispose();
        verdict.Dispose();
    }

    /// <summary>True when the receiver took the batch. Takes as long as the timeout of the exporter at most.</summary>
    private bool Send()
    {
        verdict.Await(batch.Count);
        foreach (var record in batch)
        {
            logger.Log(
                record.Level, new EventId(0, Catalog.ExitEvent), record, null, static (record, _) => record.Body);
        }

        // Tells the SDK to begin, and does not wait: the exporter says when it is done, and how it went.
        queue.ForceFlush(0);
        return verdict.Wait();
    }

    /// <summary>Gives each record its times, and the exporter what it says of the resource.</summary>
    private sealed class Timekeeper(OtlpLogExporter exporter) : BaseExportProcessor<LogRecord>(exporter)
    {
        protected override void OnExport(LogRecord data)
        {
            if (data.Attributes is ExitLogRecord exit)
            {
                data.Timestamp = exit.End;
                data.ObservedTimestamp = exit.Counted;
            }
        }
    }

    /// <summary>Stands before the exporter to see what became of a batch, which the SDK tells nobody.</summary>
    private sealed class Verdict(OtlpLogExporter exporter) : BaseExporter<LogRecord>
    {
        private readonly ManualResetEventSlim done = new();
        private long expected;
        private bool taken;

        /// <summary>So many records will come.</summary>
        public void Await(int count)
        {
            (expected, taken) = (count, true);
            done.Reset();
        }

        /// <summary>Waits until all of them were sent; true when all were taken.</summary>
        public bool Wait()
        {
            done.Wait();
            return taken;
        }

        public override ExportResult Export(in Batch<LogRecord> batch)
        {
            var result = ExportResult.Failure;
            var count = batch.Count;
            try
            {
                return result = exporter.Export(batch);
            }
            finally
            {
                taken &= result == ExportResult.Success;
                expected -= count;
                if (expected <= 0)
                {
                    done.Set();
                }
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                exporter.Dispose();
                done.Dispose();
            }

            base.Dispose(disposing);
        }
    }

    private sealed class FixedOptions(OpenTelemetryLoggerOptions value) : IOptionsMonitor<OpenTelemetryLoggerOptions>
    {
        public OpenTelemetryLoggerOptions CurrentValue => value;

        public OpenTelemetryLoggerOptions Get(string? name) => value;

        public IDisposable? OnChange(Action<OpenTelemetryLoggerOptions, string?> listener) => null;
    }
}
