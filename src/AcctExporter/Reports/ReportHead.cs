// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>What the heading of each page of a report of the suite says.</summary>
/// <param name="Host">Whose accounting it is.</param>
/// <param name="At">
/// When the figures were taken, in local time: the cut-off of the day, or the close of the period. Not the time of
/// printing, so that a report that is made again has the same bytes.
/// </param>
internal sealed record ReportHead(string Host, DateTimeOffset At);
