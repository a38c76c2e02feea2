// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>
/// A classic command: <c>acct-exporter NAME ...</c>, or the program called through a link of that name. Its exit code
/// is one of <see cref="ExitCode"/>.
/// </summary>
internal sealed class AppletCommand : Command
{
    /// <summary>A command with <c>--format text|json|csv</c>.</summary>
    /// <param name="name">The classic name.</param>
    /// <param name="help">What it does, in one line.</param>
    /// <param name="io">What it reads and writes.</param>
    public AppletCommand(string name, string help, ReportIo io)
        : base(name, help)
    {
        Io = io;
        Add(format);
    }

    private readonly Option<string> format =
        FormatOption.Of("text as the classic command prints it, JSON or CSV for programs", "text", "json", "csv");

    /// <summary>What it reads and writes.</summary>
    public ReportIo Io { get; }

    /// <summary>
    /// Arguments in forms that the parser does not know (<c>last -5</c>, <c>ac --compat</c>) become ones that it does.
    /// </summary>
    public Func<IReadOnlyList<string>, IEnumerable<string>> Rewrite { get; init; } = arguments => arguments;

    /// <summary>Does its work; a reader that goes away early (<c>last | head</c>) is no failure.</summary>
    public void SetWork(Func<ParseResult, ReportFormat, int> work) => SetAction(result =>
    {
        try
        {
            return work(result, Enum.Parse<ReportFormat>(result.GetRequiredValue(format), ignoreCase: true));
        }
        catch (IOException error) when (IsBrokenPipe(error))
        {
            return ExitCode.Done;
        }
    });

    /// <summary>EPIPE, as .NET gives it on: the number is in the result's low half.</summary>
    private static bool IsBrokenPipe(IOException error) => (error.HResult & 0xffff) == Kernel.Errno.EPIPE;
}
