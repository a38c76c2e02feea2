// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Capture;

/// <summary>What became of an exit that was to be joined.</summary>
internal enum JoinResult
{
    /// <summary>No messages are certainly of this exit.</summary>
    None,

    /// <summary>Corrected and enriched.</summary>
    Joined,

    /// <summary>
    /// A thread may be on its way: empty the socket once more, then try again. It is not said of this exit twice.
    /// </summary>
    DrainFirst,
}
