// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using AcctExporter.Config;
using AcctExporter.Kernel;
using AcctExporter.Records;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>
/// The options with which every process report chooses exits. Of options that take several values all count, and a
/// comma stands between two; of the others the last one that is given.
/// </summary>
internal sealed class SelectionFlags
{
    private const int LargestExitCode = 255;

    private readonly Option<uint[]?> users = List(
        "--user", "USER,...", "Only exits of these users: names or numbers", ReadUser);

    private readonly Option<uint[]?> groups = List(
        "--group", "GROUP,...", "Only exits of these groups: names or numbers", ReadGroup);

    private readonly Option<CommandPattern[]?> commands = List(
        "--command", "PATTERN,...", "Only commands of these names; * stands for any letters, ? for one",
        (text, _) => new[] { new CommandPattern(Encoding.UTF8.GetBytes(text)) });

    private readonly Option<ushort[]?> terminals = List(
        "--tty", "TTY,...", "Only exits on these terminals (pts/3, tty1); - is none", ReadTerminal);

    private readonly Option<long?> since;
    private readonly Option<long?> until;

    private readonly Option<int[]?> signals = List(
        "--signal", "SIGNAL,...", "Only exits by these signals (KILL, 9); any is any signal", ReadSignal);

    private readonly Option<bool> core = AppletFiles.Switch("--core", null, "Only exits that left a core");

    private readonly Option<int[]?> exitCodes = List(
        "--exit-code", "CODE,...", "Only exits with these codes: 1, 2-9, !0 for all but 0", ReadCode);

    private readonly Option<double> minCpu = Value(
        "--min-cpu", "DURATION", "Only exits with so much CPU time or more (1.5s, 200ms; bare seconds)", ReadDuration);

    private readonly Option<double> minElapsed = Value(
        "--min-elapsed", "DURATION", "Only processes that lived so long or longer", ReadDuration);

    /// <summary>The options.</summary>
    /// <param name="clock">What time it is, and in which zone: <c>--since yesterday</c>.</param>
    public SelectionFlags(TimeProvider clock)
    {
        since = Value<long?>("--since", "TIME", "Only exits at this time or later", (text, fault) =>
            ReadTime(text, clock, fault));
        until = Value<long?>("--until", "TIME", "Only exits at this time or earlier", (text, fault) =>
            ReadTime(text, clock, fault));
    }

    /// <summary>All of them, in the order of help.</summary>
    public IEnumerable<Option> Options =>
        [users, groups, commands, terminals, since, until, signals, core, exitCodes, minCpu, minElapsed];

    /// <summary>What they say together; each value by itself is right.</summary>
    public ExitSelection Of(ParseResult result) => new()
    {
        Users = Given(result, users),
        Groups = Given(result, groups),
        Commands = Given(result, commands),
        Terminals = Given(result, terminals),
        SinceSeconds = result.GetValue(since),
        UntilSeconds = result.GetValue(until),
        Signals = Given(result, signals),
        Core = result.GetValue(core),
        ExitCodes = Given(result, exitCodes),
        MinCpuSeconds = result.GetValue(minCpu),
        MinElapsedSeconds = result.GetValue(minElapsed),
    };

    /// <summary>Values that are right each by itself, and leave nothing together.</summary>
    public void Contradictions(CommandResult result)
    {
        if (IsGiven(result, exitCodes) && (IsGiven(result, signals) || IsGiven(result, core)))
        {
            result.AddError(
                $"{exitCodes.Name}: a process that a signal ended has no exit code, so nothing would be left with "
                + $"{(IsGiven(result, signals) ? signals.Name : core.Name)}; leave one of them out");
        }

        if (IsGiven(result, since) && IsGiven(result, until) && result.GetValue(until) < result.GetValue(since))
        {
            result.AddError($"{until.Name}: it is before {since.Name}, so nothing would be left");
        }
    }

    private static bool IsGiven(CommandResult result, Option option) =>
        result.GetResult(option) is { Implicit: false, Errors: var errors } && !errors.Any();

    /// <summary>The parser makes an empty list of an option that is not there.</summary>
    private static T[]? Given<T>(ParseResult result, Option<T[]?> option) =>
        result.GetValue(option) is { Length: > 0 } values ? values : null;

