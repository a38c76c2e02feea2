// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Text;

namespace AcctExporter.Reports;

/// <summary>Seconds by user since the totals were last printed.</summary>
internal sealed class UserSeconds
{
    private readonly NameTable names = new();
    private readonly HashSet<int>? chosen;
    private long[] seconds = new long[64];
    private bool[] isCounted = new bool[64];
    private int[] counted = new int[64];
    private int countedUsers;

    /// <summary>Nothing yet.</summary>
    /// <param name="only">The users that are printed; none: all of them.</param>
    public UserSeconds(IReadOnlyList<string> only)
    {
        // A name that is longer than the field is nobody's.
        var fields = only.Select(Encoding.UTF8.GetBytes).Where(name => name.Length <= NameTable.Width);
        chosen = only.Count == 0 ? null : [.. fields.Select(name =>
        {
            Array.Resize(ref name, NameTable.Width);
            return NumberOf(name);
        })];
    }

    /// <summary>The name of a user.</summary>
    public ReadOnlySpan<byte> this[int user] => names[user];

    /// <summary>The number of a user, which he gets if he has none.</summary>
    /// <param name="field">The name's field in a record.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NumberOf(ReadOnlySpan<byte> field)
    {
        var user = names.FindOrAdd(NameTable.NameOf(field));
        if (user >= seconds.Length)
        {
            Array.Resize(ref seconds, 2 * seconds.Length);
            Array.Resize(ref isCounted, seconds.Length);
            Array.Resize(ref counted, seconds.Length);
        }

        return user;
    }

    /// <summary>Whether he is one of those that are printed.</summary>
    public bool IsChosen(int user) => chosen is null || chosen.Contains(user);

    /// <summary>Adds to a user's time; he is printed as one of the day even if it is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int user, long more)
    {
        if (!isCounted[user])
        {
            isCounted[user] = true;
            counted[countedUsers++] = user;
        }

        seconds[user] += more;
    }

    /// <summary>Prints the totals, and begins again with none.</summary>
    /// <param name="page">Where they go.</param>
    /// <param name="midnight">The end of the day that they are of.</param>
    /// <param name="today">The day is not over.</param>
    public void Print(AcPage page, long midnight, bool today)
    {
        var users = counted.AsSpan(0, countedUsers);
        page.Begin(midnight, today);
        names.Sort(users);
        foreach (var user in users)
        {
            if (IsChosen(user))
            {
                page.User(names[user], seconds[user]);
            }

            seconds[user] = 0;
            isCounted[user] = false;
        }

        page.Total();
        countedUsers = 0;
    }
}
