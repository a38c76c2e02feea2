// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Records;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>The options of <c>acctcom</c> that say which exits it shows; of several the last counts.</summary>
internal sealed class AcctcomMatchFlags
{
    private readonly Option<ushort?> line = Value<ushort?>(
        "--line", "-l", "LINE", "Only those on this terminal: pts/3, /dev/tty1; ? is none", ReadLine);

    private readonly Option<Owner> owner = Value(
        "--owner", "-u", "USER", "Only this user's (name or number); # used privilege, ? unknown users", ReadOwner);

    private readonly Option<uint?> group = Value<uint?>(
        "--owner-group", "-g", "GROUP", "Only this group's", (text, fault) =>
            ReadId(text, "group", UserDatabase.TryGetGid, fault));

    private readonly Option<string?> pattern = Value<string?>(
        "--name", "-n", "PATTERN", "Only commands with this in their name: . [] * + {m,n} ( ) ^ $", (text, _) => text);

    private readonly Option<double?> cpu = Number("--cpu-over", "-C", "SECONDS", "Only with more CPU time than this");
    private readonly Option<double?> system = Number("--system-over", "-O", "SECONDS", "Only with more system time");
    private readonly Option<double?> hog = Number("--hog-over", "-H", "FACTOR", "Only with a greater hog factor");

    private readonly Option<double?> characters = Number(
        "--chars-over", "-I", "CHARS", "Only with more characters transferred");

    private readonly Option<int?> startAfter = Time("--start-after", "-S", "Only started at this time of day or later");
    private readonly Option<int?> startBefore = Time("--start-before", "-e", "Only started then or earlier");
    private readonly Option<int?> endAfter = Time("--end-after", "-s", "Only ended at this time of day or later");
    private readonly Option<int?> endBefore = Time("--end-before", "-E", "Only ended then or earlier");

    /// <summary>All of them, in the order of help.</summary>
    public IEnumerable<Option> Options =>
    [
        line, owner, group, pattern, cpu, system, hog, characters, startAfter, startBefore, endAfter, endBefore,
    ];

    /// <summary>What they say; false when the pattern is none.</summary>
    public bool TryRead(ParseResult result, bool compat, out AcctcomMatch match, out string fault)
    {
        fault = "";
        AcctcomPattern? name = null;
        match = new AcctcomMatch();
        if (result.GetValue(pattern) is { } text && !AcctcomPattern.TryRead(text, compat, out name, out var why))
        {
            fault = $"--name: '{text}' is no pattern: {why}";
            return false;
        }

        var who = result.GetValue(owner);
        match = new AcctcomMatch
        {
            Uid = who.Uid,
            Privileged = who.Privileged,
            Unknown = who.Unknown,
            Gid = result.GetValue(group),
            Terminal = result.GetValue(line),
            Pattern = name,
            CpuOver = result.GetValue(cpu),
            SystemOver = result.GetValue(system),
            HogOver = result.GetValue(hog),
            CharactersOver = result.GetValue(characters),
            Compat = compat,
        };
        return true;
    }

    /// <summary>Between which times of day.</summary>
    public AcctcomTimes Times(ParseResult result) => new()
    {
        StartAfter = result.GetValue(startAfter),
        StartBefore = result.GetValue(startBefore),
        EndAfter = result.GetValue(endAfter),
        EndBefore = result.GetValue(endBefore),
    };

    private static ushort? ReadLine(string text, Action<string> fault)
    {
        if (!TtyName.TryRead(text == "?" ? "-" : text, out var device))
        {
            fault($"'{text}' is no terminal; it can be pts/3, /dev/tty1, ttyS0, console, 4:1, or ? for none");
        }

        return device;
    }

    private static Owner ReadOwner(string text, Action<string> fault) => text switch
    {
        "#" => new Owner(null, Privileged: true, Unknown: false),
        "?" => new Owner(null, Privileged: false, Unknown: true),
        _ => new Owner(ReadId(text, "user", UserDatabase.TryGetUid, fault), Privileged: false, Unknown: false),
    };

    private static uint? ReadId(string text, string kind, LookUp lookUp, Action<string> fault)
    {
        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && !lookUp(Encoding.UTF8.GetBytes(text), out number, out var errno))
        {
            fault(errno == 0 ? $"there is no {kind} '{text}'"
                : $"{kind} '{text}' cannot be looked up: {Errno.Describe(errno)}; a number goes without");
        }

        return number;
    }

    private static Option<double?> Number(string name, string letter, string form, string help) =>
        Value<double?>(name, letter, form, help, (text, fault) =>
        {
            if (!(double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number)))
            {
                fault($"'{text}' is no number from 0 on");
            }

            return number;
        });

    private static Option<int?> Time(string name, string letter, string help) =>
        Value<int?>(name, letter, "HH[:MM[:SS]]", help, (text, fault) =>
        {
            if (!AcctcomTimes.TryRead(text, out var seconds))
            {
                fault($"'{text}' is no time of day; it can be 9, 17:30 or 23:59:59");
            }

            return seconds;
        });

    private static Option<T> Value<T>(
        string name, string letter, string form, string help, Func<string, Action<string>, T> read) =>
        new(name, letter)
        {
            Description = help,
            HelpName = form,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => read(result.Tokens[^1].Value, problem => result.AddError($"{name}: {problem}")),
        };

    /// <summary>Whose exits (<c>-u</c>).</summary>
    private readonly record struct Owner(uint? Uid, bool Privileged, bool Unknown);

    private delegate bool LookUp(ReadOnlySpan<byte> name, out uint number, out int errno);
}
