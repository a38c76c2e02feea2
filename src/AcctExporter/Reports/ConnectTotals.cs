// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>
/// <c>acctcon</c>: the connect time and the sessions of each user, by number and name; by the classic rules by number
/// alone, under the name that was first to end a session.
/// </summary>
/// <param name="accounts">The users' numbers.</param>
/// <param name="compat">By the classic rules.</param>
internal sealed class ConnectTotals(LoginAccounts accounts, bool compat)
{
    private readonly Dictionary<(uint Uid, string Name), Total> totals = [];

    /// <summary>One more session, or part of one.</summary>
    public void Add(ChargedSession charged)
    {
        var name = charged.Session.User;
        var uid = accounts.Uid(name);
        var key = (uid, compat ? "" : name);
        if (!totals.TryGetValue(key, out var total))
        {
            total = new(name);
            totals.Add(key, total);
        }

        total.Prime += charged.Split.PrimeSeconds;
        total.NonPrime += charged.Split.NonPrimeSeconds;
        total.Sessions += charged.Sessions;
    }

    /// <summary>Writes them, by number, then by name.</summary>
    public void Write(Stream output, ReportFormat format)
    {
        var text = new ReportText(output);
        var rows = format == ReportFormat.Text ? null : new ReportRows(
            text, format, "uid", "user", "prime_connect_seconds", "nonprime_connect_seconds", "sessions");
        var lines = new TacctText(text, TacctForm.Lines(compat));
        foreach (var ((uid, _), total) in totals.OrderBy(row => row.Key.Uid)
            .ThenBy(row => row.Key.Name, StringComparer.Ordinal))
        {
            if (rows is null)
            {
                var name = Encoding.UTF8.GetBytes(total.Name);
                Add(lines, uid, name, total.Prime, total.NonPrime, total.Sessions, compat);
                continue;
            }

            rows.Row();
            AddUid(rows, uid);
            rows.Add(total.Name);
            rows.Add(total.Prime);
            rows.Add(total.NonPrime);
            rows.Add(total.Sessions);
        }

        rows?.End();
        text.Flush();
    }

    /// <summary>A line of total accounting.</summary>
    /// <param name="lines">Where it goes.</param>
    /// <param name="uid">The user's number; <see cref="LoginAccounts.None"/> for one without.</param>
    /// <param name="name">The user's name.</param>
    /// <param name="primeSeconds">Connect time.</param>
    /// <param name="nonPrimeSeconds">Connect time.</param>
    /// <param name="sessions">Sessions.</param>
    /// <param name="compat">Minutes have 24 bits, and sessions 16, as in the classic records.</param>
    public static void Add(
        TacctText lines, uint uid, ReadOnlySpan<byte> name, long primeSeconds, long nonPrimeSeconds, long sessions,
        bool compat)
    {
        var sums = new TacctSums { Sessions = sessions };
        TacctField.Set(ref sums, TacctField.PrimeConnect, primeSeconds / 60.0);
        TacctField.Set(ref sums, TacctField.NonPrimeConnect, nonPrimeSeconds / 60.0);
        if (compat)
        {
            lines.Add(uid, name, ClassicTacct.Of(sums).InFields(isAix: false));
        }
        else
        {
            lines.Add(uid, name, sums);
        }
    }

    /// <summary>A user's number, or nothing for a name without one.</summary>
    public static void AddUid(ReportRows rows, uint uid)
    {
        if (uid == LoginAccounts.None)
        {
            rows.AddNothing();
        }
        else
        {
            rows.Add(uid);
        }
    }

    private sealed class Total(string name)
    {
        public string Name { get; } = name;

        public long Prime { get; set; }

        public long NonPrime { get; set; }

        public long Sessions { get; set; }
    }
}
