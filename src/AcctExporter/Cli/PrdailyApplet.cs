// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Reports;
using AcctExporter.Runacct;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter prdaily</c>: the report of a day.</summary>
internal static class PrdailyApplet
{
    private const string Name = "prdaily";
    private const string Html = "html";

    /// <summary>What the original says of exceptions of the past, of which it keeps nothing.</summary>
    private const int CompatPast = 5;

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var day = new Argument<string?>("MMDD")
        {
            Description = "A day of the open period; none: the last one that was run",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var commands = AppletFiles.Switch(
            "--commands", "-c", "Only commands with more than 20 CPU minutes or 1000 kcore-minutes");
        var logins = AppletFiles.Switch(
            "--logins", "-l", "Only users with more than 20 CPU minutes, 500 kcore-minutes or 120 minutes logged in");
        var compat = AppletFiles.Switch("--compat", null, "As the original: its columns, and no -c of the past");
        var command = new AppletCommand(Name, "Print the daily report", io, Html)
        {
            Like = "prdaily(8) of the System V accounting suite",
            Differences = "prdaily",
            Examples =
            [
                new("prdaily", "the day that was run last"),
                new("prdaily 0702", "an earlier day of the period"),
                new("prdaily -cl", "commands and users that used very much"),
                new("prdaily --format html > report.html", "the same report as a page"),
            ],
        };
        command.Add(day);
        command.Add(commands);
        command.Add(logins);
        command.AddOurs([compat]);
        var flags = new SettingFlags(command, SuitePlace.Settings);
        command.SetWork((result, format) => SuitePlace.Read(command, flags, result, options =>
        {
            var asked = new PrdailyWork(io, options.Paths)
            {
                Format = format,
                IsHtml = command.FormatWord(result) == Html,
                OfCommands = result.GetValue(commands),
                OfUsers = result.GetValue(logins),
                Compat = result.GetValue(compat),
            };
            try
            {
                return asked.Run(result.GetValue(day));
            }
            catch (RunFault fault)
            {
                io.Errors.WriteLine($"{Name}: {fault.Message}");
                return ExitCode.CannotRead;
            }
        }));
        return command;
    }

    /// <summary>What was asked for.</summary>
    private sealed record PrdailyWork(ReportIo Io, SuitePaths Paths)
    {
        public required ReportFormat Format { get; init; }

        public required bool IsHtml { get; init; }

        public required bool OfCommands { get; init; }

        public required bool OfUsers { get; init; }

        public required bool Compat { get; init; }

        private bool OfExceptions => OfCommands || OfUsers;

        private DateTimeOffset Now => Io.Clock.GetLocalNow();

        public int Run(string? word)
        {
            var today = DateOnly.FromDateTime(Now.DateTime);
            if (word is not null && RunMarks.DayOf(word, today) is null)
            {
                return Said($"'{word}' is no day: 0702, or 2026-07-02", ExitCode.Usage);
            }

            if (Format == ReportFormat.Csv && OfCommands && OfUsers)
            {
                return Said("--format csv: that is one table; ask for -c or for -l", ExitCode.Usage);
            }

            var marks = RunMarks.Read(Paths, today);
            if (marks.Day is not { } last)
            {
                return Said($"no day was run yet: {Paths.LastDate} is not there; see runacct", ExitCode.CannotRead);
            }

            var day = RunMarks.DayOf(word, today) ?? last;
            // The original takes what it has for that of today.
            var isLast = day == last || (Compat && day == today);
            if (Compat && OfCommands && !isLast)
            {
                return Said("exceptions of commands are of the last day only", CompatPast);
            }

            if (isLast && marks.State != RunState.Complete)
            {
                Io.Errors.WriteLine($"{Name}: the run of {RunMarks.Text(last)} is not complete, its next state is "
                    + $"{marks.StateWord}: some of this is of the day before");
            }

            return isLast ? Write(Last(last)) : Past(day, today);
        }

