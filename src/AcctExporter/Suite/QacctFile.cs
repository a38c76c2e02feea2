// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Suite;

/// <summary>
/// The file of printed jobs, one a line: <c>user uid pages</c>, as AIX has it, and behind that what ours says more,
/// <c>printer time</c>.
/// </summary>
internal static class QacctFile
{
    /// <summary>Adds up the pages of all lines.</summary>
    /// <param name="input">The file.</param>
    /// <param name="into">Takes the pages, by user number and name.</param>
    /// <param name="bad">Told the number of each line that is none, from 1.</param>
    /// <returns>Lines that were added.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static long Read(Stream input, UserTable<TacctSums> into, Action<long> bad) =>
        throw new NotSupportedException($"{input}{into}{bad}");
}
