// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Kernel;
using AcctExporter.Logins;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter lastlogin</c>: the last login of each user, as the System V suite's lastlogin.</summary>
internal static class LastLoginApplet
{
    /// <summary>The login file of utmp(5).</summary>
    private const string UsualWtmp = "/var/log/wtmp";

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var command = new AppletCommand("lastlogin", "When each user logged in last, those who never did first", io);
        var names = new Argument<string[]>("NAME")
        {
            Description = "Only these users",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var wtmp = new Option<string[]>("--wtmp", "-f")
        {
            Description = "Sessions from this login file or database of wtmpdb; may be given several times",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
        };
        var lastlog2 = File("--lastlog2", "Last logins from this database of lastlog2");
        var lastlog = File("--lastlog", "Last logins from this file lastlog");
        var passwd = File("--passwd", $"Users from this file, not from {NameFiles.Users}");
        var loginlog = File("--loginlog", "With --compat: merge this table, and write it again");
        var compat = new Option<bool>("--compat")
        {
            Description = "The suite's table: years of two digits, today's date for who was logged in within a day",
            Arity = ArgumentArity.Zero,
        };
        command.Add(names);
        foreach (var option in new Option[] { wtmp, lastlog2, lastlog, passwd, compat, loginlog })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(loginlog) is not null && !result.GetValue(compat))
            {
                result.AddError("--loginlog: the table is only written with --compat");
            }
        });
        command.SetWork((result, format) =>
        {
            var named = new AppletFiles("lastlogin", io);
            if (result.GetValue(compat) && format != ReportFormat.Text)
            {
                named.Say("--format: with --compat there is the suite's table only; leave out one of them");
                return ExitCode.Usage;
            }

            if (result.GetValue(passwd) is { } users)
            {
                using var opened = named.Open(users);
                if (opened is null)
                {
                    return ExitCode.CannotRead;
                }
            }

            var files = result.GetValue(wtmp) ?? [];
            var options = new LastLoginOptions
            {
                Wtmp = files,
                Lastlog2 = result.GetValue(lastlog2),
                Lastlog = result.GetValue(lastlog),
                Passwd = result.GetValue(passwd) ?? NameFiles.Users,
                Names = result.GetValue(names) ?? [],
                Compat = result.GetValue(compat),
                Loginlog = result.GetValue(loginlog),
                Format = format,
            };
            if (files.Length == 0 && options.Lastlog2 is null && options.Lastlog is null)
            {
                options = options with
                {
                    Wtmp = [WtmpDatabase.UsualPath, UsualWtmp],
                    Lastlog2 = LastLoginDatabase.UsualPath,
                    Lastlog = LastlogFile.UsualPath,
                    MayBeAbsent = true,
                };
            }

            return new LastLoginReport(io, options).Run() switch
            {
                ReadResult.Whole => ExitCode.Done,
                ReadResult.WithFlaws => ExitCode.BadRecords,
                _ => ExitCode.CannotRead,
            };
        });
        return command;
    }

    private static Option<string?> File(string name, string help) => new(name)
    {
        Description = help,
        HelpName = "FILE",
    };
}
