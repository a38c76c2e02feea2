// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>Options that several commands of GNU acct have, and what becomes of a report's result.</summary>
internal static class GnuFlags
{
    /// <summary><c>--ahz</c>: from 1 to 65535, which is as much as a record can say.</summary>
    public static Option<ushort> Ahz() => new("--ahz")
    {
        Description = "Ticks a second of old records that do not say it",
        HelpName = "FREQUENCY",
        // Of several the last.
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => 100,
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) || ticks == 0)
            {
                result.AddError($"--ahz: '{text}' is no number of ticks a second from 1 to {ushort.MaxValue}");
            }

            return Math.Max((ushort)1, ticks);
        },
    };

    /// <summary>An option with a number of lines, at least <paramref name="least"/>; without it all of them.</summary>
    public static Option<long> Count(string name, string letter, string help, int least) => new(name, letter)
    {
        Description = help,
        HelpName = "NUMBER",
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => long.MaxValue,
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < least)
            {
                result.AddError($"{name}: '{text}' is no whole number of lines from {least}");
            }

            return count;
        },
    };

    /// <summary>Says the version, when that was asked for.</summary>
    public static void WriteVersion(string name, ReportIo io) =>
        io.Output.Write(Encoding.UTF8.GetBytes($"{name}: acct-exporter {Agent.Build.Version}\n"));

    /// <summary>The exit code for what came of the reading.</summary>
    public static int CodeOf(ReadResult result) => result switch
    {
        ReadResult.Whole => ExitCode.Done,
        ReadResult.WithFlaws => ExitCode.BadRecords,
        _ => ExitCode.CannotRead,
    };
}
