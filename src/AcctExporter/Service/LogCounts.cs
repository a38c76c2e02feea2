// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Service;

/// <summary>
/// How many messages there were since the start, by severity, and how many of them were never written because nobody
/// read stderr. From any thread.
/// </summary>
internal sealed class LogCounts
{
    private readonly ulong[] messages = new ulong[(int)LogSeverity.Error + 1];
    private ulong dropped;

    /// <summary>Messages of this severity, written or not.</summary>
    public ulong this[LogSeverity severity] => Interlocked.Read(ref messages[(int)severity]);

    /// <summary>Messages that were never written.</summary>
    public ulong Dropped => Interlocked.Read(ref dropped);

    /// <summary>Counts a message.</summary>
    public void Add(LogSeverity severity) => Interlocked.Increment(ref messages[(int)severity]);

    /// <summary>Counts a message that could not be written, besides <see cref="Add"/>.</summary>
    public void Drop() => Interlocked.Increment(ref dropped);
}
