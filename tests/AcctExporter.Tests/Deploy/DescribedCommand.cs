// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Cli;
using AcctExporter.Config;
using AcctExporter.Reports;

namespace AcctExporter.Tests.Deploy;

/// <summary>What a value can be, as far as a shell can know it.</summary>
internal enum ValueKind
{
    /// <summary>Nothing is known.</summary>
    Any,
    File,
    Directory,
    User,
    Group,
    Signal,
}

/// <summary>A value of an option or an argument.</summary>
/// <param name="Form">What help has for it: <c>table|json|csv</c>, <c>FILE</c>.</param>
internal sealed record DescribedValue(string Form)
{
    /// <summary>The words that it can be.</summary>
    public string[] Words { get; } = [.. Form.Split('|', ',').Where(IsWord)];

    /// <summary>What else it can be.</summary>
    public ValueKind Kind { get; } = Form.Split('|', ',')[^1] switch
    {
        "..." => Form.Split(',')[0] switch
        {
            "USER" => ValueKind.User,
            "GROUP" => ValueKind.Group,
            "SIGNAL" => ValueKind.Signal,
            _ => ValueKind.Any,
        },
        "FILE" or "PATH" or "COPY" or "UTMP" or "-" => ValueKind.File,
        "DIRECTORY" => ValueKind.Directory,
        "USER" or "NAME" => ValueKind.User,
        _ => ValueKind.Any,
    };

    /// <summary>Small letters and hyphens: capitals stand for something.</summary>
    private static bool IsWord(string text) =>
        text.Length > 0 && text.All(letter => char.IsAsciiLetterLower(letter) || letter == '-');
}

/// <summary>An option.</summary>
/// <param name="Names">The long name first.</param>
/// <param name="Help">One sentence without a full stop.</param>
/// <param name="Value">Null when it has none.</param>
/// <param name="Default">What holds without it; empty for nothing.</param>
/// <param name="IsBehindEquals">The value stands behind <c>=</c> or is left out.</param>
/// <param name="IsOurs">The original does not have it.</param>
internal sealed record DescribedOption(
    string[] Names, string Help, DescribedValue? Value, string Default, bool IsBehindEquals, bool IsOurs);

/// <summary>An argument.</summary>
internal sealed record DescribedArgument(DescribedValue Value, string Help, bool IsOptional, bool IsRepeated);

/// <summary>A command of the real tree, told in the words of its help.</summary>
internal sealed record DescribedCommand(
    string Name, string Help, AppletCommand? Applet, IReadOnlyList<DescribedOption> Options,
    IReadOnlyList<DescribedArgument> Arguments)
{
    private static readonly DescribedOption HelpOption =
        new(["--help", "-h", "-?"], "What it can do", null, "", IsBehindEquals: false, IsOurs: false);

    /// <summary>All of them, in the order of help.</summary>
    public static IReadOnlyList<DescribedCommand> All { get; } =
    [
        .. CommandTree.All(new ReportIo(Stream.Null, Stream.Null, TextWriter.Null, TimeProvider.System)).Select(Of),
    ];

    /// <summary>The classic ones.</summary>
    public static IEnumerable<DescribedCommand> Applets => All.Where(command => command.Applet is not null);

    /// <summary>The section of the manual: that of the original's page, and 8 without one.</summary>
    public int Section => Applet?.Like is { } like && like.Contains("(1)", StringComparison.Ordinal) ? 1 : 8;

    private static DescribedCommand Of(Command command)
    {
        var applet = command as AppletCommand;
        return new(
            command.Name, command.Description!, applet,
            [
                .. command.Options.Where(option => !option.Hidden).Select(option => OptionOf(
                    option, applet?.Ours.Contains(option) == true)),
                HelpOption with { Names = [.. HelpOption.Names.Where(name => IsFree(command, name))] },
            ],
            [
                .. command.Arguments.Select(argument => new DescribedArgument(
                    new(argument.HelpName ?? argument.Name), argument.Description ?? "",
                    argument.Arity.MinimumNumberOfValues == 0, argument.Arity.MaximumNumberOfValues > 1)),
            ]);
    }

    private static bool IsFree(Command command, string name) =>
        !command.Options.Any(option => option.Aliases.Contains(name));

    private static DescribedOption OptionOf(Option option, bool isOurs)
    {
        // A classic command says the agent's default in its help.
        var setting = isOurs ? null : SettingTable.Find(option.Name[2..]);
        return new(
            [option.Name, .. option.Aliases.Order(StringComparer.Ordinal)], option.Description ?? "",
            option.Arity.MaximumNumberOfValues == 0 ? null : new(option.HelpName ?? "VALUE"),
            setting?.Default
                ?? (option is Option<string> && option.HasDefaultValue ? $"{option.GetDefaultValue()}" : ""),
            IsBehindEquals: setting?.Arity == SettingArity.Switch, isOurs);
    }
}
