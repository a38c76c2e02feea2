// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace AcctExporter.Metrics;

/// <summary>How far the walk over families and rows has come.</summary>
internal struct ExpositionPosition
{
    /// <summary>Index of the family.</summary>
    public int Family;

    /// <summary>Parts of the family that are written: its head is the first, each row one more.</summary>
    public int Parts;
}

/// <summary>
/// The catalog as text: family by family, row by row, straight into the spans of whoever sends it. Written in chunks,
/// so that a slow reader costs a buffer and not the whole text; nothing is allocated for a series.
/// </summary>
internal sealed class Exposition
{
    /// <summary>How much is asked of the output at once: few calls, and what a socket takes in one go.</summary>
    private const int ChunkBytes = 64 * 1024;

    private readonly FamilyWriter[] families;

    /// <summary>Encodes what is constant.</summary>
    public Exposition(IEnumerable<MetricFamily> catalog, ScrapeOptions options, BuildFacts build) =>
        families = [.. catalog.Where(family => options.AllHistograms || !family.AllHistogramsOnly)
            .Where(family => !options.WithoutAgent || family.Scope != MetricScope.Agent
                || (family.Kind == MetricKind.Counter && !family.SinceStart && !family.ScrapeOnly))
            .Select(family => FamilyWriter.For(family, build))];

    /// <summary>Writes the next chunk. <paramref name="position"/> starts as its default.</summary>
    /// <returns>False when that was the last.</returns>
    public bool WriteChunk(
        IBufferWriter<byte> output, ScrapeData scrape, ExpositionFormat format, ref ExpositionPosition position)
    {
        var span = output.GetSpan(ChunkBytes);
        var line = new LineWriter(span);
        for (; position.Family < families.Length; position.Family++, position.Parts = 0)
        {
            var family = families[position.Family];
            var rows = family.Rows(scrape);
            for (; position.Parts <= rows && rows > 0; position.Parts++)
            {
                var row = position.Parts - 1;
                var need = row < 0 ? family.Head(format).Length : family.LongestRow(scrape, row);
                if (need > span.Length - line.Written)
                {
                    if (line.Written > 0)
                    {
                        output.Advance(line.Written);
                        return true;
                    }

                    // One row longer than a chunk: it has labels of many kilobytes.
                    span = output.GetSpan(need);
                    line = new LineWriter(span);
                }

                if (row < 0)
                {
                    line.Put(family.Head(format));
                }
                else
                {
                    family.WriteRow(ref line, scrape, row);
                }
            }
        }

        output.Advance(line.Written);
        if (format == ExpositionFormat.OpenMetrics)
        {
            output.Write("# EOF\n"u8);
        }

        return false;
    }
}
