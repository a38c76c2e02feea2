// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Suite;

/// <summary>
/// Follows CUPS' log of printed pages into <c>qacct</c>, each line once: through rotations, kills and power cuts, by
/// whichever process comes next. Up to where the log was read, how long <c>qacct</c> is with it, and the totals are
/// one file of state; what stands in <c>qacct</c> behind that length is cut off and read again.
/// </summary>
internal sealed class PageLogFollower : IDisposable
{
    /// <summary>Nothing is opened before the first <see cref="Pass"/>.</summary>
    /// <param name="paths">The suite's folder.</param>
    /// <param name="pageLog">CUPS' log; it need not be there.</param>
    /// <param name="uidOf">The number of a user's name; null for one without. May throw <see cref="IOException"/>.</param>
    /// <param name="log">Where faults are told.</param>
    public PageLogFollower(SuitePaths paths, string pageLog, Func<byte[], uint?> uidOf, ILogger log) =>
        (_, _, _, _) = (paths, pageLog, uidOf, log);

    /// <summary>What was printed since counting began, as it was after the last pass. Any thread may ask.</summary>
    public PrintFigures Figures { get; private set; } = new();

    /// <summary>Reads all that was written. Waits for another process that does so, but not for long.</summary>
    /// <returns>False when another has it, or nothing could be saved: the next pass goes on.</returns>
    public bool Pass() => throw new NotSupportedException();

    /// <summary>
    /// Reads all that was written, and then gives <c>qacct</c> away: it gets the name, and the next line begins a new
    /// one. Does nothing when there is a file of that name: it was taken before.
    /// </summary>
    /// <param name="destination">The file, in the suite's folder (<c>nite/qacct.MMDD</c>).</param>
    /// <returns>True when there is such a file now; false when there was nothing to take.</returns>
    /// <exception cref="IOException">It cannot be done; nothing is lost, and it can be done again.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public bool Take(string destination) => throw new NotSupportedException(destination);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
