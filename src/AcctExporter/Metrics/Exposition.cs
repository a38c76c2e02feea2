// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace AcctExporter.Metrics;

/// <summary>How far the walk over families and rows has come.</summary>
internal struct ExpositionPosition
{
    /// <summary>Index of the family.</summary>
    public int Family;

    /// <summary>
    /// Parts of the family that are written. Of text: its head is the first, each row one more. Of a message: bytes.
    /// </summary>
    public int Parts;
}

/// <summary>
/// The catalog in a format: family by family, row by row. Text goes straight into the spans of whoever sends it; a
/// message is written into a buffer first, because its length stands in front of it. Both in chunks, so that a slow
/// reader costs a buffer (or a family) and not the whole; nothing is allocated for a series.
/// </summary>
internal sealed class Exposition
{
    /// <summary>How much is asked of the output at once: few calls, and what a socket takes in one go.</summary>
    private const int ChunkBytes = 64 * 1024;

    private readonly FamilyWriter[] families;

    /// <summary>Encodes what is constant.</summary>
    public Exposition(IEnumerable<MetricFamily> catalog, ScrapeOptions options, BuildFacts build) =>
        families = [.. catalog
            .Where(family => !options.WithoutAgent || family.Scope != MetricScope.Agent
                || (family.Kind == MetricKind.Counter && !family.SinceStart && !family.ScrapeOnly))
            .Select(family => FamilyWriter.For(family, build, options))];

    /// <summary>Writes the next chunk. <paramref name="position"/> starts as its default.</summary>
    /// <returns>False when that was the last.</returns>
    public bool WriteChunk(
        IBufferWriter<byte> output, ScrapeData scrape, ExpositionFormat format, ref ExpositionPosition position) =>
        format == ExpositionFormat.Protobuf
            ? WriteMessages(output, scrape, ref position)
            : WriteText(output, scrape, format, ref position);

    private bool WriteMessages(IBufferWriter<byte> output, ScrapeData scrape, ref ExpositionPosition position)
    {
        var span = output.GetSpan(ChunkBytes);
        var written = 0;
        for (; position.Family < families.Length; position.Family++, position.Parts = 0)
        {
            if (position.Parts == 0)
            {
                families[position.Family].WriteMessage(scrape.Message, scrape);
            }

            var rest = scrape.Message.Written[position.Parts..];
            var part = Math.Min(rest.Length, span.Length - written);
            rest[..part].CopyTo(span[written..]);
            written += part;
            if (part < rest.Length)
            {
                position.Parts += part;
                output.Advance(written);
                return true;
            }
        }

        output.Advance(written);
        return false;
    }

    private bool WriteText(
        IBufferWriter<byte> output, ScrapeData scrape, ExpositionFormat format, ref ExpositionPosition position)
    {
        var span = output.GetSpan(ChunkBytes);
        var points = new PointWriter(span, scrape);
        for (; position.Family < families.Length; position.Family++, position.Parts = 0)
        {
            var family = families[position.Family];
            var rows = family.IsText ? family.Rows(scrape) : 0;
            for (; position.Parts <= rows && rows > 0; position.Parts++)
            {
                var row = position.Parts - 1;
                var need = row < 0 ? family.Head(format).Length : family.LongestRow(scrape, row);
                if (need > span.Length - points.Line.Written)
                {
                    if (points.Line.Written > 0)
                    {
                        output.Advance(points.Line.Written);
                        return true;
                    }

                    // One row longer than a chunk: it has labels of many kilobytes.
                    span = output.GetSpan(need);
                    points = new PointWriter(span, scrape);
                }

                if (row < 0)
                {
                    points.Line.Put(family.Head(format));
                }
                else
                {
                    family.WriteRow(ref points, scrape, row);
                }
            }
        }

        output.Advance(points.Line.Written);
        if (format == ExpositionFormat.OpenMetrics)
        {
            output.Write("# EOF\n"u8);
        }

        return false;
    }
}
