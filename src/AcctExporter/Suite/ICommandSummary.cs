// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Suite;

/// <summary>What the processes of each command cost, exactly or as the classic acctcms adds it up.</summary>
internal interface ICommandSummary
{
    /// <summary>Adds a process.</summary>
    /// <param name="entry">The process.</param>
    /// <param name="isSystemV">It is a record of System V: its memory is pages summed over CPU ticks.</param>
    void Add(in AcctEntry entry, bool isSystemV);

    /// <summary>Adds what processes of a command cost.</summary>
    void Add(CommandName name, in CommandSums sums);

    /// <summary>Adds a record of a classic summary.</summary>
    /// <param name="cms">The record.</param>
    /// <param name="isTotal">It is one of prime and non-prime time together, which count as non-prime.</param>
    /// <returns>False when it is none: its numbers cannot be.</returns>
    bool TryAdd(in ClassicCms cms, bool isTotal);

    /// <summary>Makes one of all commands that were used once at most: <see cref="ClassicCms.Other"/>.</summary>
    void PutSinglesTogether();

    /// <summary>Their figures, in no order.</summary>
    CommandFigures[] Figures(CommandView view);

    /// <summary>The figures of all commands together.</summary>
    /// <param name="view">Of which time.</param>
    /// <param name="rows">The commands in the order in which they are added up, where that makes a difference.</param>
    CommandFigures Total(CommandView view, IReadOnlyList<CommandFigures> rows);
}

/// <summary>Which time a summary of commands is about.</summary>
internal enum CommandView
{
    /// <summary>All of it.</summary>
    Total,

    /// <summary>Prime time.</summary>
    Prime,

    /// <summary>Non-prime time.</summary>
    NonPrime,

    /// <summary>All of it, with both parts beside each other.</summary>
    Both,
}
