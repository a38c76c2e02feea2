// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>Records of total accounting on their way out: as lines, as rows, or in a classic layout.</summary>
internal sealed class TacctOutput
{
    private readonly ReportText text;
    private readonly TacctText? lines;
    private readonly TacctRows? rows;
    private readonly TacctLayout layout;
    private readonly bool compat;

    /// <summary>Begins the output.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="options">What they look like; not in the form of ours, which is a table's.</param>
    public TacctOutput(Stream output, TacctMergeOptions options)
    {
        text = new(output);
        compat = options.Input.Compat;
        layout = options.WriteAs ?? new(TacctSystem.Illumos64, IsBigEndian: false);
        rows = options.Format != ReportFormat.Text ? new(text, options.Format) : null;
        lines = rows is null && options.Text is { } form ? new(text, form) : null;
        if (options.HasHeadings)
        {
            lines?.AddHeadings();
        }
    }

    /// <summary>Figures and names that did not fit into the layout.</summary>
    public long Cut { get; private set; }

    /// <summary>A record.</summary>
    public void Add(uint uid, ReadOnlySpan<byte> name, in TacctSums sums)
    {
        if (rows is not null)
        {
            rows.Add(uid, name, sums);
        }
        else if (lines is not null)
        {
            lines.Add(uid, name, sums);
        }
        else
        {
            Put(uid, name, ClassicTacct.Of(sums));
        }
    }

    /// <summary>A record in the precision of the originals.</summary>
    public void Add(uint uid, ReadOnlySpan<byte> name, in ClassicTacct figures)
    {
        if (lines is not null)
        {
            lines.Add(uid, name, figures);
        }
        else
        {
            Put(uid, name, figures);
        }
    }

    /// <summary>Ends the output.</summary>
    public void End()
    {
        rows?.End();
        text.Flush();
    }

    private void Put(uint uid, ReadOnlySpan<byte> name, in ClassicTacct figures)
    {
        Cut += layout.Write(text.Room(TacctLayout.LongestSize), uid, name, figures, wraps: compat);
        text.Advance(layout.Size);
    }
}