        private DailyReport Last(DateOnly day)
        {
            var record = new DayArchive(Paths, day).Record() is { } kept && kept.Day == day ? kept
                : DayRecord.Load(Paths.OfNite("day", day));
            var report = DailyReport.OfLast(Paths, day, Head(record), Say);
            report.States = States(record);
            return report;
        }

        private int Past(DateOnly day, DateOnly today)
        {
            if (new DayArchive(Paths, day).Record() is not { } record || record.Day != day)
            {
                return Said(
                    $"there is no report of {RunMarks.Text(day)}: {Paths.OfSum("day", day)} is not there or of another "
                    + $"year; the open period has {Days(today)}; see {Paths.Fiscal} for closed ones",
                    ExitCode.CannotRead);
            }

            if (Format == ReportFormat.Text && !IsHtml && !OfExceptions)
            {
                return new AppletFiles(Name, Io).With(Paths.OfSum("rprt", day), null, (from, to) =>
                {
                    from.CopyTo(to);
                    return ExitCode.Done;
                });
            }

            var days = new PeriodSums(Paths).Days("cms").Select(mmdd => RunMarks.DayOf(mmdd, today)!.Value)
                .Where(other => other <= day);
            var report = DailyReport.OfPast(Paths, day, days, Head(record), Say);
            report.States = States(record);
            return Write(report);
        }

        private string Days(DateOnly today) => new PeriodSums(Paths).Days("rprt") is { Count: > 0 } days
            ? string.Join(", ", days.Select(mmdd => RunMarks.DayOf(mmdd, today)).Order().Select(other =>
                other is { } known ? SuitePaths.MonthAndDay(known) : "?")) : "none";

        private int Write(DailyReport report)
        {
            var output = Io.Output;
            if (IsHtml)
            {
                WriteHtml(output, report);
            }
            else if (Format == ReportFormat.Json)
            {
                WriteJson(output, report);
            }
            else if (Format == ReportFormat.Csv)
            {
                WriteCsv(output, report);
            }
            else if (OfExceptions)
            {
                WriteExceptions(output, report);
            }
            else
            {
                report.WriteText(output, Compat);
            }

            return SuiteFlags.CodeOf(report.Result);
        }

        private void WriteHtml(Stream output, DailyReport report)
        {
            if (OfExceptions)
            {
                DailyHtml.WriteExceptions(output, report, OfCommands, OfUsers);
            }
            else
            {
                DailyHtml.Write(output, report);
            }
        }

        private void WriteJson(Stream output, DailyReport report)
        {
            if (OfExceptions)
            {
                DailyDocument.WriteExceptions(output, report, OfCommands, OfUsers);
            }
            else
            {
                DailyDocument.Write(output, report);
            }
        }

        /// <summary>CSV is one table: of the whole report, that of the users.</summary>
        private void WriteCsv(Stream output, DailyReport report)
        {
            if (OfCommands && report.Commands is { } commands)
            {
                CommandRows.Write(output, ReportFormat.Csv, commands, DailyExceptions.Of(commands));
            }
            else if (!OfCommands && report.Users is { } users)
            {
                DailyRows.Write(output, ReportFormat.Csv, OfUsers ? DailyExceptions.Of(users) : users);
            }
        }

        private void WriteExceptions(Stream output, DailyReport report)
        {
            if (OfCommands && report.Commands is { } commands)
            {
                ExceptionText.Write(output, commands);
            }

            if (OfUsers && report.Users is { } users)
            {
                ExceptionText.Write(output, users, Compat);
            }
        }

        private ReportHead Head(DayRecord? record) => new(Environment.MachineName, record is null ? Now
            : TimeZoneInfo.ConvertTime(record.CutOff, Io.Clock.LocalTimeZone));

        private static DailyState[] States(DayRecord? record) =>
            [.. (record?.States ?? []).Select(state => new DailyState(state.State, state.Outcome, state.Warnings))];

        private int Said(string message, int code)
        {
            Say(message);
            return code;
        }

        private void Say(string message) => Io.Errors.WriteLine($"{Name}: {message}");
    }
}
