// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;

namespace AcctExporter.Suite;

/// <summary>What the accounting suite works on, and when the agent runs it by itself.</summary>
internal sealed record SuiteOptions
{
    /// <summary>The suite's folder; empty for <see cref="SuitePaths.FolderName"/> in the storage folder.</summary>
    public string Path { get; init; } = "";

    /// <summary>When the agent runs the day, in local time; null: it does not.</summary>
    public TimeOnly? Daily { get; init; }

    /// <summary>When fiscal periods end; the agent ends them by itself behind the daily run.</summary>
    public FiscalPeriods Fiscal { get; init; } = FiscalPeriods.Monthly;

    /// <summary>When the agent looks at the disks, in local time; null: it does not.</summary>
    public WeeklyTime? Disk { get; init; }

    /// <summary>Logins, and the table of prime time: the agent's own.</summary>
    public LoginOptions Logins { get; init; } = new();

    /// <summary>CUPS' log of printed pages; it need not be there.</summary>
    public string PageLog { get; init; } = "/var/log/cups/page_log";

    /// <summary>Where <c>dodisk</c> walks; none: every local file system that is mounted to be written to.</summary>
    public IReadOnlyList<string> DiskPaths { get; init; } = [];

    /// <summary>Prices, for <c>bill</c>; empty: none.</summary>
    public string RatesFile { get; init; } = "";

    /// <summary>The site's own program, run in the state USEREXIT; it need not be there.</summary>
    public string UserExit { get; init; } = "/etc/acct-exporter/runacct.local";

    /// <summary>Totals by group are kept, too.</summary>
    public bool Groups { get; init; }

    /// <summary>Users, and groups, with series of their own; the rest is summed up as <c>other</c>.</summary>
    public int UsersLimit { get; init; } = 300;

    /// <summary>Free bytes of the file system without which a daily run does not begin.</summary>
    public long MinimumFreeBytes { get; init; } = 16 << 20;
}
