// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Logins;
using AcctExporter.Metrics;
using AcctExporter.Push;
using AcctExporter.Service;
using AcctExporter.Suite;
using AcctExporter.Web;

namespace AcctExporter.Config;

/// <summary>Everything that can be configured: the options of the rooms. Without a word said, the defaults.</summary>
internal sealed record AgentOptions
{
    /// <inheritdoc cref="CaptureOptions"/>
    public CaptureOptions Capture { get; init; } = new();

    /// <inheritdoc cref="LedgerOptions"/>
    public LedgerOptions Ledger { get; init; } = new();

    /// <inheritdoc cref="LoginOptions"/>
    public LoginOptions Logins { get; init; } = new();

    /// <inheritdoc cref="SuiteOptions"/>
    public SuiteOptions Suite { get; init; } = new();

    /// <inheritdoc cref="ScrapeOptions"/>
    public ScrapeOptions Scrape { get; init; } = new();

    /// <inheritdoc cref="PushOptions"/>
    public PushOptions Push { get; init; } = new();

    /// <inheritdoc cref="WebOptions"/>
    public WebOptions Web { get; init; } = new();

    /// <inheritdoc cref="LogOptions"/>
    public LogOptions Log { get; init; } = new();
}
