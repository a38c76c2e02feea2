// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Service;

/// <summary>
/// Lines on their way to stderr, and the thread that writes them: who logs never waits for who reads. What finds no
/// room is dropped and counted, and the log says so as soon as it is read again.
/// </summary>
internal sealed class LogQueue : IDisposable
{
    /// <summary>Bytes of lines that may wait: some thousand lines.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>How long the end waits for the last lines.</summary>
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(1);

    private readonly Stream output;
    private readonly LogCounts counts;
    private readonly Func<ulong, byte[]> gapLine;
    private readonly Lock gate = new();
    private readonly Queue<byte[]> lines = new();
    private readonly SemaphoreSlim waiting = new(0);
    private readonly Thread writer;
    private int bytes;
    private ulong dropped;
    private bool closed;

    /// <summary>Starts the thread.</summary>
    /// <param name="output">Where lines go.</param>
    /// <param name="counts">Where dropped ones are counted.</param>
    /// <param name="gapLine">The line that says that so many are missing.</param>
    public LogQueue(Stream output, LogCounts counts, Func<ulong, byte[]> gapLine)
    {
        this.output = output;
        this.counts = counts;
        this.gapLine = gapLine;
        writer = new Thread(WriteAll) { IsBackground = true, Name = "log" };
        writer.Start();
    }

    /// <summary>Queues a line, or drops it. Never waits for the reader.</summary>
    public void Add(byte[] line)
    {
        lock (gate)
        {
            if (closed || bytes + line.Length > MostBytes)
            {
                Drop();
                return;
            }

            bytes += line.Length;
            lines.Enqueue(line);
        }

        waiting.Release();
    }

    /// <summary>Writes what waits, for a second at most: a reader that has gone away holds no end up.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (closed)
            {
                return;
            }

            closed = true;
        }

        waiting.Release();
        if (writer.Join(EndTime))
        {
            waiting.Dispose();
        }
    }

    private void Drop()
    {
        counts.Drop();
        dropped++;
    }

    private void WriteAll()
    {
        while (true)
        {
            waiting.Wait();
            byte[]? line;
            ulong missing;
            lock (gate)
            {
                if (!lines.TryDequeue(out line) && closed)
                {
                    return;
                }

                bytes -= line?.Length ?? 0;
                (missing, dropped) = (dropped, 0);
            }

            if (missing > 0)
            {
                Write(gapLine(missing));
            }

            if (line is not null)
            {
                Write(line);
            }
        }
    }

    private void Write(byte[] line)
    {
        try
        {
            output.Write(line);
            output.Flush();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A full disk, a reader that is gone; the other exception is a closed descriptor. Nobody will ever read
            // it; the counter says so to whoever looks.
            counts.Drop();
        }
    }
}
