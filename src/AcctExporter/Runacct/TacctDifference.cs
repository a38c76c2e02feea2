// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>Where two tables of sums differ, a line for each field of each user or command.</summary>
internal static class TacctDifference
{
    /// <summary>The fields of total accounting, in the order of AIX's columns, by names with units.</summary>
    private static readonly (string Name, Func<TacctSums, Int128> Of)[] Fields =
    [
        ("prime_cpu_microseconds", sums => sums.Prime.CpuMicroseconds),
        ("nonprime_cpu_microseconds", sums => sums.NonPrime.CpuMicroseconds),
        ("prime_kib_microseconds", sums => sums.Prime.KibMicroseconds),
        ("nonprime_kib_microseconds", sums => sums.NonPrime.KibMicroseconds),
        ("prime_transferred_bytes", sums => sums.Prime.CharacterBytes),
        ("nonprime_transferred_bytes", sums => sums.NonPrime.CharacterBytes),
        ("prime_storage_bytes", sums => sums.Prime.StorageBytes),
        ("nonprime_storage_bytes", sums => sums.NonPrime.StorageBytes),
        ("prime_connect_microseconds", sums => sums.Prime.ConnectMicroseconds),
        ("nonprime_connect_microseconds", sums => sums.NonPrime.ConnectMicroseconds),
        ("disk_bytes", sums => sums.DiskBytes),
        ("printed_pages", sums => sums.PrintedPages),
        ("fee_milliunits", sums => sums.FeeMilliunits),
        ("processes", sums => sums.Processes),
        ("sessions", sums => sums.Sessions),
        ("disk_samples", sums => sums.DiskSamples),
    ];

    /// <summary>Adds a line for each difference of users.</summary>
    public static void Users(UserTable<TacctSums> old, UserTable<TacctSums> anew, List<string> lines)
    {
        var before = old.Sorted().ToDictionary(row => (row.Uid, Encoding.Latin1.GetString(row.Name)));
        var now = anew.Sorted().ToDictionary(row => (row.Uid, Encoding.Latin1.GetString(row.Name)));
        foreach (var key in before.Keys.Union(now.Keys).Order())
        {
            var (was, becomes) = (before.GetValueOrDefault(key).Sums, now.GetValueOrDefault(key).Sums);
            var name = Encoding.ASCII.GetString(SafeText.Of(Encoding.Latin1.GetBytes(key.Item2)));
            foreach (var (field, of) in Fields)
            {
                if (of(was) != of(becomes))
                {
                    lines.Add($"user {key.Uid} {name}: {field}: {of(was)}, now {of(becomes)}");
                }
            }
        }
    }

    /// <summary>Adds a line for each command that is not the same.</summary>
    public static void Commands(CommandSummary old, CommandSummary anew, List<string> lines)
    {
        var (before, now) = (ByName(old), ByName(anew));
        foreach (var name in before.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            var (was, becomes) = (before.GetValueOrDefault(name), now.GetValueOrDefault(name));
            if (was != becomes)
            {
                var safe = Encoding.ASCII.GetString(SafeText.Of(Encoding.Latin1.GetBytes(name)));
                lines.Add($"command {safe}: processes: {was.Total.Processes}, now {becomes.Total.Processes}; "
                    + $"cpu_microseconds: {was.Total.CpuMicroseconds}, now {becomes.Total.CpuMicroseconds}");
            }
        }
    }

    private static Dictionary<string, CommandSums> ByName(CommandSummary summary)
    {
        Span<byte> bytes = stackalloc byte[CommandName.Size];
        var table = new Dictionary<string, CommandSums>();
        for (var number = 0; number < summary.Count; number++)
        {
            var length = summary.Name(number).CopyTo(bytes);
            table.Add(Encoding.Latin1.GetString(bytes[..length]), summary.Sums(number));
        }

        return table;
    }
}
