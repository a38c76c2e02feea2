// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace AcctExporter.Capture;

/// <summary>Events as lines of JSON in a file or on standard output.</summary>
internal sealed class EventFileSink : IExitEventSink
{
    /// <summary>A write is of about so many bytes.</summary>
    private const int BatchBytes = 1 << 16;

    private readonly EventFile file;
    private readonly int batchLimit;
    private readonly ArrayBufferWriter<byte> batch = new(BatchBytes + (BatchBytes / 4));
    private ExitEventLine? line;
    private int batchDone;

    /// <summary>Opens nothing yet.</summary>
    public EventFileSink(ExitEventOptions options)
    {
        Place = options.File;
        file = new EventFile(options);
        // A batch goes into one file: it is small beside the largest.
        batchLimit = options.MaxBytes == 0 ? BatchBytes : (int)Math.Min(BatchBytes, options.MaxBytes / 4);
    }

    /// <inheritdoc/>
    public string Place { get; }

    /// <inheritdoc/>
    public TimeSpan GatherTime => TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    public TimeSpan RetryDelay => TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public long Written => file.Written;

    /// <inheritdoc/>
    public long Torn => file.Torn;

    /// <inheritdoc/>
    public bool HasBatch => batch.WrittenCount > 0;

    /// <inheritdoc/>
    public bool Add(in ExitEvent happened, ExitEventNames names)
    {
        if (batchDone > 0 || batch.WrittenCount >= batchLimit)
        {
            return false;
        }

        line ??= new ExitEventLine(names.UserOf, names.PathOf);
        line.Write(happened, batch);
        return true;
    }

    /// <inheritdoc/>
    public string? Write()
    {
        batchDone += file.Write(batch.WrittenSpan[batchDone..], out var fault);
        if (fault is null)
        {
            batch.ResetWrittenCount();
            batchDone = 0;
        }

        return fault;
    }

    public void Dispose()
    {
        file.Dispose();
        line?.Dispose();
    }
}
