// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// What a day of the suite is made of, and how far it came: <c>nite/day.MMDD</c> while it runs, then
/// <c>sum/dayMMDD</c>. It is JSON of a few lines.
/// </summary>
internal sealed record DayRecord
{
    /// <summary>The day: the local date of its run.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>When the day before was cut off; null for the first day.</summary>
    public DateTimeOffset? Begin { get; init; }

    /// <summary>When this one was: what came later is of the next.</summary>
    public required DateTimeOffset CutOff { get; init; }

    /// <summary>Where its part of the journal begins: behind this block, with its moment.</summary>
    public string JournalFrom { get; init; } = "";

    /// <summary>Where it ends: behind this one.</summary>
    public string JournalTo { get; init; } = "";

    /// <summary>As <see cref="JournalFrom"/>.</summary>
    [JsonIgnore]
    public JournalMark From => JournalMark.TryParse(JournalFrom, out var mark) ? mark : default;

    /// <summary>As <see cref="JournalTo"/>.</summary>
    [JsonIgnore]
    public JournalMark To => JournalMark.TryParse(JournalTo, out var mark) ? mark : default;

    /// <summary>How each state that was done came out.</summary>
    public IReadOnlyList<StateOutcome> States { get; init; } = [];

    /// <summary>Some state had something to complain about.</summary>
    [JsonIgnore]
    public bool HasWarnings => States.Any(state => state.Warnings > 0);

    /// <summary>The same with the outcome of a state, in the place of an earlier one.</summary>
    public DayRecord With(StateOutcome outcome) =>
        this with { States = [.. States.Where(known => known.State != outcome.State), outcome] };

    /// <summary>Reads it; null when it is not there.</summary>
    /// <exception cref="RunFault">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static DayRecord? Load(string path) => RunMarks.Load(path, RunJson.Default.DayRecord);

    /// <summary>Writes it, whole.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Save(string path) => RunMarks.Save(path, this, RunJson.Default.DayRecord);
}

/// <summary>How a state came out.</summary>
/// <param name="State">The state, as the statefile names it.</param>
/// <param name="Outcome">ok; empty: there was nothing for it; skipped; failed.</param>
/// <param name="Warnings">Messages that somebody should read.</param>
internal sealed record StateOutcome(string State, string Outcome, int Warnings)
{
    /// <summary>Done.</summary>
    public const string Ok = "ok";

    /// <summary>Done, but there was nothing to do.</summary>
    public const string Empty = "empty";

    /// <summary>Not done: what it needs is not there.</summary>
    public const string Skipped = "skipped";

    /// <summary>It failed.</summary>
    public const string Failed = "failed";
}

/// <summary>How far the journal is charged, and until when: the end of the last day (<c>nite/taken</c>).</summary>
/// <param name="Day">That day.</param>
/// <param name="CutOff">When it was cut off.</param>
/// <param name="JournalTo">Its last block of the journal, as <see cref="JournalMark"/> is written.</param>
internal sealed record TakenMark(DateOnly Day, DateTimeOffset CutOff, string JournalTo);

/// <summary>How the last run ended (<c>nite/lastrun</c>).</summary>
/// <param name="Day">The day that it worked on.</param>
/// <param name="Ended">When it ended.</param>
/// <param name="Code">Its exit code, a <see cref="RunCode"/>.</param>
/// <param name="LastSuccess">When a run ended well at last; null: none has.</param>
/// <param name="Began">When it began.</param>
internal sealed record LastRun(
    DateOnly Day, DateTimeOffset Ended, int Code, DateTimeOffset? LastSuccess, DateTimeOffset? Began = null);

/// <summary>A close of a period that has begun (<c>sum/closing</c>).</summary>
/// <param name="Period">Its name.</param>
/// <param name="At">When it was begun.</param>
/// <param name="Days">The days that are closed, as file names have them: MMDD.</param>
/// <param name="IsWritten">The files in fiscal are whole: what is in sum can go.</param>
internal sealed record ClosingMark(string Period, DateTimeOffset At, IReadOnlyList<string> Days, bool IsWritten);

/// <summary>Something that a run cannot go on with; its message says what to do.</summary>
internal sealed class RunFault(string message) : Exception(message);

/// <summary>The forms of the runs' own files.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DayRecord))]
[JsonSerializable(typeof(TakenMark))]
[JsonSerializable(typeof(LastRun))]
[JsonSerializable(typeof(ClosingMark))]
internal sealed partial class RunJson : JsonSerializerContext;
