// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Service;

/// <summary>The least severity that is logged, from now on: a reload may change it while threads log.</summary>
internal sealed class LogControl(LogSeverity level)
{
    private volatile LogSeverity level = level;

    /// <summary>The severity; what is less is neither written nor counted.</summary>
    public LogSeverity Level
    {
        get => level;
        set => level = value;
    }
}