    private static uint[] ReadUser(string text, Action<string> fault) =>
        ReadId(text, "user", UserDatabase.TryGetUid, NameFiles.Users, fault);

    private static uint[] ReadGroup(string text, Action<string> fault) =>
        ReadId(text, "group", UserDatabase.TryGetGid, NameFiles.Groups, fault);

    /// <summary>A number is one whoever is called so: users of such names are shown by number, too.</summary>
    private static uint[] ReadId(string text, string kind, LookUp lookUp, string file, Action<string> fault)
    {
        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return [number];
        }

        if (lookUp(Encoding.UTF8.GetBytes(text), out number, out var errno))
        {
            return [number];
        }

        fault(errno == 0
            ? $"there is no {kind} '{text}'"
                + Suggestion.For(text, NameFiles.Read(file).Select(known => Encoding.UTF8.GetString(known.Name)))
            : $"{kind} '{text}' cannot be looked up: {Errno.Describe(errno)}; a number goes without");
        return [];
    }

    private static ushort[] ReadTerminal(string text, Action<string> fault)
    {
        if (!TtyName.TryRead(text, out var device))
        {
            fault($"'{text}' is no terminal; it can be pts/3, /dev/tty1, ttyS0, console, a device number such as 4:1, "
                + "or - for none");
        }

        return [device];
    }

    private static long? ReadTime(string text, TimeProvider clock, Action<string> fault)
    {
        if (!TimeWords.TryRead(text, clock.GetUtcNow(), clock.LocalTimeZone, out var seconds))
        {
            fault($"'{text}' is no time; it can be '2026-03-01 12:00', 2026-03-01T12:00:00Z, yesterday, -2days or "
                + "@1772366400");
        }

        return seconds;
    }

    private static int[] ReadSignal(string text, Action<string> fault)
    {
        if (text.Equals("any", StringComparison.OrdinalIgnoreCase))
        {
            return [.. Enumerable.Range(1, SignalName.Count - 1)];
        }

        if (!SignalName.TryRead(text, out var signal))
        {
            fault($"'{text}' is no signal; it can be KILL, SIGKILL, 9, RTMIN+3 or any"
                + Suggestion.For(text, SignalName.Names));
            return [];
        }

        return [signal];
    }

    private static int[] ReadCode(string text, Action<string> fault)
    {
        var isOther = text[0] == '!';
        var ends = (isOther ? text[1..] : text).Split('-');
        if (ends.Length > 2 || !TryReadCode(ends[0], out var least) || !TryReadCode(ends[^1], out var most)
            || most < least)
        {
            fault($"'{text}' is no exit code; it can be 1, 2-9, or !0 for all but 0, from 0 to {LargestExitCode}");
            return [];
        }

        return
        [
            .. Enumerable.Range(0, LargestExitCode + 1).Where(code => (code >= least && code <= most) != isOther),
        ];
    }

    private static bool TryReadCode(string text, out int code) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out code) && code <= LargestExitCode;

    private static double ReadDuration(string text, Action<string> fault)
    {
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= uint.MaxValue)
        {
            return (double)seconds;
        }

        if (!Units.TryParseDuration(text, out var duration))
        {
            fault($"'{text}' is no duration; it can be 1.5s, 200ms, 5m, 1h, 2d, or seconds alone");
        }

        return duration.TotalSeconds;
    }

    private static Option<T[]?> List<T>(
        string name, string form, string help, Func<string, Action<string>, T[]> read) => new(name)
        {
            Description = help,
            HelpName = form,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result =>
            [
                .. result.Tokens.SelectMany(token => token.Value.Split(',')).SelectMany(text =>
                    text.Length > 0 ? read(text, problem => result.AddError($"{name}: {problem}"))
                    : Empty<T>(name, result)),
            ],
        };

    private static T[] Empty<T>(string name, ArgumentResult result)
    {
        result.AddError($"{name}: an empty value; leave the option, or the comma, out");
        return [];
    }

    /// <summary>An option of one value, the last of which counts.</summary>
    private static Option<T> Value<T>(string name, string form, string help, Func<string, Action<string>, T> read) =>
        new(name)
        {
            Description = help,
            HelpName = form,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => read(result.Tokens[^1].Value, problem => result.AddError($"{name}: {problem}")),
        };

    private delegate bool LookUp(ReadOnlySpan<byte> name, out uint number, out int errno);
}
