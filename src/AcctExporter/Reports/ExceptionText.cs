// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>The reports of exceptions for people (<c>prdaily -c</c>, <c>-l</c>).</summary>
internal static class ExceptionText
{
    private const int NameWidth = 8;

    /// <summary>Commands.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(Stream output, CommandSummary summary)
    {
        var text = new ReportText(output);
        text.Add("\t\t\t\tCommand Exception Usage Summary\n\t\t\t\tTotal CPU > "u8);
        text.Add((long)DailyExceptions.CpuMinutes);
        text.Add(" or Total KCORE > "u8);
        text.Add((long)DailyExceptions.CommandKcoreMinutes);
        text.Add((byte)'\n');
        new AcctcmsReport(text, DailyExceptions.Of(summary)).WriteExceptions();
    }

    /// <summary>Users.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="users">All of them.</param>
    /// <param name="compat">Names have eight letters.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(Stream output, UserTable<TacctSums> users, bool compat)
    {
        var text = new ReportText(output);
        text.Add("Logins with exceptional Prime/Non-prime Time Usage\nCPU > "u8);
        text.Add((long)DailyExceptions.CpuMinutes);
        text.Add(" or KCORE > "u8);
        text.Add((long)DailyExceptions.UserKcoreMinutes);
        text.Add(" or CONNECT > "u8);
        text.Add((long)DailyExceptions.ConnectMinutes);
        text.Add("\n\n\n\tLogin\t\tCPU (mins)\tKCORE-mins\tCONNECT-mins\tdisk\t# of\t# of\t# Disk\tfee\n"u8);
        text.Add("UID\tName\t\tPrime\tNprime\tPrime\tNprime\tPrime\tNprime\tBlocks\tProcs\tSess\tSamples\n\n"u8);
        var figures = new TacctText(text, new() { Fields = [.. TacctField.Classic.Skip(2)] });
        foreach (var (uid, name, sums) in DailyExceptions.Of(users).Sorted())
        {
            text.Add(uid);
            text.Add((byte)'\t');
            text.AddLeft(SafeText.Of(name), NameWidth, compat ? NameWidth : int.MaxValue);
            text.Add((byte)'\t');
            figures.AddFigures(sums);
            text.Add((byte)'\n');
        }

        text.Flush();
    }
}
