// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Runacct;

/// <summary>
/// What the agent can set going of the suite, and how far it is: the suite itself, or a test's. What is asked is read
/// from the suite's files, so that it does not matter who ran what.
/// </summary>
internal interface ISuiteTasks
{
    /// <summary>How far the suite is.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    SuiteProgress Look();

    /// <summary>Runs what is not finished, then today. What somebody should read goes to the writer.</summary>
    RunCode RunDay(TextWriter messages);

    /// <summary>Closes a period.</summary>
    RunCode Close(string period, TextWriter messages);

    /// <summary>Charges the journal's files that are closed and in no charge yet.</summary>
    RunCode Charge(TextWriter messages);

    /// <summary>Looks at the disks.</summary>
    RunCode WalkDisks(TextWriter messages);
}

/// <summary>How far the suite is.</summary>
internal readonly record struct SuiteProgress
{
    /// <summary>The last day that was begun; null: none ever was.</summary>
    public DateOnly? LastDay { get; init; }

    /// <summary>A day was begun and is not finished.</summary>
    public bool IsPending { get; init; }

    /// <summary>The first day of the open period that was run; null for none.</summary>
    public DateOnly? FirstOpenDay { get; init; }

    /// <summary>The last one.</summary>
    public DateOnly? LastOpenDay { get; init; }

    /// <summary>The newest file of the journal, by the number of its first block: those before it are closed.</summary>
    public ulong JournalFile { get; init; }

    /// <summary>When disks were last looked at; null: never.</summary>
    public DateTimeOffset? LastDisk { get; init; }
}
