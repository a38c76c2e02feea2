// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// What a run tells: its progress to <c>nite/active</c>, messages to <c>nite/fd2log</c> and to whoever called, too. A
/// full disk costs these lines and nothing else.
/// </summary>
/// <param name="paths">The suite's files.</param>
/// <param name="errors">Where messages go besides.</param>
/// <param name="name">The command, in front of each.</param>
internal sealed class RunLog(SuitePaths paths, TextWriter errors, string name)
{
    /// <summary>What stays under the day's name behind a failure, as <c>activeMMDD</c>.</summary>
    public static readonly IReadOnlyList<string> KeptNames = ["active", "log", "wtmperror"];

    private string Fd2Log => Path.Combine(paths.Nite, "fd2log");

    /// <summary>Messages since somebody looked.</summary>
    public int Warnings { get; private set; }

    /// <summary>The messages of a state's own work.</summary>
    public TextWriter Writer => field ??= new LineWriter(Warn);

    /// <summary>A new run: both files begin anew.</summary>
    public void Begin(DateOnly day)
    {
        Try(() => File.WriteAllText(paths.Active, $"{SuitePaths.MonthAndDay(day)}\n{RunMarks.Text(day)}\n"));
        Try(() => File.WriteAllText(Fd2Log, ""));
        Try(() => Share(paths.Active));
        Try(() => Share(Fd2Log));
    }

    /// <summary>A line of progress.</summary>
    public void Progress(string line) => Try(() => Append(paths.Active, line));

    /// <summary>A message that somebody should read: it is counted.</summary>
    public void Warn(string message)
    {
        Warnings++;
        Say(message);
    }

    /// <summary>A message.</summary>
    public void Say(string message)
    {
        errors.WriteLine($"{name}: {SafeLine(message)}");
        Try(() => Append(Fd2Log, message));
    }

    /// <summary>What failed: a message, and the last line of the progress.</summary>
    public void Error(string message)
    {
        Say(message);
        Progress($"ERROR: {message}");
    }

    /// <summary>Behind a failure: what was told so far stays under the day's name.</summary>
    public void Keep(DateOnly day)
    {
        foreach (var kept in KeptNames)
        {
            var path = Path.Combine(paths.Nite, kept);
            Try(() =>
            {
                if (File.Exists(path) && new FileInfo(path).Length > 0)
                {
                    File.Move(path, path + SuitePaths.MonthAndDay(day), overwrite: true);
                }
            });
        }
    }

    /// <summary>The count of messages begins anew.</summary>
    /// <returns>The old one.</returns>
    public int TakeWarnings()
    {
        var count = Warnings;
        Warnings = 0;
        return count;
    }

    private static void Append(string path, string line)
    {
        var isNew = !File.Exists(path);
        File.AppendAllText(path, SafeLine(line) + "\n");
        if (isNew)
        {
            Share(path);
        }
    }

    private static void Share(string path) =>
        File.SetUnixFileMode(path, SuiteFile.ModeIn(Path.GetDirectoryName(path)!));

    private static string SafeLine(string line) =>
        string.Concat(line.Select(letter => char.GetUnicodeCategory(letter) switch
        {
            // Letters that turn the rest of a line around are of the second.
            UnicodeCategory.Control when letter != '\t' => '?',
            UnicodeCategory.Format => '?',
            _ => letter,
        }));

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The state itself meets the same fault, and tells it.
        }
    }

    /// <summary>Gives whole lines to somebody.</summary>
    private sealed class LineWriter(Action<string> take) : TextWriter
    {
        private readonly StringBuilder line = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            if (value != '\n')
            {
                line.Append(value);
                return;
            }

            take(line.ToString().TrimEnd('\r'));
            line.Clear();
        }
    }
}
