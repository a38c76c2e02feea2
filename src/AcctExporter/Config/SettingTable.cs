// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Service;

namespace AcctExporter.Config;

/// <summary>
/// Every setting of the agent, in the order of help and of <c>docs/configuration.md</c>. Rules, which no single text
/// says, are read by <see cref="RuleReader"/>.
/// </summary>
internal static partial class SettingTable
{
    /// <summary>The key of the list of command rules, which stands in the file alone.</summary>
    public const string Rules = "rules";

    /// <summary>The flag that names the file, and its variable.</summary>
    public const string File = "config.file";

    /// <inheritdoc cref="File"/>
    public const string FileVariable = Setting.VariablePrefix + "CONFIG_FILE";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } =
        [.. Web, .. Accounting, .. Storage, .. Series, .. Histograms, .. Logins, .. Suite, .. Push, .. Output];

    /// <summary>The setting with a key; null without one.</summary>
    public static Setting? Find(string key) => All.FirstOrDefault(setting => setting.Key == key);

    private static IEnumerable<Setting> Web =>
    [
        new SettingList(
            "web.listen-address", TextForm.Address, "Where to answer; may be given more than once",
            options => options.Web.ListenAddresses,
            (options, value) => options with { Web = options.Web with { ListenAddresses = value } }),
        new Setting<bool?>(
            "web.systemd-socket", TextForm.Switch,
            "Answer on the sockets that systemd hands over (a .socket unit) instead of the addresses",
            options => options.Web.SystemdSocket,
            (options, value) => options with { Web = options.Web with { SystemdSocket = value == true } }),
        new Setting<string>(
            "web.telemetry-path", TextForm.WebPath, "Where the metrics are on the web server",
            options => options.Web.TelemetryPath,
            (options, value) => options with { Web = options.Web with { TelemetryPath = value! } }),
        new Setting<int?>(
            "web.max-requests", TextForm.Number(1, 10_000),
            "Scrapes answered at the same time; what is over gets 503",
            options => options.Web.MaxScrapes,
            (options, value) => options with { Web = options.Web with { MaxScrapes = value!.Value } }),
        new Setting<bool?>(
            "web.enable-lifecycle", TextForm.Switch, "Allow POST /-/reload to whoever reaches the web server",
            options => options.Web.EnableLifecycle,
            (options, value) => options with { Web = options.Web with { EnableLifecycle = value == true } }),
        new Setting<string>(
            "web.config.file", TextForm.Path,
            "TLS, users and headers of the web server, in this file of the exporters' common format (docs/https.md)",
            options => options.Web.ConfigFile,
            (options, value) => options with { Web = options.Web with { ConfigFile = value } }),
    ];

    private static IEnumerable<Setting> Series =>
    [
        new Setting<LabelList?>(
            "labels", TextForm.Labels, "What tells pairs apart: user,command, and any of group, unit, container, pod",
            options => new LabelList(options.Ledger.Labels),
            (options, value) => options with { Ledger = options.Ledger with { Labels = value!.Value.Labels } }),
        new Setting<int?>(
            "pairs.limit", TextForm.Number(1, LedgerOptions.LargestPairLimit),
            "Pairs of user and command with series of their own; the rest is counted under 'other'",
            options => options.Ledger.PairLimit,
            (options, value) => options with { Ledger = options.Ledger with { PairLimit = value!.Value } })
        {
            Reloads = true,
        },
        new Setting<TimeSpan?>(
            "pairs.idle-time", TextForm.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(3660)),
            "Time without an exit after which a pair may give its place up when all are taken",
            options => options.Ledger.PairIdleTime,
            (options, value) => options with { Ledger = options.Ledger with { PairIdleTime = value!.Value } })
        {
            Reloads = true,
        },
        new Setting<bool?>(
            "pairs.fold-kernel-threads", TextForm.Switch,
            "Count kernel threads under what their names have in common: kworker for kworker/3:1-x",
            options => options.Ledger.FoldKernelThreads,
            (options, value) => options with { Ledger = options.Ledger with { FoldKernelThreads = value == true } })
        {
            Reloads = true,
        },
        new Setting<bool?>(
            "pairs.all-histograms", TextForm.Switch,
            "Every histogram for every pair, not only those of duration and CPU time",
            options => options.Scrape.AllHistograms,
            (options, value) => options with { Scrape = options.Scrape with { AllHistograms = value == true } }),
        new Setting<bool?>(
            "openmetrics.created", TextForm.Switch,
            "Give the start time of each counter to scrapers of OpenMetrics (older servers take it for series)",
            options => options.Scrape.Created,
            (options, value) => options with { Scrape = options.Scrape with { Created = value == true } }),
        new Setting<bool?>(
            "openmetrics.exemplars", TextForm.Switch,
            "Give process id and time of the last death behind each counter of deaths to scrapers of OpenMetrics",
            options => options.Scrape.Exemplars,
            (options, value) => options with { Scrape = options.Scrape with { Exemplars = value == true } }),
    ];

    private static IEnumerable<Setting> Output =>
    [
        Event(
            "events.file", TextForm.Output, "Write chosen exits to this file, one line of JSON each; - is stdout",
            events => events.File.Length == 0 ? null : events.File,
            (events, value) => events with { File = value ?? "" }),
        Event<EventSelection?>(
            "events.select", TextForm.Selection,
            "Exits that become events: those that left a core, died by a signal, failed; with commas between",
            events => events.Selection,
            (events, value) => events with { Selection = value!.Value }) with { Reloads = true },
        Event<long?>(
            "events.max-size", TextForm.Size(1 << 20, mayBeOff: true),
            "Size at which the file of events becomes FILE.1; off leaves that to logrotate",
            events => events.MaxBytes,
            (events, value) => events with { MaxBytes = value!.Value }),
        Event<int?>(
            "events.keep", TextForm.Number(0, 1000), "Old files of events that are kept",
            events => events.Keep,
            (events, value) => events with { Keep = value!.Value }),
        new Setting<bool?>(
            "events.otlp", TextForm.Switch,
            "Push chosen exits as log records to the OTLP receiver, with or without a file",
            options => options.Push.Events,
            (options, value) => options with { Push = options.Push with { Events = value == true } }),
        new Setting<LogSeverity?>(
            "log.level", TextForm.Choice<LogSeverity>(), "Least level that is logged",
            options => options.Log.Level,
            (options, value) => options with { Log = options.Log with { Level = value!.Value } })
        {
            Reloads = true,
        },
        new Setting<LogFormat?>(
            "log.format", TextForm.Choice<LogFormat>(), "Form of the lines on stderr",
            options => options.Log.Format,
            (options, value) => options with { Log = options.Log with { Format = value!.Value } }),
    ];

    private static Setting<T> Event<T>(
        string key, TextForm<T> form, string help, Func<ExitEventOptions, T?> get,
        Func<ExitEventOptions, T?, ExitEventOptions> with) => new(
            key, form, help, options => get(options.Capture.Events),
            (options, value) => options with
            {
                Capture = options.Capture with { Events = with(options.Capture.Events, value) },
            });
}
