// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Runacct;

/// <summary>A log whose warnings go where a command's messages go; the rest is nobody's business there.</summary>
/// <param name="say">Takes each.</param>
internal sealed class SaidWarnings(Action<string> say) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            say(formatter(state, exception));
        }
    }
}
