// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Config;

/// <summary>Writes <c>docs/configuration.md</c> from <see cref="SettingTable"/>.</summary>
internal static class ConfigurationDocument
{
    private static readonly (string Group, string Title, string Text)[] Groups =
    [
        ("web", "The web server", "Where the agent answers."),
        ("accounting", "Process accounting", "The kernel's accounting file, and who else may have it."),
        ("source", "", ""),
        ("taskstats", "Taskstats", "What corrects and enriches the records: see [accuracy.md](accuracy.md)."),
        ("storage", "Storage", "What must last over a restart."),
        ("journal", "", ""),
        ("labels", "Series", "Which series there are, and how many: see [limits.md](limits.md)."),
        ("pairs", "", ""),
        ("openmetrics", "", ""),
        ("histograms", "Bounds of the histograms",
            "Of the classic ones, whose buckets have a series each: see [metrics.md](metrics.md). Up to 12, each above "
            + "the one before, at most one between two powers of two (of microseconds, of bytes). `le` shows them "
            + "in plain digits of seconds or bytes (`2.5`, `1048576`); whole numbers below a million are refused, for "
            + "some writers of text say `1.0` where others say `1`. `off` leaves the sum and count. After "
            + "a change, what was counted before stands in the bucket that holds its old bound."),
        ("logins", "Logins", "Who logs in, and for how long: see [logins.md](logins.md)."),
        ("suite", "The accounting suite",
            "Daily totals by user, periods, disks, printed pages: see [suite.md](suite.md). Prime time is that of "
            + "`logins.holidays`."),
        ("otlp", "OTLP",
            "Where figures are pushed, besides being scraped: see [otlp.md](otlp.md). What is not said here is what "
            + "the standard variables `OTEL_*` say."),
        ("events", "Exit events", "Exits as lines of JSON: see [events.md](events.md)."),
        ("log", "The log", "On stderr, a line a message."),
    ];

    /// <summary>The whole document.</summary>
    public static void Write(TextWriter output)
    {
        output.Write(
            """
            # Configuration

            <!-- Made by `acct-exporter config --format markdown`; a test holds this file equal to the code. -->

            Each setting has a **key**, and can be said in three places; the first that says it wins:

            1. a flag: `--pairs.limit=1000`;
            2. a variable of the environment, `ACCT_EXPORTER_` and the key in capitals with `_` for dots and hyphens:
               `ACCT_EXPORTER_PAIRS_LIMIT=1000`. An empty variable says nothing; one that begins so and is no setting
               is refused, but for those that Kubernetes makes for a service called `acct-exporter`;
            3. the YAML file of `--config.file` (or `ACCT_EXPORTER_CONFIG_FILE`), the dots being levels:

            ```yaml
            pairs:
              limit: 1000
            labels: [user, command, unit]
            rules:
              - command: 'python3(\.\d+)?'
                replace: python
            ```

            Without a word said, the defaults hold: no file is read unless it is named. `rules` stand in the file alone:
            [rules.md](rules.md).

            ```sh
            acct-exporter config --config.file=acct-exporter.yml          # what holds, and where each value comes from
            acct-exporter serve --config.check --config.file=acct-exporter.yml   # every fault; starts nothing
            ```

            Every fault is shown at once, as `file:line:column: key: problem`, also in a value that another wins over.
            Unknown keys, flags and variables are faults. With any fault the agent does not start (exit code 2);
            `--config.check` ends with 0 or 1.

            **Reload**: SIGHUP, or `POST /-/reload` with `--web.enable-lifecycle`, reads the file again. Settings marked
            under *reloads*, and the rules, take effect at once and together; what needs a restart is named in the log
            and stays as it is. With a fault everything stays as it is, the log has the faults, and two metrics say so
            ([metrics.md](metrics.md): those of the last reload). Series that exist keep their labels and values. An
            agent that was started on a terminal without a file ends at SIGHUP, for that means that the terminal is
            gone.

            Durations are numbers with `ms`, `s`, `m`, `h`, `d` or `w`; sizes are numbers of bytes, or with `KiB`,
            `MiB`, `GiB`, `TiB`, `kB`, `MB`, `GB`. `off` and `0` switch off what can be off. Paths that do not begin
            with `/` begin at the working directory.

            """);
        foreach (var (group, title, text) in Groups)
        {
            if (title.Length > 0)
            {
                output.Write($"\n## {title}\n\n{text}\n\n");
                output.Write("| key | default | reloads | meaning |\n| --- | --- | --- | --- |\n");
            }

            foreach (var setting in SettingTable.All.Where(setting => setting.Key.Split('.')[0] == group))
            {
                output.Write($"| `{setting.Key}` | {DefaultOf(setting)} | {(setting.Reloads ? "yes" : "")} | "
                    + $"{Meaning(setting)} |\n");
            }
        }
    }

    /// <summary>Groups that a setting has and this document has not; for the test.</summary>
    public static IEnumerable<string> Missing() => SettingTable.All.Select(setting => setting.Key.Split('.')[0])
        .Distinct().Except(Groups.Select(group => group.Group));

    private static string DefaultOf(Setting setting) => setting.Default.Length > 0 ? $"`{setting.Default}`" : "none";

    private static string Meaning(Setting setting) =>
        $"{setting.Help.Replace("|", @"\|", StringComparison.Ordinal)}. "
        + $"`{setting.Form.Replace("|", @"\|", StringComparison.Ordinal)}`";
}
