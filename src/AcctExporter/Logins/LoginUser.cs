// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>What is counted of one user's logins.</summary>
/// <param name="label">The label value: one to one, <c>other</c> for those over the limit.</param>
/// <param name="bornUnixMicroseconds">When it was first seen: the start of its counters.</param>
internal sealed class LoginUser(string label, long bornUnixMicroseconds)
{
    /// <summary>The label value.</summary>
    public string Label { get; } = label;

    /// <summary>When it was first seen.</summary>
    public long BornUnixMicroseconds { get; } = bornUnixMicroseconds;

    /// <summary>Connect time in prime time, in seconds.</summary>
    public ulong PrimeSeconds { get; set; }

    /// <summary>Connect time outside of it, likewise.</summary>
    public ulong NonPrimeSeconds { get; set; }

    /// <summary>The last login, in seconds since 1970; 0 for none.</summary>
    public long LastLoginSeconds { get; set; }

    /// <summary>The kinds of lines that the user was ever on, a bit for each <see cref="LineClass"/>.</summary>
    public byte Classes { get; set; }
}

/// <summary>What is counted of one line.</summary>
/// <param name="label">The label value, likewise.</param>
/// <param name="bornUnixMicroseconds">When it was first used: the start of its counters.</param>
internal sealed class LoginLineUse(string label, long bornUnixMicroseconds)
{
    /// <summary>The label value.</summary>
    public string Label { get; } = label;

    /// <summary>When it was first used.</summary>
    public long BornUnixMicroseconds { get; } = bornUnixMicroseconds;

    /// <summary>Records of logins.</summary>
    public ulong Logins { get; set; }

    /// <summary>Records of logouts, and sessions that a shutdown or a boot ended.</summary>
    public ulong Logouts { get; set; }

    /// <summary>How long somebody was on, in seconds.</summary>
    public ulong Seconds { get; set; }
}

/// <summary>Rows by label, as many as may be; what is over goes to the row <c>other</c>.</summary>
/// <param name="limit">Rows at most, that of <c>other</c> not among them.</param>
/// <param name="make">A new row for a label, born at a time.</param>
internal sealed class LabelledRows<T>(int limit, Func<string, long, T> make)
    where T : class
{
    private readonly Dictionary<string, T> byLabel = new(StringComparer.Ordinal);
    private readonly List<T> rows = [];

    /// <summary>All rows, in the order of their births.</summary>
    public IReadOnlyList<T> All => rows;

    /// <summary>The row for a label, born now if need be; that of <c>other</c> when there are too many.</summary>
    public T Of(string label, long nowUnixMicroseconds)
    {
        if (byLabel.TryGetValue(label, out var row))
        {
            return row;
        }

        var own = rows.Count - (byLabel.ContainsKey(Ledger.LabelText.Other) ? 1 : 0);
        return own < limit || label == Ledger.LabelText.Other
            ? Add(label, make(label, nowUnixMicroseconds))
            : Of(Ledger.LabelText.Other, nowUnixMicroseconds);
    }

    /// <summary>Takes in a row that was kept.</summary>
    public T Add(string label, T row)
    {
        byLabel.Add(label, row);
        rows.Add(row);
        return row;
    }
}
