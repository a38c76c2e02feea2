// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Config;

namespace AcctExporter.Tests.Config;

/// <summary>Values that are none, at least one of each setting: the same words from flag, variable and file.</summary>
public sealed class BadValueTests
{
    private const string Lifetime = "(20ms, 10s, 5m, 1h, 31d)";
    private const string MayBeOff = "(20ms, 10s, 5m, 1h, 31d, off)";
    private const string Bytes = "(65536, 8MiB, 1GiB)";
    private const string BytesOrOff = "(65536, 8MiB, 1GiB, off)";

    /// <summary>Key, value, problem.</summary>
    public static TheoryData<string, string, string> Values => new()
    {
        { "web.listen-address", "9810", "'9810' has no port: write ':9810'" },
        { "web.listen-address", ":65536", "'65536' in ':65536' is not a port from 0 to 65535" },
        { "web.listen-address", ":-1", "'-1' in ':-1' is not a port from 0 to 65535" },
        { "web.listen-address", "host:80", "'host' is not an address (names other than localhost are not looked up) "
            + "in 'host:80'" },
        { "web.listen-address", "::1:80", "an IPv6 address stands in brackets: '[::1]', not '::1', in '::1:80'" },
        { "web.systemd-socket", "2", "'2' is neither true nor false" },
        { "web.telemetry-path", "metrics",
            "'metrics' is not a path to serve: it must begin with /, as /metrics does" },
        { "web.telemetry-path", "/", "'/' is the page: choose another path for the metrics, as /metrics" },
        { "web.telemetry-path", "/-/x",
            "'/-/x': what begins with /-/ is for health, readiness and reload: choose another path" },
        { "web.telemetry-path", "/a b", "'/a b': only letters and digits of ASCII and /-._~ may stand in it" },
        { "web.telemetry-path", "/../a", "'/../a': clients leave . and .. out of a path" },
        { "web.max-requests", "0", "'0' is no whole number from 1 to 10000" },
        { "web.max-requests", "10001", "'10001' is no whole number from 1 to 10000" },
        { "web.max-requests", "-1", "'-1' is no whole number from 1 to 10000" },
        { "web.max-requests", "1.5", "'1.5' is no whole number from 1 to 10000" },
        { "web.max-requests", "1e3", "'1e3' is no whole number from 1 to 10000" },
        { "web.max-requests", "99999999999999999999", "'99999999999999999999' is no whole number from 1 to 10000" },
        { "web.enable-lifecycle", "1", "'1' is neither true nor false" },
        { "web.config.file", "a\0b", "a path has no NUL in it" },
        { "accounting.path", "a\0b", "a path has no NUL in it" },
        { "accounting.on-exit", "of", "'of' is none of off, keep; did you mean 'off'?" },
        { "accounting.on-exit", "true", "'true' is none of off, keep" },
        { "accounting.take-over", "y", "'y' is neither true nor false" },
        { "accounting.follow-active", "truee", "'truee' is neither true nor false" },
        { "source", "a\0b", "a path has no NUL in it" },
        { "accounting.segment-size", "4095", $"'4095' is no size of 4096 bytes or more {Bytes}" },
        { "accounting.segment-size", "off", $"'off' is no size of 4096 bytes or more {Bytes}" },
        { "accounting.segment-size", "8mib", $"'8mib' is no size of 4096 bytes or more {Bytes}" },
        { "accounting.segment-size", "1.5GiB", $"'1.5GiB' is no size of 4096 bytes or more {Bytes}" },
        { "accounting.segment-size", "8388608TiB", $"'8388608TiB' is no size of 4096 bytes or more {Bytes}" },
        { "accounting.segment-age", "999ms", $"'999ms' is no duration from 1s to 7d {Lifetime}" },
        { "accounting.segment-age", "8d", $"'8d' is no duration from 1s to 7d {Lifetime}" },
        { "accounting.segment-age", "off", $"'off' is no duration from 1s to 7d {Lifetime}" },
        { "accounting.settle-time", "0.9ms", $"'0.9ms' is no duration from 1ms to 5s {Lifetime}" },
        { "accounting.settle-time", "5001ms", $"'5001ms' is no duration from 1ms to 5s {Lifetime}" },
        { "accounting.settle-time", "20", $"'20' is no duration from 1ms to 5s {Lifetime}" },
        { "accounting.settle-time", "-20ms", $"'-20ms' is no duration from 1ms to 5s {Lifetime}" },
        { "accounting.settle-time", "20us", $"'20us' is no duration from 1ms to 5s {Lifetime}" },
        { "accounting.settle-time", "20 ms", $"'20 ms' is no duration from 1ms to 5s {Lifetime}" },
        { "accounting.settle-time", "1S", $"'1S' is no duration from 1ms to 5s {Lifetime}" },
        { "accounting.canary-interval", "500ms", $"'500ms' is no duration from 1s to 1d {MayBeOff}" },
        { "accounting.canary-interval", "25h", $"'25h' is no duration from 1s to 1d {MayBeOff}" },
        { "accounting.canary-interval", "OFF", $"'OFF' is no duration from 1s to 1d {MayBeOff}" },
        { "accounting.rearm-delay", "9ms", $"'9ms' is no duration from 10ms to 5m {Lifetime}" },
        { "accounting.rearm-delay", "6m", $"'6m' is no duration from 10ms to 5m {Lifetime}" },
        { "taskstats.mode", "no", "'no' is none of auto, on, off; did you mean 'on'?" },
        { "taskstats.buffer-size", "4KB", $"'4KB' is no size of 4096 bytes or more {Bytes}" },
        { "taskstats.enable-delays", "maybe", "'maybe' is neither true nor false" },
        { "storage.path", "a\0b", "a path has no NUL in it" },
        { "storage.checkpoint-interval", "99ms", $"'99ms' is no duration from 100ms to 1h {Lifetime}" },
        { "storage.checkpoint-interval", "61m", $"'61m' is no duration from 100ms to 1h {Lifetime}" },
        { "storage.on-damage", "start_anew", "'start_anew' is none of stop, start-anew; did you mean 'start-anew'?" },
        { "journal.retention-age", "59s", $"'59s' is no duration from 1m to 3660d {MayBeOff}" },
        { "journal.retention-age", "1y", $"'1y' is no duration from 1m to 3660d {MayBeOff}" },
        { "journal.retention-age", "3661d", $"'3661d' is no duration from 1m to 3660d {MayBeOff}" },
        { "journal.retention-size", "1MB", $"'1MB' is no size of 1048576 bytes or more {BytesOrOff}" },
        { "journal.group", "a:b", "'a:b' is no name or number of a group" },
        { "labels", "user", "'user' does not begin with user,command, which every pair has. Right would be "
            + "user,command and any of group, unit, container, pod behind them" },
        { "labels", "user,command,host", "there is no label 'host'. Right would be user,command and any of group, "
            + "unit, container, pod behind them" },
        { "labels", "user,command,pod,pod", "'pod' stands twice in 'user,command,pod,pod'. Right would be "
            + "user,command and any of group, unit, container, pod behind them" },
        { "pairs.limit", "0", "'0' is no whole number from 1 to 1000000" },
        { "pairs.limit", "1000001", "'1000001' is no whole number from 1 to 1000000" },
        { "pairs.limit", "1_000", "'1_000' is no whole number from 1 to 1000000" },
        { "pairs.limit", "+5", "'+5' is no whole number from 1 to 1000000" },
        { "pairs.idle-time", "0", $"'0' is no duration from 1s to 3660d {Lifetime}" },
        { "pairs.fold-kernel-threads", "never", "'never' is neither true nor false" },
        { "pairs.all-histograms", "all", "'all' is neither true nor false" },
        { "openmetrics.created", "1", "'1' is neither true nor false" },
        { "openmetrics.exemplars", "none", "'none' is neither true nor false" },
        { "histograms.duration-bounds", "0.01,1", WholeSeconds("1", 1) },
        { "histograms.duration-bounds", "1h", WholeSeconds("1h", 3600) },
        { "histograms.duration-bounds", "0.5,0.5", "'0.5' is not above '0.5': bounds rise" },
        { "histograms.duration-bounds", "0.5,0.25", "'0.25' is not above '0.5': bounds rise" },
        { "histograms.duration-bounds", "10ms,12ms", "'10ms' and '12ms' are too near: at most one bound may lie "
            + "between two powers of two of a microsecond (a bound at twice the last is always right)" },
        { "histograms.cpu-bounds", "0.0000005", NoSeconds("0.0000005") },
        { "histograms.cpu-bounds", "0", NoSeconds("0") },
        { "histograms.cpu-bounds", "-0.5", NoSeconds("-0.5") },
        { "histograms.cpu-bounds", "0.5,", NoSeconds("") },
        { "histograms.cpu-bounds", "0.5,off", NoSeconds("off") },
        { "histograms.cpu-bounds", "1e99", NoSeconds("1e99") },
        { "histograms.cpu-bounds", "10 ms", NoSeconds("10 ms") },
        { "histograms.virtual-memory-bounds", "64KiB", "'64KiB' is a whole number below 1e6, which text formats spell "
            + "in two ways (le=\"65536\" and le=\"65536.0\"): 1MiB would be right" },
        { "histograms.virtual-memory-bounds", "4MiB,5MiB", "'4MiB' and '5MiB' are too near: at most one bound may lie "
            + "between two powers of two of bytes (a bound at twice the last is always right)" },
        { "histograms.peak-rss-bounds", "1mib", "'1mib' is no size of 1 byte to 8192TiB (1MiB, 1GiB), and not off" },
        { "histograms.io-bounds", "8193TiB", "'8193TiB' is no size of 1 byte to 8192TiB (1MiB, 1GiB), and not off" },
        { "histograms.io-bounds", "1MiB,2MiB,4MiB,8MiB,16MiB,32MiB,64MiB,128MiB,256MiB,512MiB,1GiB,2GiB,4GiB",
            "13 bounds are too many: at most 12" },
        { "logins.source", "utmp", "'utmp' is none of auto, wtmp, wtmpdb, off; did you mean 'wtmp'?" },
        { "logins.wtmp", "a\0b", "a path has no NUL in it" },
        { "logins.btmp", "a\0b", "a path has no NUL in it" },
        { "logins.wtmpdb", "a\0b", "a path has no NUL in it" },
        { "logins.holidays", "a\0b", "a path has no NUL in it" },
        { "logins.users-limit", "0", "'0' is no whole number from 1 to 10000" },
        { "logins.lines-limit", "10001", "'10001' is no whole number from 1 to 10000" },
        { "suite.path", "a\0b", "a path has no NUL in it" },
        { "suite.daily", "4:00", "'4:00' is no time of the day (04:00, 23:59, off)" },
        { "suite.daily", "24:00", "'24:00' is no time of the day (04:00, 23:59, off)" },
        { "suite.fiscal", "04-31", NoDay("04-31") },
        { "suite.fiscal", "02-29", NoDay("02-29") },
        { "suite.fiscal", "04-01,2026-13-01", NoDay("2026-13-01") },
        { "suite.fiscal", "04-01,", NoDay("") },
        { "suite.fiscal", "yearly", NoDay("yearly") },
        { "suite.fiscal", "04-01,04-01", "a day stands twice in '04-01,04-01'" },
        { "suite.disk", "22:30", "'22:30' is no day and time (Sun 22:30, Mon 04:00, off)" },
        { "suite.disk", "Sunday 22:30", "'Sunday 22:30' is no day and time (Sun 22:30, Mon 04:00, off)" },
        { "suite.disk", "Sun 25:30", "'Sun 25:30' is no day and time (Sun 22:30, Mon 04:00, off)" },
        { "suite.disk-paths", "a\0b", "a path has no NUL in it" },
        { "suite.page-log", "a\0b", "a path has no NUL in it" },
        { "suite.rates", "a\0b", "a path has no NUL in it" },
        { "suite.user-exit", "a\0b", "a path has no NUL in it" },
        { "suite.groups", "some", "'some' is neither true nor false" },
        { "suite.users-limit", "0", "'0' is no whole number from 1 to 10000" },
        { "suite.minimum-free", "1 MiB", $"'1 MiB' is no size of 1 bytes or more {BytesOrOff}" },
        { "otlp.endpoint", "127.0.0.1:4318", "'127.0.0.1:4318' is no address of a receiver (http://127.0.0.1:4318)" },
        { "otlp.endpoint", "ftp://a", "'ftp://a' is no address of a receiver (http://127.0.0.1:4318)" },
        { "otlp.endpoint", "http://u:p@a", "an address has no password in it: use OTEL_EXPORTER_OTLP_HEADERS" },
        { "otlp.endpoint", "http://a/v1/logs/",
            "'http://a/v1/logs/' ends in /v1/logs, which is added to it: leave that out" },
        { "otlp.endpoint", "http://a/?b=c", "'http://a/?b=c' has more than a path behind the host" },
        { "otlp.protocol", "http", "'http' is none of grpc, http/protobuf" },
        { "otlp.protocol", "http/json", "'http/json' is none of grpc, http/protobuf" },
        { "otlp.interval", "500ms", $"'500ms' is no duration from 1s to 1d {Lifetime}" },
        { "otlp.timeout", "11m", $"'11m' is no duration from 100ms to 10m {Lifetime}" },
        { "otlp.compression", "zstd", "'zstd' is none of none, gzip" },
        { "otlp.histograms", "explizit", "'explizit' is none of explicit, exponential; did you mean 'explicit'?" },
        { "events.file", "a\0b", "a path has no NUL in it" },
        { "events.select", "cores", "'cores' is no list of core, signal, failure, all (core,signal; failure; all)" },
        { "events.select", "core,", "'core,' is no list of core, signal, failure, all (core,signal; failure; all)" },
        { "events.max-size", "1048575", $"'1048575' is no size of 1048576 bytes or more {BytesOrOff}" },
        { "events.keep", "1001", "'1001' is no whole number from 0 to 1000" },
        { "events.otlp", "2", "'2' is neither true nor false" },
        { "log.level", "warning", "'warning' is none of debug, info, warn, error" },
        { "log.format", "jsn", "'jsn' is none of logfmt, json; did you mean 'json'?" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Value_IsToldTheSame_WhereverItIsSaid(string key, string value, string problem)
    {
        var setting = SettingTable.Find(key)!;
        Assert.Equal(
            [$"{setting.Variable}: {problem}"], Configured.By([], new() { [setting.Variable] = value }).Faults);
        Assert.Equal([$"{setting.Flag}: {problem}"], Configured.By($"{setting.Flag}={value}").Faults);
        var quoted = $"\"{value.Replace("\0", "\\0", StringComparison.Ordinal)}\"";
        Assert.Equal(
            [$"agent.yml:2:{key.Length + 3}: {key}: {problem}"],
            Configured.By([], [], $"# a comment\n{key}: {quoted}\n").Faults);
    }

    private static string NoSeconds(string word) =>
        $"'{word}' is no number of seconds in whole microseconds above 0 (0.01, 10ms, 2.5s), and not off";

    private static string WholeSeconds(string word, int seconds) =>
        $"'{word}' is a whole number below 1e6, which text formats spell in two ways (le=\"{seconds}\" and "
            + $"le=\"{seconds}.0\"): {seconds}.5 would be right";

    private static string NoDay(string day) => $"'{day}' is no day on which a period can begin (04-01, 2026-04-01; not "
        + "02-29, which not every year has); or say monthly, or off";

    [Fact]
    public void EverySetting_HasABadValue() => Assert.Empty(
        SettingTable.All.Select(setting => setting.Key).Except(Values.Select(row => (string)row[0])));

    [Theory]
    [InlineData("web.max-requests", "1", "10000")]
    [InlineData("accounting.segment-size", "4096", "4KiB")]
    [InlineData("accounting.segment-age", "1s", "7d", "1w")]
    [InlineData("accounting.settle-time", "1ms", "5s", "1.5ms")]
    [InlineData("accounting.canary-interval", "1s", "1d", "0", "off")]
    [InlineData("accounting.rearm-delay", "10ms", "5m")]
    [InlineData("storage.checkpoint-interval", "100ms", "1h", "0.5h")]
    [InlineData("journal.retention-age", "1m", "3660d", "off")]
    [InlineData("journal.retention-size", "1MiB", "off", "0")]
    [InlineData("pairs.limit", "1", "1000000")]
    [InlineData("pairs.idle-time", "1s", "3660d")]
    [InlineData("logins.source", "auto", "off", "WTMP")]
    [InlineData("logins.users-limit", "1", "10000")]
    [InlineData("logins.lines-limit", "1", "10000")]
    [InlineData("suite.daily", "00:00", "23:59", "off")]
    [InlineData("suite.fiscal", "monthly", "off", "12-31", "2026-01-01,2026-02-28,2028-02-29")]
    [InlineData("suite.disk", "Mon 00:00", "SAT 23:59", "off")]
    [InlineData("suite.users-limit", "1", "10000")]
    [InlineData("suite.minimum-free", "1", "off", "1TiB")]
    [InlineData("events.keep", "0", "1000")]
    [InlineData("events.max-size", "1MiB", "off")]
    [InlineData("log.level", "debug", "INFO", "Error")]
    [InlineData("histograms.duration-bounds", "off", "0.000001,0.000002,0.000004", "9007199254")]
    [InlineData("pairs.all-histograms", "true", "YES", "on", "no", "Off", "false")]
    public void Bounds_AreWithin(string key, params string[] values)
    {
        foreach (var value in values)
        {
            Assert.Empty(Configured.By($"--{key}={value}").Faults);
        }
    }
}
