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
    private readonly ExitBatch batch = new();
    private bool isAny;

    /// <summary>Begins to read.</summary>
    /// <param name="options">Where from.</param>
    /// <param name="selection">Which.</param>
    /// <param name="io">Standard input, messages and the clock.</param>
    /// <param name="applet">The command's name.</param>
    public DividedExits(ExitInputOptions options, ExitSelection selection, ReportIo io, string applet)
    {
        (this.io, this.applet, this.selection) = (io, applet, selection);
        input = ExitInput.Open(options, io, applet);
        isAny = input.Read(batch);
    }

    /// <summary>Takes one exit.</summary>
    /// <param name="entry">It.</param>
    /// <param name="isSystemV">It is a record of System V.</param>
    public delegate void Taker(in AcctEntry entry, bool isSystemV);

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

        if (!isAny)
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

    /// <summary>Gives all of them to somebody.</summary>
    public void ReadAll(Taker take)
    {
        for (; isAny; isAny = input.Read(batch))
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
    }

    /// <summary>Closes what is open.</summary>
    public void Dispose() => input.Dispose();

    private void Say(string message) => io.Errors.WriteLine($"{applet}: {message}");
}
