// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>How <c>last</c> shows times.</summary>
internal enum LastTimes
{
    /// <summary>Not at all.</summary>
    NoTime,

    /// <summary>The day and the minute of the login, the minute of the logout.</summary>
    Short,

    /// <summary>Both as ctime(3) does.</summary>
    Full,

    /// <summary>Both as ISO 8601 with the offset.</summary>
    Iso,
}

/// <summary>What <c>last</c> and <c>lastb</c> are asked for.</summary>
internal sealed record LastOptions
{
    /// <summary>The command's name, for messages.</summary>
    public string Command { get; init; } = "last";

    /// <summary>The files, one after the other.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Records of failed logins: each is a line, nothing is paired (<c>lastb</c>).</summary>
    public bool Failed { get; init; }

    /// <summary>Users and lines (<c>tty1</c>, or <c>1</c> for it) to show; none: all.</summary>
    public IReadOnlyList<byte[]> Names { get; init; } = [];

    /// <summary>Lines to show of all files together; 0: all. Each further file shows one at least.</summary>
    public long Limit { get; init; }

    /// <summary>Also shutdowns, run levels and changes of the clock.</summary>
    public bool System { get; init; }

    /// <summary>The host as the last column.</summary>
    public bool HostLast { get; init; }

    /// <summary>No host.</summary>
    public bool NoHost { get; init; }

    /// <summary>Users and hosts whole.</summary>
    public bool FullNames { get; init; }

    /// <summary>The address in the host's place.</summary>
    public bool Addresses { get; init; }

    /// <summary>The address's name in the host's place.</summary>
    public bool Resolve { get; init; }

    /// <summary>How times look.</summary>
    public LastTimes Times { get; init; } = LastTimes.Short;

    /// <summary>Records before it are as if they were not there; 0: none are.</summary>
    public long SinceSeconds { get; init; }

    /// <summary>Records after it are as if they were not there; 0: none are.</summary>
    public long UntilSeconds { get; init; }

    /// <summary>Only who was there at that instant; 0: all.</summary>
    public long PresentSeconds { get; init; }

    /// <summary>How the list is written.</summary>
    public ReportFormat Format { get; init; }
}
