// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>
/// The chosen exits of an input, for the commands of the System V suite that divide each between prime and non-prime
/// time.
/// </summary>
internal sealed class DividedExits : IDisposable
{
    private readonly ReportIo io;
    private readonly string applet;
    private readonly ExitSelection selection;
    private readonly ExitInput input;
    private readonly Progress progress;
    private readonly ExitBatch batch = new();
    /// <summary>Whether a batch was read ahead, and what came of it.</summary>
    private bool? isAny;

    /// <summary>Begins to read.</summary>
    /// <param name="options">Where from.</param>
    /// <param name="selection">Which.</param>
    /// <param name="io">Standard input, messages and the clock.</param>
    /// <param name="applet">The command's name.</param>
    /// <param name="isListing">Something is written while it reads.</param>
    public DividedExits(
        ExitInputOptions options, ExitSelection selection, ReportIo io, string applet, bool isListing = false)
    {
        (this.io, this.applet, this.selection) = (io, applet, selection);
        input = ExitInput.Open(options, io, applet);
        progress = input.ShowProgress(isListing);
    }

    /// <summary>Takes one exit.</summary>
    /// <param name="entry">It.</param>
    /// <param name="isSystemV">It is a record of System V.</param>
    public delegate void Taker(in AcctEntry entry, bool isSystemV);

    /// <summary>Adds records that say everything to what one worker sums up.</summary>
    public delegate void PlainAdder<TLocal>(TLocal local, ReadOnlySpan<RawV3> records);

    /// <summary>Adds any exit to what one worker sums up.</summary>
    public delegate void Adder<TLocal>(TLocal local, in AcctEntry entry, bool isSystemV);

    /// <summary>How the reading went.</summary>
    public ReadResult Result => input.Result;

    /// <summary>What divides their lives.</summary>
    /// <param name="holidays">The holidays file; null for the usual one.</param>
    /// <param name="compat">By the classic rules.</param>
    /// <returns>
    /// Null, which was said, when by the classic rules there must be a file and is none: the classic commands ask for
    /// it when the first process comes.
    /// </returns>
    public LifeSplit? Split(string? holidays, bool compat)
    {
        var path = holidays ?? HolidayFile.UsualPath;
        if (!compat)
        {
            return LifeSplit.Of(new HolidayFile(path, Say, io.Clock).Read(), io.Clock.LocalTimeZone);
        }

        isAny ??= input.Read(batch);
        if (isAny == false)
        {
            return NoSplit();
        }

        if (new HolidayFile(path, io.Errors.WriteLine, io.Clock).ReadCompat() is { } table)
        {
            return LifeSplit.Compat(table, io.Clock.LocalTimeZone);
        }

        Say("could not calculate prime/non-prime hours");
        return null;
    }

    /// <summary>What takes all time for non-prime: where nobody sees the parts.</summary>
    public static LifeSplit NoSplit() => LifeSplit.Of(Holidays.None, TimeZoneInfo.Utc);

    /// <summary>Gives all of them to somebody, one after the other.</summary>
    public void ReadAll(Taker take)
    {
        for (isAny ??= input.Read(batch); isAny == true; isAny = input.Read(batch))
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var entry = batch[i];
                if (selection.IsAll || selection.Matches(entry))
                {
                    take(entry, batch.IsSystemV);
                }
            }
        }

        progress.Dispose();
    }

    /// <summary>
    /// Shares all of them out to several processors, in no order: for exact sums, which are added up afterwards. Not
    /// after <see cref="Split"/> by the classic rules.
    /// </summary>
    /// <param name="workers">How many.</param>
    /// <param name="makeLocal">Makes what one worker sums up.</param>
    /// <param name="addPlain">Adds records that say everything.</param>
    /// <param name="add">Adds another exit.</param>
    public IReadOnlyList<TLocal> Share<TLocal>(
        int workers, Func<TLocal> makeLocal, PlainAdder<TLocal> addPlain, Adder<TLocal> add)
    {
        var locals = OrderedWork.Share(input, workers, makeLocal, (some, local) =>
        {
            if (some.IsPlain && selection.IsAll)
            {
                addPlain(local, some.Records);
                return;
            }

            for (var i = 0; i < some.Count; i++)
            {
                var entry = some[i];
                if (selection.IsAll || selection.Matches(entry))
                {
                    add(local, entry, some.IsSystemV);
                }
            }
        });
        progress.Dispose();
        return locals;
    }

    /// <summary>Closes what is open.</summary>
    public void Dispose()
    {
        progress.Dispose();
        input.Dispose();
    }

    private void Say(string message) => io.Errors.WriteLine($"{applet}: {message}");
}
