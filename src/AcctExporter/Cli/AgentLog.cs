// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Cli;

/// <summary>What the agent says of itself, beside the pipeline.</summary>
internal static partial class AgentLog
{
    [LoggerMessage(80, LogLevel.Information, "listening on {Address}")]
    public static partial void Listening(ILogger logger, string address);

    [LoggerMessage(81, LogLevel.Error,
        "counting has not ended in {Time}: ending without it. What was not saved is counted at the next start")]
    public static partial void DoesNotEnd(ILogger logger, TimeSpan time);
}
