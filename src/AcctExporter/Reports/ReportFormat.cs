// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>How a report is written.</summary>
internal enum ReportFormat
{
    /// <summary>As the classic command does.</summary>
    Text,

    /// <summary>An array of objects, one a line.</summary>
    Json,

    /// <summary>RFC 4180, with a line of names.</summary>
    Csv,
}
