// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// Segments that the kernel has left: counted to their end in their order, and deleted when a checkpoint covers them.
/// </summary>
internal sealed class SegmentQueue(SegmentDirectory directory, ExitRecorder recorder, Action checkpoint) : IDisposable
{
    /// <summary>Counted segments are deleted with the next checkpoint, or when there are this many.</summary>
    private const int FinishedAtMost = 16;

    private readonly Queue<AcctFile> left = new();
    private readonly List<string> finished = [];

    /// <summary>The oldest that is not yet counted to its end; null when there is none.</summary>
    public AcctFile? First => left.TryPeek(out var file) ? file : null;

    /// <summary>All of them.</summary>
    public IEnumerable<AcctFile> Files => left;

    /// <summary>Bytes that are not yet counted.</summary>
    public long BytesBehind => left.Sum(file => file.BytesBehind);

    /// <summary>A segment to count to its end.</summary>
    public void Add(AcctFile file) => left.Enqueue(file);

    /// <summary>A segment that is counted to its end.</summary>
    public void AddFinished(string file) => finished.Add(file);

    /// <summary>Takes the newest out again when the kernel has not left it; else null.</summary>
    public AcctFile? TakeLastIfWritten()
    {
        if (left.Count == 0 || WriterLease.Test(left.Last().Handle) != WriterState.Writing)
        {
            return null;
        }

        var files = left.ToArray();
        left.Clear();
        foreach (var file in files[..^1])
        {
            left.Enqueue(file);
        }

        return files[^1];
    }

    /// <summary>
    /// Counts them. <paramref name="next"/> is where counting goes on after the last; null for nowhere.
    /// </summary>
    public void Drain(SourcePosition? next)
    {
        while (left.TryPeek(out var file))
        {
            recorder.Drain(file, FileEnd.Final);
            if (recorder.IsOver)
            {
                // Perhaps not to its end: the next start sees.
                return;
            }

            // From here on the position is at the start of what follows: should this file be gone, nothing is missed.
            recorder.MoveTo(left.Count > 1 ? left.ElementAt(1).Position : next ?? file.Position.Finished());
            left.Dequeue().Dispose();
            finished.Add(file.Name);
            if (finished.Count >= FinishedAtMost)
            {
                checkpoint();
            }
        }
    }

    /// <summary>Deletes what is counted: a checkpoint covers it.</summary>
    public void DeleteFinished()
    {
        foreach (var name in finished)
        {
            CrashPoint.Reach(CrashPoint.BeforeUnlink);
            directory.Delete(name);
            CrashPoint.Reach(CrashPoint.AfterUnlink);
        }

        finished.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (left.TryDequeue(out var file))
        {
            file.Dispose();
        }
    }
}
