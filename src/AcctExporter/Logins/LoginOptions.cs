// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>Where sessions are read from.</summary>
internal enum LoginSource
{
    /// <summary>wtmpdb where there is one with rows, else wtmp.</summary>
    Auto,

    /// <summary>The file wtmp.</summary>
    Wtmp,

    /// <summary>The database of wtmpdb.</summary>
    Wtmpdb,

    /// <summary>Nothing is read, not even failed logins.</summary>
    Off,
}

/// <summary>What is followed of logins, and how much is told of it.</summary>
internal sealed record LoginOptions
{
    /// <summary>Where the suite's table of prime time is.</summary>
    public const string StandardHolidays = "/etc/acct/holidays";

    /// <summary>The most users or lines that may be asked for.</summary>
    public const int LargestLimit = 10_000;

    /// <inheritdoc cref="LoginSource"/>
    public LoginSource Source { get; init; } = LoginSource.Auto;

    /// <summary>Logins and logouts.</summary>
    public string WtmpFile { get; init; } = "/var/log/wtmp";

    /// <summary>Failed logins.</summary>
    public string BtmpFile { get; init; } = "/var/log/btmp";

    /// <summary>Logins and logouts where wtmpdb took wtmp's place.</summary>
    public string WtmpdbFile { get; init; } = "/var/lib/wtmpdb/wtmp.db";

    /// <summary>The table of prime time; it need not be there at <see cref="StandardHolidays"/>.</summary>
    public string HolidaysFile { get; init; } = StandardHolidays;

    /// <summary>Users with series of their own; 1 to <see cref="LargestLimit"/>.</summary>
    public int UsersLimit { get; init; } = 300;

    /// <summary>Lines with series of their own; likewise.</summary>
    public int LinesLimit { get; init; } = 64;

    /// <summary>The longest wait without a look: a file that appears is seen by that alone.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How much may be lost in a power cut: how often the state is written through to the disk.</summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often processes of open sessions are looked for.</summary>
    public TimeSpan ProcessInterval { get; init; } = TimeSpan.FromSeconds(10);
}
