// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using AcctExporter.Cli;
using AcctExporter.Config;
using AcctExporter.Tests.Golden;
using AcctExporter.Tests.Properties;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Config;

/// <summary>Each row of the table, changed once: the same from flag, variable and file.</summary>
public sealed class EverySettingTests
{
    /// <summary>A value that is not the default, as it is written and as it is shown.</summary>
    private static readonly Dictionary<string, (string Written, string Shown)> Cases = new()
    {
        ["web.listen-address"] = ("[::1]:9811", "[::1]:9811"),
        ["web.systemd-socket"] = ("yes", "true"),
        ["web.telemetry-path"] = ("/odd/path", "/odd/path"),
        ["web.max-requests"] = ("7", "7"),
        ["web.enable-lifecycle"] = ("on", "true"),
        ["web.config.file"] = ("/etc/acct-exporter/web.yml", "/etc/acct-exporter/web.yml"),
        ["accounting.path"] = ("/run/../run/x", "/run/x"),
        ["accounting.on-exit"] = ("off", "off"),
        ["accounting.take-over"] = ("true", "true"),
        ["accounting.follow-active"] = ("true", "true"),
        ["source"] = ("/var/log/pacct", "/var/log/pacct"),
        ["accounting.segment-size"] = ("65536", "64KiB"),
        ["accounting.segment-age"] = ("90m", "90m"),
        ["accounting.settle-time"] = ("1.5ms", "1.5ms"),
        ["accounting.canary-interval"] = ("0", "off"),
        ["accounting.rearm-delay"] = ("0.5s", "500ms"),
        ["taskstats.mode"] = ("on", "on"),
        ["taskstats.buffer-size"] = ("1000001", "1000001"),
        ["taskstats.enable-delays"] = ("true", "true"),
        ["storage.path"] = ("/srv/a b: #c", "/srv/a b: #c"),
        ["storage.checkpoint-interval"] = ("60s", "1m"),
        ["storage.on-damage"] = ("start-anew", "start-anew"),
        ["journal.retention-age"] = ("2w", "14d"),
        ["journal.retention-size"] = ("off", "off"),
        ["journal.group"] = ("adm", "adm"),
        ["labels"] = ("user,command,pod,group", "user,command,group,pod"),
        ["pairs.limit"] = ("1000", "1000"),
        ["pairs.idle-time"] = ("48h", "2d"),
        ["pairs.fold-kernel-threads"] = ("no", "false"),
        ["pairs.all-histograms"] = ("true", "true"),
        ["openmetrics.created"] = ("true", "true"),
        ["openmetrics.exemplars"] = ("false", "false"),
        ["histograms.duration-bounds"] = ("10ms, 0.5,2.5s,1.5e6", "0.01,0.5,2.5,1500000"),
        ["histograms.cpu-bounds"] = ("off", "off"),
        ["histograms.virtual-memory-bounds"] = ("1MiB,1000000000,4GiB", "1MiB,1000000000,4GiB"),
        ["histograms.peak-rss-bounds"] = ("8192TiB", "8388608GiB"),
        ["histograms.io-bounds"] = ("1MB", "1000000"),
        ["logins.source"] = ("wtmpdb", "wtmpdb"),
        ["logins.wtmp"] = ("/srv/log/wtmp", "/srv/log/wtmp"),
        ["logins.btmp"] = ("/srv/log/btmp", "/srv/log/btmp"),
        ["logins.wtmpdb"] = ("/srv/log/wtmp.db", "/srv/log/wtmp.db"),
        ["logins.holidays"] = ("/etc/holidays", "/etc/holidays"),
        ["logins.users-limit"] = ("10000", "10000"),
        ["logins.lines-limit"] = ("1", "1"),
        ["suite.path"] = ("/srv/acct", "/srv/acct"),
        ["suite.daily"] = ("04:00", "04:00"),
        ["suite.fiscal"] = ("10-01, 04-01", "04-01,10-01"),
        ["suite.disk"] = ("sun  22:30", "Sun 22:30"),
        ["suite.disk-paths"] = ("/home", "/home"),
        ["suite.page-log"] = ("/srv/page_log", "/srv/page_log"),
        ["suite.rates"] = ("/etc/rates.yml", "/etc/rates.yml"),
        ["suite.user-exit"] = ("/srv/site", "/srv/site"),
        ["suite.groups"] = ("yes", "true"),
        ["suite.users-limit"] = ("1", "1"),
        ["suite.minimum-free"] = ("1048576", "1MiB"),
        ["otlp.endpoint"] = ("http://collector:4318/x", "http://collector:4318/x"),
        ["otlp.protocol"] = ("GRPC", "grpc"),
        ["otlp.interval"] = ("0.5m", "30s"),
        ["otlp.timeout"] = ("2500ms", "2500ms"),
        ["otlp.compression"] = ("gzip", "gzip"),
        ["otlp.histograms"] = ("exponential", "exponential"),
        ["events.file"] = ("-", "-"),
        ["events.select"] = ("failure,core", "core,failure"),
        ["events.max-size"] = ("1GB", "1000000000"),
        ["events.keep"] = ("0", "0"),
        ["events.otlp"] = ("yes", "true"),
        ["log.level"] = ("debug", "debug"),
        ["log.format"] = ("json", "json"),
    };

