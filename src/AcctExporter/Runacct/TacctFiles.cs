// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>Reads the files of sums that the runs write, which must be whole.</summary>
internal static class TacctFiles
{
    /// <summary>A summary of commands to add files to.</summary>
    public static CommandSummary EmptySummary() => new(LifeSplit.Of(Holidays.None, TimeZoneInfo.Utc));

    /// <summary>Adds a file of total accounting.</summary>
    /// <param name="path">The file; when it is not there nothing is added.</param>
    /// <param name="into">Takes it.</param>
    /// <param name="remedy">What to do when it is damaged.</param>
    /// <returns>False when it is not there.</returns>
    /// <exception cref="RunFault">It is damaged, or something else.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static bool Add(string path, UserTable<TacctSums> into, string remedy)
    {
        using var file = SuiteFile.TryOpen(path);
        if (file is null)
        {
            return false;
        }

        var reading = TacctFile.Read(file, into);
        if (reading.Fault != TacctFault.None || reading.BadRecords > 0)
        {
            var word = Word(reading.Fault == TacctFault.Newer, reading.Fault == TacctFault.Foreign);
            throw new RunFault($"{path} is {word}{remedy}");
        }

        return true;
    }

    /// <summary>Adds a file of commands.</summary>
    /// <inheritdoc cref="Add(string, UserTable{TacctSums}, string)"/>
    public static bool Add(string path, CommandSummary into, string remedy)
    {
        using var file = SuiteFile.TryOpen(path);
        if (file is null)
        {
            return false;
        }

        var reading = CmsFile.Read(file, null, into);
        if (reading.Fault != CmsFault.None || reading.BadRecords > 0)
        {
            throw new RunFault($"{path} is {Word(reading.Fault == CmsFault.Newer, reading.Fault == CmsFault.Foreign)}"
                + remedy);
        }

        return true;
    }

    private static string Word(bool isNewer, bool isForeign) => isNewer ? "of a newer version of this program"
        : isForeign ? "none of ours" : "damaged";
}
