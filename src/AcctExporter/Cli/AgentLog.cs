// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Cli;

/// <summary>What the agent says of itself, beside the pipeline.</summary>
internal static partial class AgentLog
{
    [LoggerMessage(80, LogLevel.Information, "listening on {Address}")]
    public static partial void Listening(ILogger logger, string address);

    /// <summary>Says once which capabilities are left, or why they could not be given up.</summary>
    public static void SayRights(ILogger logger, FewerRights rights)
    {
        if (rights.Trouble is { } trouble)
        {
            RightsKept(logger, trouble, rights.Left);
        }
        else
        {
            RightsLeft(logger, rights.Left);
        }
    }

    [LoggerMessage(82, LogLevel.Information, "capabilities from now on: {Left}")]
    private static partial void RightsLeft(ILogger logger, string left);

    [LoggerMessage(83, LogLevel.Warning,
        "capabilities that are not needed could not be given up: {Why}. The agent goes on with: {Left}")]
    private static partial void RightsKept(ILogger logger, string why, string left);

    [LoggerMessage(81, LogLevel.Error,
        "counting has not ended in {Time}: ending without it. What was not saved is counted at the next start")]
    public static partial void DoesNotEnd(ILogger logger, TimeSpan time);
}
