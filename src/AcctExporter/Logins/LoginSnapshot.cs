// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>What scrapes read of logins: one instant, saved before it is shown, and changed by nobody.</summary>
internal sealed record LoginSnapshot
{
    /// <summary>Since when is counted, in microseconds since 1970.</summary>
    public long SinceUnixMicroseconds { get; init; }

    /// <summary>Whether each source can be read; null where it is not to be read.</summary>
    public bool? WtmpUp { get; init; }

    /// <inheritdoc cref="WtmpUp"/>
    public bool? BtmpUp { get; init; }

    /// <inheritdoc cref="WtmpUp"/>
    public bool? WtmpdbUp { get; init; }

    /// <summary>
    /// A source of sessions was ever there: without one nothing is known of them, not even that there are none.
    /// </summary>
    public bool KnowsSessions { get; init; }

    /// <summary>The file of failed logins was ever there.</summary>
    public bool KnowsFailures { get; init; }

    /// <summary>What was kept was set aside at the start.</summary>
    public bool StartedAnew { get; init; }

    /// <summary>The table of prime time is to be renewed; null without a table.</summary>
    public bool? HolidaysStale { get; init; }

    /// <summary>The year of that table; 0 without one.</summary>
    public int HolidaysYear { get; init; }

    /// <summary>Times since the start of the agent when the table of prime time could not be used.</summary>
    public ulong HolidayFailures { get; init; }

    /// <summary>Times since the start of the agent when the state could not be saved.</summary>
    public ulong SaveFailures { get; init; }

    /// <summary>Names that the system's directory did not give in time since the start of the agent.</summary>
    public ulong LookupTimeouts { get; init; }

    /// <summary>Users.</summary>
    public LoginUserRow[] Users { get; init; } = [];

    /// <summary>Lines.</summary>
    public LoginLineRow[] Lines { get; init; } = [];

    /// <summary>Logins by <see cref="LineClass"/>.</summary>
    public ulong[] Logins { get; init; } = new ulong[LineClasses.Count];

    /// <summary>Logouts, likewise.</summary>
    public ulong[] Logouts { get; init; } = new ulong[LineClasses.Count];

    /// <summary>Failed logins by <see cref="KnownUser"/>.</summary>
    public ulong[] Failed { get; init; } = new ulong[(int)KnownUser.Yes + 1];

    /// <summary>What was odd, by <see cref="LoginAnomaly"/>.</summary>
    public ulong[] Anomalies { get; init; } = new ulong[(int)LoginAnomaly.Forgotten + 1];

    /// <summary>What was no record, by <see cref="Records.UtmpFlaw"/>.</summary>
    public ulong[] Flaws { get; init; } = new ulong[Records.UtmpFlaws.Count];

    /// <summary>Starts of the system.</summary>
    public ulong Boots { get; init; }

    /// <summary>Those with no shutdown before.</summary>
    public ulong Crashes { get; init; }

    /// <summary>Shutdowns in order.</summary>
    public ulong Shutdowns { get; init; }

    /// <summary>Recorded changes of the clock.</summary>
    public ulong ClockChanges { get; init; }

    /// <summary>Connect time that was credited too much, in seconds.</summary>
    public ulong CorrectedSeconds { get; init; }

    /// <summary>Records or rows of sessions read.</summary>
    public ulong SessionRecords { get; init; }

    /// <summary>Records of failed logins read.</summary>
    public ulong FailureRecords { get; init; }

    /// <summary>Times when an unknown number of records of sessions may be missing.</summary>
    public ulong SessionGaps { get; init; }

    /// <summary>The same of failed logins.</summary>
    public ulong FailureGaps { get; init; }

    /// <summary>Rotations of login files since the start of the agent.</summary>
    public ulong Rotations { get; init; }

    /// <summary>Times since the start of the agent when a login file was missing or could not be read.</summary>
    public ulong ReadFailures { get; init; }
}

/// <summary>A user's row.</summary>
internal sealed class LoginUserRow(LoginUser user, int[] open)
    : LabeledRow(user.BornUnixMicroseconds, ("user", user.Label))
{
    /// <inheritdoc cref="LoginUser.PrimeSeconds"/>
    public ulong PrimeSeconds { get; } = user.PrimeSeconds;

    /// <inheritdoc cref="LoginUser.NonPrimeSeconds"/>
    public ulong NonPrimeSeconds { get; } = user.NonPrimeSeconds;

    /// <inheritdoc cref="LoginUser.LastLoginSeconds"/>
    public long LastLoginSeconds { get; } = user.LastLoginSeconds;

    private readonly byte classes = user.Classes;

    /// <summary>Sessions open on lines of a kind; less than 0 when the user was never on one.</summary>
    public int SessionsOn(LineClass kind) => (classes & (1 << (int)kind)) != 0 ? open[(int)kind] : -1;
}

/// <summary>A line's row.</summary>
internal sealed class LoginLineRow(LoginLineUse line) : LabeledRow(line.BornUnixMicroseconds, ("tty", line.Label))
{
    /// <inheritdoc cref="LoginLineUse.Logins"/>
    public ulong Logins { get; } = line.Logins;

    /// <inheritdoc cref="LoginLineUse.Logouts"/>
    public ulong Logouts { get; } = line.Logouts;

    /// <inheritdoc cref="LoginLineUse.Seconds"/>
    public ulong Seconds { get; } = line.Seconds;
}
