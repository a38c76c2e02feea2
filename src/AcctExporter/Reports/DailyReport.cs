// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>The daily report (<c>prdaily</c>).</summary>
internal sealed class DailyReport
{
    /// <summary>The report of the day that ran last: what is in <c>nite</c> and <c>sum</c> now.</summary>
    /// <param name="paths">The suite's files.</param>
    /// <param name="day">The day.</param>
    /// <param name="head">For the headings.</param>
    /// <param name="say">Takes what is missing or damaged, a sentence each.</param>
    public static DailyReport OfLast(SuitePaths paths, DateOnly day, ReportHead head, Action<string> say) =>
        throw new NotSupportedException($"{paths} {day} {head} {say}");

    /// <summary>Everything could be read, or what could not.</summary>
    public ReadResult Result { get; private init; }

    /// <summary>On pages, as <c>sum/rprtMMDD</c> keeps it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteText(Stream output, bool compat) => throw new NotSupportedException($"{output} {compat}");
}
