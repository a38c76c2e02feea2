// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using AcctExporter.Ledger;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// Totals by label, as metrics show them: two user numbers of one name are one series, as they are for pairs.
/// </summary>
internal sealed class SuiteTotals
{
    private readonly Dictionary<string, TacctSums> sums = [];

    /// <summary>What each label has.</summary>
    public IReadOnlyDictionary<string, TacctSums> Sums => sums;

    /// <summary>The label of a user or group: its name; the number where that is missing, or all digits.</summary>
    public static string LabelOf(uint number, ReadOnlySpan<byte> name) =>
        name.IsEmpty || name.SequenceEqual("?"u8) || name.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            ? LabelText.OfNumber(number) : LabelText.Escape(name);

    /// <summary>Adds to a label.</summary>
    public void Add(string label, in TacctSums more) =>
        CollectionsMarshal.GetValueRefOrAddDefault(sums, label, out _).Add(more);

    /// <summary>Adds a table.</summary>
    public void Add(UserTable<TacctSums> table)
    {
        foreach (var (number, name, more) in table.Sorted())
        {
            Add(LabelOf(number, name), more);
        }
    }

    /// <summary>Adds what another has.</summary>
    public void Add(SuiteTotals other)
    {
        foreach (var (label, more) in other.sums)
        {
            Add(label, more);
        }
    }

    /// <summary>
    /// The labels that have series of their own: the first by CPU time, then by time logged in, then by name.
    /// </summary>
    /// <param name="limit">So many.</param>
    public HashSet<string> Largest(int limit) => [.. sums
        .OrderByDescending(row => TacctSums.Sum(row.Value.Prime.CpuMicroseconds, row.Value.NonPrime.CpuMicroseconds))
        .ThenByDescending(row =>
            TacctSums.Sum(row.Value.Prime.ConnectMicroseconds, row.Value.NonPrime.ConnectMicroseconds))
        .ThenBy(row => row.Key, StringComparer.Ordinal)
        .Take(limit).Select(row => row.Key)];

    /// <summary>The same with all labels summed up as <c>other</c> that are not in a set.</summary>
    public SuiteTotals Folded(HashSet<string> shown)
    {
        var folded = new SuiteTotals();
        foreach (var (label, more) in sums)
        {
            folded.Add(shown.Contains(label) ? label : LabelText.Other, more);
        }

        return folded;
    }

    /// <summary>A row for each label.</summary>
    /// <param name="key">What the label is called.</param>
    /// <param name="scope">What these are the totals of.</param>
    public IEnumerable<SuiteTotalsRow> Rows(string key, SuiteScope scope)
    {
        var knowsIo = sums.Values.Any(HasIo);
        return sums.OrderBy(row => row.Key, StringComparer.Ordinal)
            .Select(row => new SuiteTotalsRow(key, row.Key, scope, row.Value, knowsIo));
    }

    private static bool HasIo(TacctSums row) => (row.Prime.CharacterBytes | row.Prime.StorageBytes
        | row.NonPrime.CharacterBytes | row.NonPrime.StorageBytes) != 0;
}
