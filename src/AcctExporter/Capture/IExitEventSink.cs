// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Capture;

/// <summary>
/// Where chosen exits go: a file, or a receiver in the network. It holds a batch of them until they are done with.
/// Used by one thread, which may wait in it as long as it likes.
/// </summary>
internal interface IExitEventSink : IDisposable
{
    /// <summary>The place as the log names it.</summary>
    string Place { get; }

    /// <summary>How long events gather before the next batch, so that a storm does not make many small ones.</summary>
    TimeSpan GatherTime { get; }

    /// <summary>How long it is left alone after a fault.</summary>
    TimeSpan RetryDelay { get; }

    /// <summary>Events that arrived.</summary>
    long Written { get; }

    /// <summary>Events that were taken and will never arrive as a whole.</summary>
    long Torn { get; }

    /// <summary>It holds events, or parts of them, that have not arrived.</summary>
    bool HasBatch { get; }

    /// <summary>Takes an event into the batch; false when that is full, or already on its way.</summary>
    bool Add(in ExitEvent happened, ExitEventNames names);

    /// <summary>
    /// Sends the batch. What did not arrive is kept, and sent first the next time. Without a batch it looks whether it
    /// could.
    /// </summary>
    /// <returns>Why not all arrived, or null.</returns>
    string? Write();
}
