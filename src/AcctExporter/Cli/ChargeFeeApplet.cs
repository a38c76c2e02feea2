// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter chargefee</c>: charges a user for work that no figure shows.</summary>
internal static class ChargeFeeApplet
{
    private const string Name = "chargefee";
    private const int ClassicUsage = 1;
    private const int ClassicUnknownUser = 2;
    private const int ClassicBadNumber = 3;

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io) => Create(
        io, name => UserDatabase.TryGetUid(name, out var uid, out var errno) ? uid
            : errno == 0 ? null : throw Errno.Fault("ask who is", Encoding.UTF8.GetString(name), errno));

    /// <summary>The command, with the users of some other host.</summary>
    /// <param name="io">What it reads and writes.</param>
    /// <param name="uidOf">
    /// The number of a user's name; null for one without. May throw <see cref="IOException"/>.
    /// </param>
    public static AppletCommand Create(ReportIo io, Func<byte[], uint?> uidOf)
    {
        var words = new Argument<string[]>("USER NUMBER")
        {
            Description = "Whom to charge, and how much: up to three decimals, a credit is below 0",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var compat = AppletFiles.Switch(
            "--compat", null, "A line of 13 fields and the exit codes of the original: 1, 2 unknown user, 3 no number");
        AppletCommand command = null!;
        command = new AppletCommand(Name, "Charge a user; the next daily run bills it", io)
        {
            HasFormat = false,
            TakesNumbers = true,
            Like = "chargefee(8) of the System V accounting suite",
            Differences = "chargefee",
            Rewrite = arguments => Plain(command, arguments),
            Examples =
            [
                new("chargefee alice 12.5", "twelve and a half units, for restoring a file, say"),
                new("chargefee alice -5", "a credit"),
            ],
        };
        command.Add(words);
        command.AddOurs([compat]);
        var flags = new SettingFlags(command, SuitePlace.Settings);
        command.SetWork((result, _) =>
        {
            var isCompat = result.GetValue(compat);
            var given = result.GetValue(words) ?? [];
            var files = new AppletFiles(Name, io);
            if (given.Length != 2)
            {
                files.Say($"usage: {Name} USER NUMBER: {(given.Length < 2 ? "one is missing" : "there is one more")}");
                return isCompat ? ClassicUsage : ExitCode.Usage;
            }

            return SuitePlace.Of(flags, result) is { } suite ? Charge(suite, given[0], given[1]) : ExitCode.Usage;

            int Charge(SuitePaths paths, string user, string number)
            {
                // As the original: the user first.
                var name = Encoding.UTF8.GetBytes(user);
                if (uidOf(name) is not { } uid)
                {
                    files.Say($"there is no user '{Shown(user)}'");
                    return isCompat ? ClassicUnknownUser : ExitCode.Failure;
                }

                if (!FeeAmount.TryParse(number, out var milliunits))
                {
                    files.Say($"'{Shown(number)}' {FeeAmount.Form}");
                    return isCompat ? ClassicBadNumber : ExitCode.Usage;
                }

                FeeFile.Append(paths, uid, name, milliunits, isCompat);
                return ExitCode.Done;
            }
        });
        return command;
    }

    /// <summary>A credit is no letters of options.</summary>
    private static IEnumerable<string> Plain(Command command, IReadOnlyList<string> arguments)
    {
        var forms = GetoptForms.Of(command);
        var isNumber = arguments.Select(text => text is ['-', >= '0' and <= '9', ..]).ToArray();
        if (!isNumber.Contains(true))
        {
            return forms.Plain(arguments);
        }

        var others = arguments.Where((_, at) => !isNumber[at] && arguments[at] != "--").ToArray();
        return [.. forms.Plain(others), "--", .. arguments.Where((_, at) => isNumber[at])];
    }

    private static string Shown(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        SafeText.MakeSafe(bytes);
        return Encoding.ASCII.GetString(bytes);
    }
}
