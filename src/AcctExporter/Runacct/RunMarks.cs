// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// Where the daily run stands: <c>nite/statefile</c> has the next state, and on a second line the day that it is of, so
/// that both change at once; <c>nite/lastdate</c> has the last day that was begun.
/// </summary>
/// <param name="paths">The suite's files.</param>
internal sealed class RunMarks(SuitePaths paths)
{
    private const string DateForm = "yyyy-MM-dd";
    private const int LongestWord = 64;

    /// <summary>The word in the statefile; null when there is none yet.</summary>
    public string? StateWord { get; private set; }

    /// <summary>The next state; null when the word is no state.</summary>
    public RunState? State => StateWord is null ? RunState.Complete : StateOf(StateWord);

    /// <summary>The day of the statefile, or of lastdate when somebody wrote the statefile by hand.</summary>
    public DateOnly? Day { get; private set; }

    /// <summary>The last day that was begun; null for none.</summary>
    public DateOnly? LastDate { get; private set; }

    /// <summary>Reads both.</summary>
    /// <param name="paths">The suite's files.</param>
    /// <param name="today">The local date.</param>
    /// <exception cref="IOException">One cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static RunMarks Read(SuitePaths paths, DateOnly today)
    {
        var marks = new RunMarks(paths) { LastDate = DayOf(Lines(paths.LastDate).FirstOrDefault(), today) };
        var lines = Lines(paths.StateFile);
        // An empty one is damage, not a day that is done: a day might wait behind it.
        marks.StateWord = lines.FirstOrDefault() is { } word ? word[..Math.Min(word.Length, LongestWord)]
            : File.Exists(paths.StateFile) ? "" : null;
        marks.Day = DayOf(lines.ElementAtOrDefault(1), today) ?? marks.LastDate;
        return marks;
    }

    /// <summary>The state is the next one of the day.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Set(RunState state, DateOnly day)
    {
        if (StateWord != WordOf(state) || Day != day)
        {
            Put(paths.StateFile, $"{WordOf(state)}\n{Text(day)}\n");
            (StateWord, Day) = (WordOf(state), day);
        }
    }

    /// <summary>The day has begun; an earlier one leaves the date as it is.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Begin(DateOnly day)
    {
        if (LastDate is null || LastDate < day)
        {
            Put(paths.LastDate, Text(day) + "\n");
            LastDate = day;
        }
    }

    /// <summary>The state as the statefile names it.</summary>
    public static string WordOf(RunState state) => state.ToString().ToUpperInvariant();

    /// <summary>The state of a name; null when there is none such.</summary>
    public static RunState? StateOf(string word) =>
        Enum.GetValues<RunState>().Where(state => WordOf(state) == word).Cast<RunState?>().FirstOrDefault();

    /// <summary>
    /// A day from a whole date, or from MMDD: the newest such day that is not in the future. Null for anything else.
    /// </summary>
    public static DateOnly? DayOf(string? text, DateOnly today)
    {
        if (DateOnly.TryParseExact(text, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        // The 29th of February is within eight years of any day.
        for (var year = today.Year; text?.Length == 4 && year > Math.Max(1, today.Year - 9); year--)
        {
            var whole = string.Create(CultureInfo.InvariantCulture, $"{year:D4}{text}");
            if (DateOnly.TryParseExact(
                    whole, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day <= today)
            {
                return day;
            }
        }

        return null;
    }

    /// <summary>The whole date.</summary>
    public static string Text(DateOnly day) => day.ToString(DateForm, CultureInfo.InvariantCulture);

    /// <summary>A small file of the runs; nothing when it is not there.</summary>
    /// <exception cref="RunFault">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static T? Load<T>(string path, JsonTypeInfo<T> form)
        where T : class
    {
        using var file = SuiteFile.TryOpen(path);
        try
        {
            return file is null ? null : JsonSerializer.Deserialize(file, form);
        }
        catch (JsonException error)
        {
            throw new RunFault($"{path} is damaged ({error.Message}): mend it, or move it away");
        }
    }

    /// <summary>Writes a small file of the runs.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void Save<T>(string path, T value, JsonTypeInfo<T> form) =>
        SuiteFile.Put(path, file => JsonSerializer.Serialize(file, value, form));

    private static void Put(string path, string text) => SuiteFile.Put(path, Encoding.ASCII.GetBytes(text));

    private static string[] Lines(string path)
    {
        using var file = SuiteFile.TryOpen(path);
        if (file is null)
        {
            return [];
        }

        var room = new byte[4096];
        var text = Encoding.Latin1.GetString(room, 0, file.ReadAtLeast(room, room.Length, throwOnEndOfStream: false));
        // Damaged ones are told on terminals.
        text = string.Concat(text.Select(letter => letter is '\n' or (>= ' ' and <= '~') ? letter : '?'));
        return text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
