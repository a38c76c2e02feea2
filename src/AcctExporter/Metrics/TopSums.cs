// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Metrics;

/// <summary>Adds pairs up by command and by user, and finds the first of each. Used over and over.</summary>
internal sealed class TopSums
{
    /// <summary>Lines of each list.</summary>
    public const int Lines = 7;

    private const double MicrosecondsPerSecond = 1_000_000;

    private readonly Dictionary<string, Sum> commands = [];
    private readonly Dictionary<string, Sum> users = [];

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        commands.Clear();
        users.Clear();
    }

    /// <summary>Adds a pair.</summary>
    public void Add(string command, string user, ulong exits, ulong cpuMicroseconds)
    {
        Add(commands, command, exits, cpuMicroseconds);
        Add(users, user, exits, cpuMicroseconds);
    }

    /// <summary>The first of all that was added.</summary>
    public TopLists First() => new(
        First(commands, sum => sum.CpuMicroseconds / MicrosecondsPerSecond), First(commands, sum => sum.Exits),
        First(users, sum => sum.CpuMicroseconds / MicrosecondsPerSecond), First(users, sum => sum.Exits));

    private static void Add(Dictionary<string, Sum> sums, string name, ulong exits, ulong cpuMicroseconds)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, name, out _);
        sum.Exits += exits;
        sum.CpuMicroseconds += cpuMicroseconds;
    }

    /// <summary>One walk, with the few largest at hand; equal ones by name, so that they keep their places.</summary>
    private static TopList First(Dictionary<string, Sum> sums, Func<Sum, double> amountOf)
    {
        var first = new List<TopLine>(Lines + 1);
        var total = 0.0;
        foreach (var (name, sum) in sums)
        {
            var line = new TopLine(name, amountOf(sum));
            total += line.Amount;
            if (line.Amount <= 0 || (first.Count == Lines && Order(line, first[^1]) > 0))
            {
                continue;
            }

            var at = first.FindIndex(other => Order(line, other) < 0);
            first.Insert(at < 0 ? first.Count : at, line);
            if (first.Count > Lines)
            {
                first.RemoveAt(Lines);
            }
        }

        return new TopList(first, total);
    }

    private static int Order(TopLine one, TopLine other) => one.Amount != other.Amount
        ? other.Amount.CompareTo(one.Amount) : string.CompareOrdinal(one.Name, other.Name);

    private struct Sum
    {
        public ulong Exits;
        public ulong CpuMicroseconds;
    }
}
