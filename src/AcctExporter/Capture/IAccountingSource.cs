// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Capture;

/// <summary>
/// Where accounting records come from: segments of our own, or another program's file. Used by one thread.
/// </summary>
internal interface IAccountingSource : IDisposable
{
    /// <summary>The word for the label <c>source</c>.</summary>
    string Kind { get; }

    /// <summary>The directory or file, for people.</summary>
    string Path { get; }

    /// <summary>The files that are open: those that the kernel has left, and the one that it writes to.</summary>
    IEnumerable<AcctFile> Files { get; }

    /// <summary>Events of the file that is read now; null when inotify is not to be had.</summary>
    FileWatch? Watch { get; }

    /// <summary>The source can be read now.</summary>
    bool Up { get; }

    /// <summary>The kernel writes exits to it, as far as can be known.</summary>
    bool Active { get; }

    /// <summary>Free space and thresholds of the file system that the kernel writes to.</summary>
    SuspensionWatch Space { get; }

    /// <summary>Bytes that are not yet counted.</summary>
    long BytesBehind { get; }

    /// <summary>Attempts to switch accounting that failed.</summary>
    ulong SwitchFailures { get; }

    /// <summary>Times when a file that should be read was missing or could not be opened.</summary>
    ulong ReadFailures => 0;

    /// <summary>
    /// Begins: accounting on, or the file found. What had gathered before is left for the first <see cref="Pass"/>.
    /// </summary>
    void Start();

    /// <summary>Counts all that the kernel has written.</summary>
    void Pass();

    /// <summary>Once a second: rotation, free space, whether the kernel still writes to us.</summary>
    void LookAround();

    /// <summary>The journal is synced and the ledger saved: what they cover may be deleted.</summary>
    void Covered();

    /// <summary>
    /// Ends: with <see cref="AccountingOnExit.Off"/> accounting is off and everything counted on return.
    /// </summary>
    /// <param name="asFound">The agent could not start: accounting that was off before it is off again.</param>
    void Stop(bool asFound);

    /// <summary>A file watch, or null with a word in the log: polling does its work, a second later.</summary>
    internal static FileWatch? TryWatch(ILogger log)
    {
        try
        {
            return new FileWatch();
        }
        catch (IOException error)
        {
            CaptureLog.Warn(log, $"{error.Message}; looking at the file once a second instead");
            return null;
        }
    }

    /// <summary>Watches a file where that can be had; 0 where polling must do.</summary>
    internal static int WatchOrPoll(FileWatch? watch, string path)
    {
        try
        {
            return watch?.Watch(path) ?? 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
