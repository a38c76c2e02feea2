// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using AcctExporter.Config;
using AcctExporter.Kernel;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>
/// A classic command: <c>acct-exporter NAME ...</c>, or the program called through a link of that name. Its exit code
/// is one of <see cref="ExitCode"/>.
/// </summary>
internal sealed class AppletCommand : Command
{
    private readonly List<Option> ours = [];

    /// <summary>A command with <c>--format table|json|csv</c>.</summary>
    /// <param name="name">The classic name.</param>
    /// <param name="help">What it does, in one line.</param>
    /// <param name="io">What it reads and writes.</param>
    /// <param name="versions">Further words for its <c>--format</c>, see <see cref="FormatOption.OfReport"/>.</param>
    public AppletCommand(string name, string help, ReportIo io, params string[] versions)
        : base(name, help)
    {
        Io = io;
        format = FormatOption.OfReport(versions);
        AddOurs([format]);
        Validators.Add(result =>
        {
            foreach (var flag in RunsCommand ? [] : UnknownFlags(result))
            {
                result.AddError(flag);
            }

            foreach (var option in result.Children.OfType<OptionResult>()
                .Where(option => option.Tokens.Any(token => token.Value.Length == 0)))
            {
                result.AddError($"{option.Option.Name}: its value is empty");
            }
        });
    }

    private readonly Option<string> format;

    /// <summary>What it reads and writes.</summary>
    public ReportIo Io { get; }

    /// <summary>The word that <c>--format</c> was given.</summary>
    public string FormatWord(ParseResult result) => result.GetRequiredValue(format);

    /// <summary>False for one that prints no rows.</summary>
    public bool HasFormat
    {
        get => Options.Contains(format);
        init
        {
            if (!value)
            {
                Options.Remove(format);
                ours.Remove(format);
            }
        }
    }

    /// <summary>
    /// Where the command is from, for the first line of its help: <c>sa(8) of GNU acct</c>. Null: it is ours alone.
    /// </summary>
    public string? Like { get; set; }

    /// <summary>Its arguments are another program and that one's arguments, whatever they look like.</summary>
    public bool RunsCommand { get; init; }

    /// <summary>An argument may be a number below 0, which looks like a flag.</summary>
    public bool TakesNumbers { get; init; }

    /// <summary>The heading of <c>docs/differences.md</c> that tells of it, as a link names it.</summary>
    public string Differences { get => field ?? Name; set; }

    /// <summary>Command lines that help begins with, the most usual first: two to four.</summary>
    public IReadOnlyList<AppletExample> Examples { get; set; } = [];

    /// <summary>
    /// Its options that the original does not have. The original's win when a name is cut short.
    /// </summary>
    public IReadOnlyList<Option> Ours => ours;

    /// <summary>Gives it options that the original does not have.</summary>
    public void AddOurs(IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            Add(option);
            ours.Add(option);
        }
    }

    /// <summary>
    /// Arguments in forms that the parser does not know (<c>last -5</c>, <c>ac --compat</c>) become ones that it does;
    /// those of getopt_long(3) unless told otherwise.
    /// </summary>
    public Func<IReadOnlyList<string>, IEnumerable<string>> Rewrite
    {
        get => field ?? GetoptForms.Of(this).Plain;
        init;
    }

    /// <summary>
    /// A fault for each argument that looks like a flag: the parser takes one that it does not know for a file.
    /// </summary>
    public static IEnumerable<string> UnknownFlags(CommandResult result) => result.Children.OfType<ArgumentResult>()
        .SelectMany(argument => argument.Tokens).Where(token => token.Value is ['-', _, ..])
        .Where(token => !(result.Command is AppletCommand { TakesNumbers: true } && char.IsAsciiDigit(token.Value[1])))
        .Select(token => $"{token.Value}: there is no such flag, or more than one that begins so"
            + Suggestion.For(token.Value.Split('=')[0], result.Command.Options.Select(option => option.Name)));

    /// <summary>Does its work; a reader that goes away early (<c>last | head</c>) is no failure.</summary>
    public void SetWork(Func<ParseResult, ReportFormat, int> work) => SetAction(result =>
    {
        if (LocalZone.Fault(Environment.GetEnvironmentVariable("TZ")) is { } fault)
        {
            Io.Errors.WriteLine($"{Name}: {fault}");
        }

        try
        {
            return work(result, FormatOf(result));
        }
        catch (IOException error) when (IsBrokenPipe(error))
        {
            return ExitCode.Done;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Inputs are opened, and their faults told, by name: what is left is mostly a full disk.
            Io.Errors.WriteLine($"{Name}: cannot write {FileFault.Tell(error)}");
            return ExitCode.Failure;
        }
    });

    private ReportFormat FormatOf(ParseResult result) =>
        HasFormat ? FormatOption.ReportFormatOf(result.GetRequiredValue(format)) : ReportFormat.Text;

    /// <summary>EPIPE, as .NET gives it on: the number is in the result's low half.</summary>
    private static bool IsBrokenPipe(IOException error) => (error.HResult & 0xffff) == Errno.EPIPE;
}

/// <summary>A command line that is worth to know.</summary>
/// <param name="Line">The line without the name of the program: <c>sa -m /var/log/account/pacct</c>.</param>
/// <param name="Meaning">What it shows, without a full stop.</param>
internal sealed record AppletExample(string Line, string Meaning);
