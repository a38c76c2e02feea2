// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Suite;

/// <summary>
/// Charges of <c>chargefee</c>: the file <c>fee</c>, a line of total accounting for each, until the daily run takes
/// it.
/// </summary>
internal static class FeeFile
{
    /// <summary>Appends a charge; a credit is negative. Waits for others who write or take the file.</summary>
    /// <exception cref="IOException">It cannot be written: nothing was.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void Append(SuitePaths paths, uint uid, ReadOnlySpan<byte> name, long milliunits, bool compat) =>
        throw new NotSupportedException($"{paths}{uid}{name.Length}{milliunits}{compat}");

    /// <summary>
    /// Gives the charges away: the file gets the name, and the next charge begins a new one. Does nothing when there
    /// is a file of that name: they were taken before.
    /// </summary>
    /// <returns>True when there is such a file now; false when there was no charge.</returns>
    /// <exception cref="IOException">It cannot be done.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static bool Take(SuitePaths paths, string destination) =>
        throw new NotSupportedException($"{paths}{destination}");

    /// <summary>Adds up the charges of the file <c>fee</c>, of 13 fields or 18 in a line.</summary>
    /// <param name="input">The file.</param>
    /// <param name="into">Takes all figures of the lines, by user number and name.</param>
    /// <param name="bad">Told the number of each line that is none, from 1.</param>
    /// <returns>Lines that were added.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static long Read(Stream input, UserTable<TacctSums> into, Action<long> bad) =>
        throw new NotSupportedException($"{input}{into}{bad}");

    /// <summary>
    /// Moves the whole files of the drop (<c>fees.d</c>) to a folder, which is made; those whose names begin with a
    /// dot or end in <c>.tmp</c> stay. A file whose name is there already stays too, for the next day.
    /// </summary>
    /// <returns>How many were moved.</returns>
    /// <exception cref="IOException">It cannot be done; what was moved, was; it can be done again.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static int TakeDrop(SuitePaths paths, string folder) =>
        throw new NotSupportedException($"{paths}{folder}");

    /// <summary>
    /// Adds up the charges of a folder that <see cref="TakeDrop"/> filled: lines <c>user number [text]</c>. What is
    /// no charge goes to a file beside (<c>FOLDER.rejected</c>), with the reason; done again, the same is written.
    /// </summary>
    /// <param name="folder">The folder; it need not be there.</param>
    /// <param name="uidOf">The number of a user's name; null for one without.</param>
    /// <param name="into">Takes the fees.</param>
    /// <exception cref="IOException">Something cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static FeeReading ReadDrop(string folder, Func<byte[], uint?> uidOf, UserTable<TacctSums> into) =>
        throw new NotSupportedException($"{folder}{uidOf}{into}");

    /// <summary>What waits for the next daily run: the file and the drop together. Bad lines are left out.</summary>
    public static FeeReading ReadPending(
        SuitePaths paths, Func<byte[], uint?> uidOf, UserTable<TacctSums> into) =>
        throw new NotSupportedException($"{paths}{uidOf}{into}");
}

/// <summary>How the reading of charges went.</summary>
/// <param name="Charges">Lines that were added.</param>
/// <param name="Rejected">Lines that are no charges.</param>
/// <param name="FirstReason">Of the first of these: file, line and what is wrong; null for none.</param>
internal readonly record struct FeeReading(long Charges, long Rejected, string? FirstReason);