    public static TheoryData<string> Keys => [.. SettingTable.All.Select(setting => setting.Key)];

    [Fact]
    public void EverySetting_HasACase_AndNoOther()
    {
        Assert.Equal(SettingTable.All.Select(setting => setting.Key).Order(), Cases.Keys.Order());
        Assert.Equal(SettingTable.All.Count, SettingTable.All.Select(setting => setting.Variable).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Setting_IsSaidInThreeWays_AndShownAsItIsRead(string key)
    {
        var setting = SettingTable.Find(key)!;
        var (written, shown) = Cases[key];
        Assert.Equal($"--{key}", setting.Flag);
        Assert.Equal($"ACCT_EXPORTER_{key.Replace('.', '_').Replace('-', '_').ToUpperInvariant()}", setting.Variable);
        LoadedConfig[] ways =
        [
            Configured.By([$"--{key}={written}"], Surroundings()),
            Configured.By([], new(Surroundings()) { [setting.Variable] = written }),
            Configured.By([], Surroundings(), $"{key}: '{written}'\n"),
            Configured.By([], Surroundings(), Nested(key.Split('.'), $"'{written}'")),
        ];
        Assert.All(ways, way => Assert.Empty(way.Faults));
        var defaults = new AgentOptions();
        foreach (var options in ways.Select(way => way.Options))
        {
            Assert.Equal([shown], setting.Show(options));
            // What is shown is read as the same, and no other setting was touched.
            AssertSame(options, setting.Read(defaults, setting.Show(options), (_, problem) => Assert.Fail(problem)));
            AssertSame(options, setting.Take(defaults, options));
            AssertSame(defaults, setting.Take(options, defaults));
        }

        Assert.NotEqual([shown], setting.Show(defaults));
    }

    /// <summary>What some settings want to find, and none is made of.</summary>
    private static Dictionary<string, string> Surroundings() =>
        new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:4318" };

    [Fact]
    public void Defaults_AreRead_AsWhatTheyShow()
    {
        var defaults = new AgentOptions();
        foreach (var setting in SettingTable.All.Where(setting => setting.Show(defaults).Count > 0))
        {
            AssertSame(
                defaults,
                setting.Read(defaults, setting.Show(defaults), (_, problem) => Assert.Fail($"{setting}: {problem}")));
        }
    }

    [Fact]
    public void Document_IsTheTable()
    {
        var output = new StringWriter { NewLine = "\n" };
        Assert.Equal(0, ConfigCommand.Create().Parse(["--format", "markdown"]).Invoke(new() { Output = output }));
        Assert.Empty(ConfigurationDocument.Missing());
        Assert.All(SettingTable.All, setting => Assert.Contains($"\n| `{setting.Key}` | ", output.ToString()));
        GoldenFile.CheckFile(Path.Combine("docs", "configuration.md"), output.ToString());
    }

    [Fact]
    public void Command_HasEveryFlag() => Assert.Equal(
        SettingTable.All.Select(setting => setting.Flag).Append("--config.file").Append("--config.check").Order(),
        ServeCommand.Create().Options.Select(option => option.Name).Order());

    [Fact]
    public void Printed_IsReadAsTheSame()
    {
        string[] odd =
        [
            "a b", "a: b", "#x", "- y", "'z'", "\"", "ü€😀", "~", "a,b]", "%", "\n", " x ", "\u0085", "*",
        ];
        var options = new AgentOptions();
        foreach (var (key, (written, _)) in Cases)
        {
            options = SettingTable.Find(key)!.Read(options, [written], (_, problem) => Assert.Fail(problem));
        }

        AssertPrinted(new AgentOptions(), "");
        options = options with
        {
            Capture = options.Capture with { TakeOver = false },
            Web = options.Web with { ListenAddresses = ["[::1]:9811", "127.0.0.1:9812"] },
        };
        const string rules =
            """
            rules:
            - {command: '(a|b)[,\]]:\ #.*', user: "it's", exe: '', unit: '- "x"', replace: '$1: #'}
            - {exe: '/opt/.*', drop: true}
            - {command: '~', keep: true}
            - {command: 'null', keep: true}

            """;
        AssertPrinted(options, rules);
        foreach (var name in odd)
        {
            AssertPrinted(
                options with { Capture = options.Capture with { SourceFile = "/" + name, StoragePath = "/q" + name } },
                rules);
        }
    }

    [Fact]
    public void PrintedPath_IsReadAsTheSame_Whatever() => Holds.ForAllOf(
        Gen.Elements("\n", "\t", " ", "'", "\"", "#", ":", "\\", "-", "é", "\u2028", "\u0001", "{", ",", "&", "a"),
        20, 200, parts =>
        {
            AssertPrinted(
                new AgentOptions() with { Capture = new() { SourceFile = "/" + string.Concat(parts) } }, "");
            return true;
        });

    [Fact]
    public void Json_HasEverySetting()
    {
        var config = Configured.By(
            ["--pairs.limit=5"], [], "labels: [user, command, pod]\nrules: [{command: a, drop: true}]\n");
        using var output = new MemoryStream();
        ConfigText.WriteJson(output, config);
        using var json = JsonDocument.Parse(output.ToArray());
        var settings = json.RootElement.GetProperty("settings").EnumerateArray().ToArray();
        Assert.Equal(
            SettingTable.All.Select(setting => setting.Key),
            settings.Select(item => item.GetProperty("key").GetString()));
        Assert.Equal(("5", "--pairs.limit", true), Of("pairs.limit"));
        Assert.Equal(("user,command,pod", "agent.yml:1:10", false), Of("labels"));
        Assert.Equal((null, "default", false), Of("source"));
        Assert.Equal("""["a","true","agent.yml:2"]""", JsonSerializer.Serialize(
            json.RootElement.GetProperty("rules")[0].EnumerateObject().Select(part => part.Value.GetString())));

        (string? Value, string? Origin, bool Reloads) Of(string key)
        {
            var item = settings.Single(item => item.GetProperty("key").GetString() == key);
            return (item.GetProperty("value").GetString(), item.GetProperty("origin").GetString(),
                item.GetProperty("reloads").GetBoolean());
        }
    }

    /// <summary>Standard variables are no settings of ours; what they make of the push is said all the same.</summary>
    [Fact]
    public void Yaml_SaysWhatIsPushed()
    {
        var output = new StringWriter();
        ConfigText.WriteYaml(output, Configured.By(["--events.otlp"], new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://a:4318",
            ["OTEL_EXPORTER_OTLP_LOGS_PROTOCOL"] = "grpc",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1500",
        }));
        Assert.Contains("""
            # metrics are pushed by http/protobuf to http://a:4318/v1/metrics every 1.5 s
            # events are pushed by grpc to http://a:4318/

            """, output.ToString(), StringComparison.Ordinal);
        output = new StringWriter();
        ConfigText.WriteYaml(output, Configured.By(
            ["--otlp.endpoint=http://a"], new() { ["OTEL_SDK_DISABLED"] = "true" }));
        Assert.DoesNotContain("pushed", output.ToString(), StringComparison.Ordinal);
    }

    private static void AssertPrinted(AgentOptions options, string rules)
    {
        var read = Configured.By([], [], rules).Options.Ledger.Rules;
        options = options with { Ledger = options.Ledger with { Rules = read } };
        var printed = new StringWriter();
        ConfigText.WriteYaml(printed, new LoadedConfig(options, new Dictionary<string, string>(), [], null));
        var again = Configured.By([], [], printed.ToString());
        Assert.True(again.Faults.Count == 0, $"{string.Join('\n', again.Faults)}\n{printed}");
        AssertSame(options, again.Options);
        Assert.Equal(
            options.Ledger.Rules.Select(Text), again.Options.Ledger.Rules.Select(Text));

        static (string?, string?, string?, string?, object, string?) Text(AcctExporter.Ledger.CommandRule rule) =>
            (rule.Command?.Text, rule.User?.Text, rule.Exe?.Text, rule.Unit?.Text, rule.Action,
                rule.Replacement?.Text);
    }

    private static void AssertSame(AgentOptions expected, AgentOptions actual) => Assert.All(
        SettingTable.All,
        setting => Assert.Equal((setting.Key, string.Join('\0', setting.Show(expected))),
            (setting.Key, string.Join('\0', setting.Show(actual)))));

    private static string Nested(string[] parts, string value) => string.Concat(parts.Select((part, level) =>
        $"{new string(' ', 2 * level)}{part}:{(level == parts.Length - 1 ? $" {value}" : "")}\n"));
}
