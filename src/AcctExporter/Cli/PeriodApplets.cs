// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Kernel;
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>
/// <c>acct-exporter closewtmp</c> and <c>utmp2wtmp</c>: what makes a day's part of a wtmp complete in itself.
/// </summary>
internal static class PeriodApplets
{
    /// <summary>Logouts for everybody who is logged in.</summary>
    public static AppletCommand CreateClose(ReportIo io) => Create(
        io, "closewtmp", UtmpType.DeadProcess, "Write a logout, now, for everybody who is logged in",
        "The end of the part that utmp2wtmp --cursor took last: logouts for those who were on there, at its time");

    /// <summary>Logins for everybody who is logged in.</summary>
    public static AppletCommand CreateOpen(ReportIo io) => Create(
        io, "utmp2wtmp", UtmpType.UserProcess, "Write a login, now, for everybody who is logged in",
        "The part of the wtmp since the last call with this file, behind logins of those who were on");

    private static AppletCommand Create(ReportIo io, string name, UtmpType type, string help, string cursorHelp)
    {
        var utmp = new Argument<string?>("UTMP")
        {
            Description = $"Who is logged in; without it {SystemLoginFiles.Utmp}; - is standard input",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var wtmp = new Option<string?>("--wtmp")
        {
            Description = "Find out who is logged in from this file's records: for hosts without utmp",
            HelpName = "FILE",
        };
        var cursor = new Option<string?>("--cursor") { Description = cursorHelp, HelpName = "FILE" };
        var output = AppletFiles.OutputOption();
        var command = new AppletCommand(name, help, io) { utmp, wtmp, cursor, output };
        command.SetWork((result, format) =>
        {
            var files = new AppletFiles(name, io);
            var source = result.GetValue(utmp);
            var log = result.GetValue(wtmp);
            var place = result.GetValue(cursor);
            var isClose = type == UtmpType.DeadProcess;
            if (source != null && (log ?? place) != null || (isClose && log != null && place != null))
            {
                files.Say("give one: a utmp, --wtmp or --cursor");
                return ExitCode.Usage;
            }

            var target = result.GetValue(output);
            if (target != null && files.Refuses(target, log))
            {
                return ExitCode.Usage;
            }

            var now = io.Clock.GetUtcNow().ToUnixTimeSeconds();
            return place == null
                ? files.With(log ?? source ?? SystemLoginFiles.Utmp, target, (from, to) =>
                    FromFile(files, from, new(to, format), type, log != null, now))
                : FromCursor(files, place, isClose ? null : log ?? SystemLoginFiles.Wtmp, target, format, now);
        });
        return command;
    }

    private static int FromFile(
        AppletFiles files, Stream from, UtmpOutput output, UtmpType type, bool isWtmp, long now)
    {
        var period = new PeriodRecords(output, type);
        if (isWtmp)
        {
            period.AddWtmp(from, now);
        }
        else
        {
            period.AddUtmp(from, now);
        }

        output.End();
        return files.Told((from as FileStream)?.Name, period.Flawed, "left out");
    }

    private static int FromCursor(
        AppletFiles files, string place, string? wtmp, string? target, ReportFormat format, long now)
    {
        try
        {
            if (wtmp == null)
            {
                var taken = WtmpCursor.Load(place);
                return files.WithOutput(target, to =>
                {
                    var output = new UtmpOutput(to, format);
                    new PeriodRecords(output, UtmpType.DeadProcess).AddOpen(
                        taken.RestoreSessions(), UtmpLayout.OfThisHost, taken.TakenSeconds);
                    output.End();
                    return ExitCode.Done;
                });
            }

            var period = new WtmpPeriod(wtmp, File.Exists(place) ? WtmpCursor.Load(place) : null, files.Say);
            WtmpCursor? next = null;
            var code = files.WithOutput(target, to =>
            {
                next = period.Take(new(to, format), now);
                return ExitCode.Done;
            });

            // Only now: a part that was not written whole will be taken again.
            next?.Save(place);
            return code == ExitCode.Done ? files.Told(wtmp, period.Flawed, "left out") : code;
        }
        catch (Exception error) when (error is InvalidDataException or FileNotFoundException
            or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            files.Say(error is InvalidDataException ? error.Message : FileFault.Tell(error));
            return ExitCode.CannotRead;
        }
    }
}
