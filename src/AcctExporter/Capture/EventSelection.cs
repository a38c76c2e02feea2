// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>Which exits become events. The words of <c>--events.select</c> are these names in lower case.</summary>
[Flags]
internal enum EventKinds
{
    None = 0,

    /// <summary>A core was written.</summary>
    Core = 1,

    /// <summary>Ended by a signal, with a core or without.</summary>
    Signal = 2,

    /// <summary>Ended by itself with a code other than 0.</summary>
    Failure = 4,

    /// <summary>Every exit.</summary>
    All = 8,
}

/// <summary>A choice of exits: those of any of its kinds.</summary>
/// <param name="Kinds">The kinds.</param>
internal readonly record struct EventSelection(EventKinds Kinds)
{
    private static readonly (string Word, EventKinds Kind)[] Words =
    [
        ("core", EventKinds.Core), ("signal", EventKinds.Signal), ("failure", EventKinds.Failure),
        ("all", EventKinds.All),
    ];

    /// <summary>What a person gets who asks for nothing else: deaths by signal, and cores above all.</summary>
    public static EventSelection Standard => new(EventKinds.Core | EventKinds.Signal);

    /// <summary>A list of words with commas between them; false for an empty one or an unknown word.</summary>
    public static bool TryParse(string text, out EventSelection selection)
    {
        var kinds = EventKinds.None;
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var kind = Array.Find(Words, known => known.Word == word).Kind;
            if (kind == EventKinds.None)
            {
                selection = default;
                return false;
            }

            kinds |= kind;
        }

        selection = new(kinds);
        return true;
    }

    /// <summary>True when a process that ended so is among them.</summary>
    public bool Takes(ExitStatus status) =>
        (Kinds & EventKinds.All) != 0
        || ((Kinds & EventKinds.Signal) != 0 && status.Signal != 0)
        || ((Kinds & EventKinds.Core) != 0 && status.DumpedCore)
        || ((Kinds & EventKinds.Failure) != 0 && status.Failed);

    /// <summary>As it is written on the command line.</summary>
    public override string ToString()
    {
        var kinds = Kinds;
        return string.Join(',', Words.Where(known => (kinds & known.Kind) != 0).Select(known => known.Word));
    }
}

/// <summary>Where events go, and which.</summary>
internal sealed record ExitEventOptions
{
    /// <summary>The name that stands for standard output.</summary>
    public const string StandardOutput = "-";

    /// <summary>An absolute path, or <see cref="StandardOutput"/>; empty for no events.</summary>
    public string File { get; init; } = "";

    /// <inheritdoc cref="EventSelection"/>
    public EventSelection Selection { get; init; } = EventSelection.Standard;

    /// <summary>Size that the file does not pass: it becomes <c>FILE.1</c> before; 0 leaves it to others.</summary>
    public long MaxBytes { get; init; } = 64 << 20;

    /// <summary>How many old files stay, <c>FILE.1</c> being the newest; with 0 a full file is deleted.</summary>
    public int Keep { get; init; } = 5;
}
