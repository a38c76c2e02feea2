// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Service;

/// <summary>How much a message matters; the words of <c>--log.level</c>, in small letters.</summary>
internal enum LogSeverity
{
    /// <summary>For who looks for a fault.</summary>
    Debug,

    /// <summary>A change of state that is as it should be.</summary>
    Info,

    /// <summary>Something is missing or lost, and the agent goes on.</summary>
    Warn,

    /// <summary>Something cannot be done.</summary>
    Error,
}

/// <summary>How a message is written.</summary>
internal enum LogFormat
{
    /// <summary><c>key=value</c> pairs.</summary>
    Logfmt,

    /// <summary>A JSON object.</summary>
    Json,
}

/// <summary>What is logged, and how. One line a message, on stderr.</summary>
internal sealed record LogOptions
{
    /// <summary>The least severity that is logged.</summary>
    public LogSeverity Level { get; init; } = LogSeverity.Info;

    /// <summary>The form of the lines.</summary>
    public LogFormat Format { get; init; } = LogFormat.Logfmt;
}
