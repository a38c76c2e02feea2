// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Cli;

/// <summary>Lines of an input that are left out: how many, and which was the first.</summary>
/// <param name="what">What such a line is, behind its number.</param>
internal sealed class BadLines(string what)
{
    private long first;
    private long count;

    /// <summary>Another one.</summary>
    /// <param name="number">Its number, from 1.</param>
    public void Met(long number)
    {
        first = count == 0 ? number : first;
        count++;
    }

    /// <summary>Says so, if there were any.</summary>
    /// <returns>The exit code.</returns>
    public int Told(AppletFiles files, string? file)
    {
        if (count > 0)
        {
            files.Say($"{AppletFiles.NameOf(file)}: line {first}{(count > 1 ? $" and {count - 1} more" : "")}: "
                + $"{what}: left out");
        }

        return count > 0 ? ExitCode.BadRecords : ExitCode.Done;
    }
}
