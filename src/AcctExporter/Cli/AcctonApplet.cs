// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text;
using AcctExporter.Capture;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter accton</c>: switches process accounting, as GNU accton does.</summary>
internal static class AcctonApplet
{
    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var target = new Argument<string>("on|off|FILE")
        {
            Description = $"on: to {ExitInputOptions.SystemFile}; off; or to this file, made when it is missing",
        };
        var version = AppletFiles.Switch("--version", "-V", "The version");
        var force = AppletFiles.Switch("--force", null, "Take accounting from an agent which counts nothing then");
        var ifOurs = AppletFiles.Switch(
            "--if-ours", null, "With off: only what an agent left on when it ended; anybody else's goes on");
        var place = new PlaceOption(
            "accounting.path", "Where an agent has its accounting files", options => options.Capture.AccountingPath);
        var command = new AppletCommand("accton", "Switch process accounting on or off", io)
        {
            HasFormat = false,
            Like = "accton(8) of GNU acct",
            Examples =
            [
                new("accton on", $"To {ExitInputOptions.SystemFile}"),
                new("accton off", "No records any more"),
                new("accton /var/tmp/pacct", "To a file of one's own"),
            ],
        };
        target.Arity = ArgumentArity.ZeroOrOne;
        command.Add(target);
        command.Add(version);
        command.AddOurs([force, ifOurs]);
        place.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(target) is null && !result.GetValue(version))
            {
                result.AddError("no arguments: say on, off, or the name of a file");
            }

            if (result.GetValue(ifOurs)
                && (!IsOff(result.GetValue(target)) || result.GetValue(force)))
            {
                result.AddError("--if-ours is for 'off', and not with --force");
            }
        });
        command.SetWork((result, _) => result.GetValue(version)
            ? Say(io, $"accton: acct-exporter {Agent.Build.Version}")
            : result.GetValue(ifOurs) ? TurnOffOurs(io, new AccountingTurn(place.Of(result), mayTake: false))
            : Turn(io, result.GetValue(target)!, new AccountingTurn(place.Of(result), result.GetValue(force))));
        return command;
    }

    private static bool IsOff(string? word) => "off".Equals(word, StringComparison.OrdinalIgnoreCase);

    private static int TurnOffOurs(ReportIo io, AccountingTurn turn)
    {
        if (turn.OffIfOurs(out var segment) is { } fault)
        {
            io.Errors.WriteLine($"accton: {fault}");
            return ExitCode.Failure;
        }

        return Say(io, segment is null ? "No agent left process accounting on."
            : "Turning off process accounting, which an agent left on.");
    }

    private static int Turn(ReportIo io, string word, AccountingTurn turn)
    {
        var (file, done) =
            word.Equals("on", StringComparison.OrdinalIgnoreCase) ? (ExitInputOptions.SystemFile,
                $"Turning on process accounting, file set to the default '{ExitInputOptions.SystemFile}'.")
            : IsOff(word) ? (null, "Turning off process accounting.")
            : (word, $"Turning on process accounting, file set to '{word}'.");
        if (turn.To(file) is { } fault)
        {
            io.Errors.WriteLine($"accton: {fault}");
            return ExitCode.Failure;
        }

        foreach (var note in turn.Notes)
        {
            io.Errors.WriteLine($"accton: {note}");
        }

        return Say(io, done);
    }

    private static int Say(ReportIo io, string text)
    {
        io.Output.Write(Encoding.UTF8.GetBytes(text + "\n"));
        return ExitCode.Done;
    }
}
