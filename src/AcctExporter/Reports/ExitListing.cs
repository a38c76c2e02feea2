// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>All exits of an input, one by one, in its order: what <c>lastcomm</c> and <c>dump-acct</c> do.</summary>
internal static class ExitListing
{
    /// <summary>As text, by several processors when there is much.</summary>
    /// <param name="input">The exits.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="most">No more lines than so many; then the rest is not read.</param>
    /// <param name="workers">How many work at once.</param>
    /// <param name="make">Makes the lines of one worker.</param>
    public static void Write(ExitInput input, Stream output, long most, int workers, Func<ExitLines> make)
    {
        using var progress = input.ShowProgress(isListing: true);
        if (most == long.MaxValue)
        {
            OrderedWork.Run(
                input, workers, make, static (batch, lines) => lines.Fill(batch), lines => output.Write(lines.Bytes));
            return;
        }

        var (all, batch) = (make(), new ExitBatch());
        while (most > 0 && input.Read(batch))
        {
            all.Fill(batch, most);
            output.Write(all.Bytes);
            most -= all.Count;
        }
    }

    /// <summary>As rows.</summary>
    /// <param name="input">The exits.</param>
    /// <param name="rows">Where they go; not ended.</param>
    /// <param name="most">No more rows than so many.</param>
    /// <param name="lines">Says which exits are asked for.</param>
    public static void Write(ExitInput input, ExitRows rows, long most, ExitLines lines)
    {
        using var progress = input.ShowProgress(isListing: true);
        var batch = new ExitBatch();
        while (most > 0 && input.Read(batch))
        {
            for (var i = 0; i < batch.Count && most > 0; i++)
            {
                var entry = batch[i];
                if (lines.Shows(entry))
                {
                    rows.Add(entry, batch.IsSystemV);
                    most--;
                }
            }
        }
    }
}
