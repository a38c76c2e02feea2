// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Service;

/// <summary>
/// The log of the agent: every message of ours and of the server becomes one line on stderr, and is counted.
/// </summary>
/// <remarks>
/// Not the console logger of the framework: when its queue is full it says so in a form of its own, between our lines,
/// and does not tell how many it dropped.
/// </remarks>
internal sealed class LogProvider : ILoggerProvider
{
    private readonly LogControl control;
    private readonly TimeProvider clock;
    private readonly LogLine line;
    private readonly LogQueue queue;
    private readonly Lock gate = new();

    /// <summary>Starts the thread that writes.</summary>
    /// <param name="format">The form of the lines.</param>
    /// <param name="control">What is logged at all.</param>
    /// <param name="output">Where lines go.</param>
    /// <param name="clock">Tells when.</param>
    public LogProvider(LogFormat format, LogControl control, Stream output, TimeProvider clock)
    {
        this.control = control;
        this.clock = clock;
        line = new LogLine(format);
        queue = new LogQueue(output, Counts, GapLine);
    }

    /// <summary>Messages so far.</summary>
    public LogCounts Counts { get; } = new();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Source(this, categoryName);

    /// <inheritdoc/>
    public void Dispose() => queue.Dispose();

    private static LogSeverity SeverityOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => LogSeverity.Debug,
        LogLevel.Information => LogSeverity.Info,
        LogLevel.Warning => LogSeverity.Warn,
        _ => LogSeverity.Error,
    };

    private byte[] GapLine(ulong missing)
    {
        Counts.Add(LogSeverity.Warn);
        return Format(LogSeverity.Warn, "log", $"{missing} messages are missing here: stderr was not read in time",
            [new("Count", missing)], null);
    }

    private byte[] Format(LogSeverity severity, string source, string message,
        IReadOnlyList<KeyValuePair<string, object?>>? fields, Exception? error)
    {
        lock (gate)
        {
            return line.Write(clock.GetUtcNow(), severity, source, message, fields, error);
        }
    }

    private sealed class Source(LogProvider log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) =>
            logLevel != LogLevel.None && SeverityOf(logLevel) >= log.control.Level;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            var severity = SeverityOf(logLevel);
            log.Counts.Add(severity);
            log.queue.Add(log.Format(severity, name, formatter(state, exception),
                state as IReadOnlyList<KeyValuePair<string, object?>>, exception));
        }
    }
}
