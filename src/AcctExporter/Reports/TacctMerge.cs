// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>
/// <c>acctmerg</c>: adds up total accounting by number and name. The sums are exact, so neither the order of the inputs
/// nor that of their records shows.
/// </summary>
/// <param name="io">Standard input, messages and the clock.</param>
/// <param name="options">What to do.</param>
internal sealed class TacctMerge(ReportIo io, TacctMergeOptions options)
{
    /// <summary>The command's name.</summary>
    public const string Name = "acctmerg";

    private readonly TacctSources sources = new(io, Name, options.Input);

    private static ReadOnlySpan<byte> TotalName => "TOTAL"u8;

    /// <summary>By the classic rules: an input was empty, or could not be opened.</summary>
    public bool HasEmpty { get; private set; }

    /// <summary>Reads it all and writes what was asked for.</summary>
    /// <returns>How the reading went.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public ReadResult Run()
    {
        if (options.IsPrint)
        {
            Print();
        }
        else if (options.Input.Compat)
        {
            var merge = new CompatTacctMerge(options, sources.Say);
            var opened = Opened().ToArray();
            merge.Run(opened, io.Output);
            HasEmpty = merge.HasEmpty;
            foreach (var source in opened)
            {
                End(source);
            }
        }
        else
        {
            Write(Summed());
        }

        return sources.Result;
    }

    private IEnumerable<TacctSource?> Opened()
    {
        foreach (var path in options.Files)
        {
            yield return sources.TryOpen(path);
        }

        if (options.Qacct is { } qacct)
        {
            yield return sources.TryOpenQacct(qacct);
        }
    }

    private void End(TacctSource? source)
    {
        if (source is not null)
        {
            sources.End(source);
        }
    }

    private void Print()
    {
        var output = new TacctOutput(io.Output, options);
        foreach (var source in Opened())
        {
            while (source?.Next() == true)
            {
                var records = source.Records;
                if (options.Input.Compat)
                {
                    output.Add(records.Uid, records.Name, records.Figures);
                }
                else
                {
                    output.Add(records.Uid, records.Name, records.Sums);
                }
            }

            End(source);
        }

        output.End();
    }

    private UserTable<TacctSums> Summed()
    {
        var table = new UserTable<TacctSums>();
        var names = new Dictionary<uint, byte[]>();
        foreach (var source in Opened())
        {
            while (source?.Next() == true)
            {
                var records = source.Records;
                if (options.IsTotal)
                {
                    table.Of(0, TotalName).Add(records.Sums);
                }
                else if (options.IsByUid)
                {
                    if (!names.TryGetValue(records.Uid, out var first))
                    {
                        names.Add(records.Uid, first = records.Name.ToArray());
                    }

                    table.Of(records.Uid, first).Add(records.Sums);
                }
                else
                {
                    table.Of(records.Uid, records.Name).Add(records.Sums);
                }
            }

            End(source);
        }

        if (options.IsTotal)
        {
            // Nothing has a total, too.
            table.Of(0, TotalName).Add(default);
        }

        return table;
    }

    private void Write(UserTable<TacctSums> table)
    {
        if (options.Text is null && options.WriteAs is null && options.Format == ReportFormat.Text)
        {
            TacctFile.Write(io.Output, table);
            return;
        }

        var output = new TacctOutput(io.Output, options);
        foreach (var (uid, name, sums) in table.Sorted())
        {
            output.Add(uid, name, sums);
        }

        output.End();
        TellCut(output.Cut, sources.Say);
    }

    /// <summary>Says how much did not fit into a classic layout.</summary>
    public static void TellCut(long cut, Action<string> say)
    {
        if (cut > 0)
        {
            say($"{cut} {(cut == 1 ? "field does" : "fields do")} not fit into records of this layout: names are cut, "
                + "numbers are the nearest that fit, and what has no place is left out");
        }
    }
}
