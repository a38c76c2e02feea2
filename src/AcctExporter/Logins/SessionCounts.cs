// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>What was met while sessions were built, since the beginning; kept with the state.</summary>
internal record struct SessionCounts
{
    /// <summary>Logins.</summary>
    public long Logins { get; set; }

    /// <summary>Logouts that ended a session.</summary>
    public long Logouts { get; set; }

    /// <summary>Logouts on a line that nobody was on: two records for one logout are usual.</summary>
    public long UnmatchedLogouts { get; set; }

    /// <summary>Logins on a line that somebody was on still.</summary>
    public long MissingLogouts { get; set; }

    /// <summary>Starts of the system.</summary>
    public long Boots { get; set; }

    /// <summary>Shutdowns in order.</summary>
    public long Shutdowns { get; set; }

    /// <summary>Starts with no shutdown before; the first start of all is none.</summary>
    public long Crashes { get; set; }

    /// <summary>Times the clock was set and somebody wrote so.</summary>
    public long ClockChanges { get; set; }

    /// <summary>Times a session ended before it began, or half of a clock change was met.</summary>
    public long ClockAnomalies { get; set; }

    /// <summary>Logins and logouts that name no line, nor anything that leads to one.</summary>
    public long WithoutLine { get; set; }

    /// <summary>Lines forgotten because there were too many.</summary>
    public long ForgottenLines { get; set; }

    /// <summary>Sessions ended because there were too many lines.</summary>
    public long ForgottenSessions { get; set; }
}
