// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Records;
using AcctExporter.Reports;

namespace AcctExporter.Tests.Reports;

/// <summary>All that an input gives, and what it says meanwhile.</summary>
/// <param name="Records">The exits in the form of the batch, in hexadecimal digits.</param>
/// <param name="Ticks">Their ticks a second.</param>
/// <param name="Truths">What is known better.</param>
/// <param name="Errors">The messages.</param>
/// <param name="Result">How the reading went.</param>
internal sealed record ExitsRead(
    List<string> Records, List<int> Ticks, List<ExitTruth> Truths, string Errors, ReadResult Result)
{
    /// <summary>The names, in order.</summary>
    public IEnumerable<string> Names => Records.Select(record =>
        System.Text.Encoding.Latin1.GetString(Convert.FromHexString(record)[48..]).TrimEnd('\0'));

    /// <summary>Reads all of an input.</summary>
    public static ExitsRead Of(ExitInputOptions options, byte[]? standardInput = null)
    {
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var io = new ReportIo(
            new MemoryStream(standardInput ?? []), Stream.Null, errors, TimeProvider.System);
        using var input = ExitInput.Open(options, io, "tool");
        var read = new ExitsRead([], [], [], "", ReadResult.Whole);
        var batch = new ExitBatch();
        while (input.Read(batch))
        {
            read.Add(batch);
        }

        return read with { Errors = errors.ToString(), Result = input.Result };
    }

    /// <summary>Reads all of a source.</summary>
    public static ExitsRead Of(ExitSource source)
    {
        var read = new ExitsRead([], [], [], "", ReadResult.Whole);
        var batch = new ExitBatch();
        while (source.Read(batch))
        {
            read.Add(batch);
            batch.Clear();
        }

        return read;
    }

    /// <summary>Adds the exits of a batch.</summary>
    public void Add(ExitBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            Records.Add(Convert.ToHexString(batch.Slot(i)));
            Ticks.Add(batch[i].TicksPerSecond);
            Truths.Add(batch.Truths is null ? default : batch.Truths[i]);
        }
    }
}
