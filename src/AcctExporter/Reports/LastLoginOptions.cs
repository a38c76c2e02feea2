// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>What <c>lastlogin</c> is asked for.</summary>
internal sealed record LastLoginOptions
{
    /// <summary>Login files or databases of wtmpdb: each is looked at for what it is.</summary>
    public IReadOnlyList<string> Wtmp { get; init; } = [];

    /// <summary>The database of lastlog2; null: none.</summary>
    public string? Lastlog2 { get; init; }

    /// <summary>The file lastlog; null: none.</summary>
    public string? Lastlog { get; init; }

    /// <summary>Files that need not be there: they were not asked for by name.</summary>
    public bool MayBeAbsent { get; init; }

    /// <summary>Where local users are: those who never logged in, and the names of uids.</summary>
    public string Passwd { get; init; } = Kernel.NameFiles.Users;

    /// <summary>Only these; none: all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>As the System V suite did it: two-digit years, today's date for who was logged in.</summary>
    public bool Compat { get; init; }

    /// <summary>The suite's own table, which is merged with and written again; null: to the output.</summary>
    public string? Loginlog { get; init; }

    /// <summary>How it is written.</summary>
    public ReportFormat Format { get; init; }
}
