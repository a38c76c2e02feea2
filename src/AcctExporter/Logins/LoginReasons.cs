// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>
/// What the report of reboots tells of a login file: from when to when it reaches, and how often the system started,
/// changed its run level, or something else was written to it for a reason, in the order of their first time.
/// </summary>
internal sealed class LoginReasons
{
    /// <summary>Reasons told apart; who may write the file may write any. What is beyond them is one more.</summary>
    public const int ReasonsMax = 1000;

    /// <summary>What the reasons beyond <see cref="ReasonsMax"/> are counted as.</summary>
    public const string Others = "other reasons";

    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly List<(string Reason, long Count)> counts = [];

    /// <summary>The first record's time.</summary>
    public long FromSeconds { get; private set; }

    /// <summary>Up to when the file is known to reach.</summary>
    public long ToSeconds { get; set; }

    /// <summary>How often the clock was set.</summary>
    public long ClockChanges { get; set; }

    /// <summary>The file's length in time; less than 0 when clocks went back.</summary>
    public long DurationSeconds => ToSeconds - FromSeconds;

    /// <summary>How often each reason was met.</summary>
    public IReadOnlyList<(string Reason, long Count)> Counts => counts;

    /// <summary>A record was met; the first one that is not of 1970 itself is where the file begins.</summary>
    public void Met(long seconds) => FromSeconds = FromSeconds == 0 ? seconds : FromSeconds;

    /// <summary>One more of a reason.</summary>
    public void Add(string reason)
    {
        if (!places.TryGetValue(reason, out var place))
        {
            if (counts.Count >= ReasonsMax)
            {
                reason = Others;
            }

            if (!places.TryGetValue(reason, out place))
            {
                place = counts.Count;
                places.Add(reason, place);
                counts.Add((reason, 0));
            }
        }

        counts[place] = (reason, counts[place].Count + 1);
    }
}
