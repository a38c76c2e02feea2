// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using AcctExporter.Config;
using AcctExporter.Logins;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>
/// <c>acct-exporter last</c> and <c>acct-exporter lastb</c>: logins and failed logins, the newest first, as util-linux
/// prints them.
/// </summary>
internal static class LastApplet
{
    private static readonly GetoptForms Forms = new(
        "hVf:n:RxadFit:p:s:0123456789w", "limit:", "help", "file:", "nohostname", "version", "hostlast", "since:",
        "until:", "present:", "system", "dns", "ip", "fulltimes", "fullnames", "time-format:", "format:");

    private const string StandardLogins = "/var/log/wtmp";

    /// <summary>In the order of <see cref="LastTimes"/>.</summary>
    private static readonly string[] TimeFormats = ["notime", "short", "full", "iso"];

    /// <summary><c>last</c>.</summary>
    public static AppletCommand Last(ReportIo io) => Create(
        io, "last", "Logins, the newest first: who, where, from which host, when and how long", StandardLogins);

    /// <summary><c>lastb</c>.</summary>
    public static AppletCommand Lastb(ReportIo io) => Create(
        io, "lastb", "Failed logins, the newest first", "/var/log/btmp");

    private static AppletCommand Create(ReportIo io, string name, string help, string standardFile)
    {
        var command = new AppletCommand(name, help, io) { Rewrite = Plain };
        var names = new Argument<string[]>("NAME")
        {
            Description = "Only these users and lines; 1 is the line tty1",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var limit = Value<long>("--limit", "-n", "NUMBER", "Show so many lines; -NUMBER says the same", ReadLimit);
        var files = new Option<string[]>("--file", "-f")
        {
            Description = "Read this file; several one after the other",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
            DefaultValueFactory = _ => [StandardOr(standardFile)],
        };
        var noHost = Switch("--nohostname", "-R", "No host");
        var hostLast = Switch("--hostlast", "-a", "The host as the last column");
        var since = Time(io, "--since", "-s", "Leave out records before this time");
        var until = Time(io, "--until", "-t", "Leave out records after this time");
        var present = Time(io, "--present", "-p", "Only who was there at this time");
        var system = Switch("--system", "-x", "Also shutdowns, run levels and changes of the clock");
        var dns = Switch("--dns", "-d", "The name of the address for the host");
        var ip = Switch("--ip", "-i", "The address for the host");
        var fullTimes = Switch("--fulltimes", "-F", "Times with seconds and years");
        var fullNames = Switch("--fullnames", "-w", "Users and hosts whole");
        var times = Value<LastTimes?>(
            "--time-format", null, string.Join('|', TimeFormats), "How times look", ReadTimes);
        var version = Switch("--version", "-V", "The version");
        command.Add(names);
        foreach (var option in new Option[]
        {
            limit, files, noHost, hostLast, since, until, present, system, dns, ip, fullTimes, fullNames, times,
            version,
        })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(fullTimes) is { Implicit: false } && result.GetResult(times) is { Implicit: false })
            {
                result.AddError("--fulltimes and --time-format exclude each other");
            }
        });
        command.SetWork((result, format) =>
        {
            if (result.GetValue(version))
            {
                io.Output.Write(Encoding.UTF8.GetBytes($"{name}: acct-exporter {Agent.Build.Version}\n"));
                return ExitCode.Done;
            }

            var options = new LastOptions
            {
                Command = name,
                Failed = name == "lastb",
                Files = result.GetRequiredValue(files),
                Names = [.. (result.GetValue(names) ?? []).Select(Encoding.UTF8.GetBytes)],
                Limit = result.GetValue(limit),
                System = result.GetValue(system),
                HostLast = result.GetValue(hostLast),
                NoHost = result.GetValue(noHost),
                FullNames = result.GetValue(fullNames),
                Addresses = result.GetValue(ip),
                Resolve = result.GetValue(dns),
                Times = result.GetValue(fullTimes) ? LastTimes.Full : result.GetValue(times) ?? LastTimes.Short,
                SinceSeconds = result.GetValue(since),
                UntilSeconds = result.GetValue(until),
                PresentSeconds = result.GetValue(present),
                Format = format,
            };
            return new LastReport(io, options).Run() switch
            {
                ReadResult.Whole => ExitCode.Done,
                ReadResult.WithFlaws => ExitCode.BadRecords,
                _ => ExitCode.CannotRead,
            };
        });
        return command;
    }

    /// <summary>The standard file, or the database where only that is kept (Debian 13).</summary>
    private static string StandardOr(string file) =>
        file == StandardLogins && !File.Exists(file) && File.Exists(WtmpDatabase.UsualPath)
            ? WtmpDatabase.UsualPath : file;

    /// <summary>
    /// The forms of getopt_long(3), and digits as options: each is put behind the limit so far, <c>-n</c> begins a new
    /// one.
    /// </summary>
    private static List<string> Plain(IReadOnlyList<string> arguments)
    {
        var plain = new List<string>();
        long? limit = null;
        var hasEnded = false;
        foreach (var text in Forms.Plain(arguments))
        {
            hasEnded |= text == "--";
            if (!hasEnded && text is ['-', >= '0' and <= '9'])
            {
                limit = Math.Min(((limit ?? 0) * 10) + (text[1] - '0'), int.MaxValue);
            }
            else if (!hasEnded && (ValueOf(text, "--limit=") ?? ValueOf(text, "-n=")) is { } value
                && TryReadLimit(value, out var number))
            {
                limit = number;
            }
            else
            {
                plain.Add(text);
            }
        }

        if (limit is { } lines)
        {
            plain.Insert(0, string.Create(CultureInfo.InvariantCulture, $"--limit={lines}"));
        }

        return plain;
    }

    private static string? ValueOf(string text, string option) =>
        text.StartsWith(option, StringComparison.Ordinal) ? text[option.Length..] : null;

    private static bool TryReadLimit(string text, out long limit) => long.TryParse(
        text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out limit)
        && limit is >= int.MinValue and <= int.MaxValue;

    private static long ReadLimit(string text, SymbolResult result)
    {
        if (!TryReadLimit(text, out var limit))
        {
            result.AddError($"--limit: '{text}' is no number of lines");
        }

        // The real tool takes a negative number for a very large one.
        return Math.Max(0, limit);
    }

    private static LastTimes? ReadTimes(string text, SymbolResult result)
    {
        var found = Array.IndexOf(TimeFormats, text);
        if (found < 0)
        {
            result.AddError(
                $"--time-format: '{text}' is none of {string.Join(", ", TimeFormats)}"
                + Suggestion.For(text, TimeFormats));
        }

        return (LastTimes)Math.Max(0, found);
    }

    private static Option<long> Time(ReportIo io, string name, string letter, string help) =>
        Value(name, letter, "TIME", help, (text, result) =>
        {
            if (!TimeWords.TryRead(text, io.Clock.GetUtcNow(), io.Clock.LocalTimeZone, out var seconds))
            {
                result.AddError(
                    $"{name}: '{text}' is no time; it can be '2026-03-01 12:00', 'yesterday', '-2days' or "
                    + "'@1772366400'");
            }

            return seconds;
        });

    /// <summary>An option with a value, the last of which counts.</summary>
    private static Option<T> Value<T>(
        string name, string? letter, string form, string help, Func<string, SymbolResult, T> read) =>
        new(name, letter is null ? [] : [letter])
        {
            Description = help,
            HelpName = form,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => read(result.Tokens[^1].Value, result),
        };

    private static Option<bool> Switch(string name, string letter, string help) =>
        new(name, letter) { Description = help, Arity = ArgumentArity.Zero };
}
