// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.Config;

/// <summary>Flags, variables, and what does not go together.</summary>
public sealed class BadCommandLineTests
{
    private const string NoReceiver = "--events.otlp: nothing says where events are to be pushed: set "
        + "--otlp.endpoint, OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_EXPORTER_OTLP_LOGS_ENDPOINT (http://127.0.0.1:4318), "
        + "and neither OTEL_SDK_DISABLED nor OTEL_LOGS_EXPORTER=none";

    private const string Prefix = "ACCT_EXPORTER_";
    private const string NotExpected = "is no flag, and nothing else is expected here";

    /// <summary>A command line with spaces between its words, and its faults (a <c>|</c> between two).</summary>
    [Theory]
    [InlineData("--pairs.limt=5", "--pairs.limt: there is no such flag; did you mean '--pairs.limit'?")]
    [InlineData("--pairs.limt 5", "--pairs.limt: there is no such flag; did you mean '--pairs.limit'?")]
    [InlineData("--pairs-limit=5", "--pairs-limit: there is no such flag; did you mean '--pairs.limit'?")]
    [InlineData("--limit=5", "--limit: there is no such flag; did you mean '--pairs.limit'?")]
    [InlineData("--config.fil=x", "--config.fil: there is no such flag; did you mean '--config.file'?")]
    [InlineData("--config.chek", "--config.chek: there is no such flag; did you mean '--config.check'?")]
    [InlineData("--foo=1", "--foo: there is no such flag")]
    [InlineData("--foo bar baz", "--foo: there is no such flag|'baz' " + NotExpected)]
    [InlineData("-x", "-x: there is no such flag")]
    [InlineData("stray", "'stray' " + NotExpected)]
    [InlineData("-- stray", "'stray' " + NotExpected)]
    [InlineData("@stray", "'@stray' " + NotExpected)]
    [InlineData("--pairs.limit", "--pairs.limit: needs a value (N)")]
    [InlineData("--pairs.limit=", "--pairs.limit: needs a value (N)")]
    [InlineData("--pairs.limit 5 6", "'6' " + NotExpected)]
    [InlineData("--pairs.limit=5 --pairs.limit=5", "--pairs.limit: is given 2 times")]
    [InlineData("--taskstats.mode", "--taskstats.mode: needs a value (auto|on|off)")]
    [InlineData("--web.listen-address", "--web.listen-address: needs a value ([HOST]:PORT)")]
    [InlineData("--web.listen-address=:1 --web.listen-address=:1", "--web.listen-address: ':1' is given twice")]
    [InlineData("--config.file", "--config.file: needs a value (PATH)")]
    [InlineData("--config.file=/dev/null --config.file=/dev/null", "--config.file: is given 2 times")]
    [InlineData("--web.enable-lifecycle --web.enable-lifecycle", "--web.enable-lifecycle: is given 2 times")]
    [InlineData("--web.enable-lifecycle=maybe", "--web.enable-lifecycle: 'maybe' is neither true nor false")]
    [InlineData(
        "--web.enable-lifecycle false",
        "'false' " + NotExpected + "; a switch has its value behind '=': --pairs.all-histograms=false")]
    [InlineData("--rules=x", "--rules: rules stand in the file alone: see --config.file")]
    [InlineData(
        "--accounting.take-over --source=/a",
        "--accounting.take-over: contradicts --source: a file that is followed is never switched; leave one of them "
        + "out")]
    [InlineData(
        "--accounting.take-over --accounting.follow-active",
        "--accounting.take-over: contradicts --accounting.follow-active: either follow the other program's file or "
        + "take accounting over; leave one of them out")]
    [InlineData("--accounting.take-over=false --source=/a", "")]
    [InlineData("--events.otlp", NoReceiver)]
    [InlineData("--events.otlp=off", "")]
    [InlineData("--accounting.follow-active --source=/a", "")]
    [InlineData("--events.file -", "")]
    public void Flags_AreToldWhatIsWrongWithThem(string line, string faults)
    {
        // What a value may look like has a | of its own.
        var expected = faults.Contains("auto|on") ? [faults] : faults.Split('|', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected, Configured.By(line.Split(' ')).Faults);
    }

    [Theory]
    [InlineData("PAIRS_LIMT", "5", "there is no such setting; did you mean 'ACCT_EXPORTER_PAIRS_LIMIT'?")]
    [InlineData("pairs_limit", "5", "there is no such setting; did you mean 'ACCT_EXPORTER_PAIRS_LIMIT'?")]
    [InlineData("LIMT", "5", "there is no such setting")]
    [InlineData("FOO", "5", "there is no such setting")]
    [InlineData("", "5", "there is no such setting")]
    [InlineData("CONFIG_CHECK", "true", "there is no such setting")]
    [InlineData("RULES", "x", "rules stand in the file alone: see --config.file")]
    [InlineData("PAIRS_LIMIT", "x", "'x' is no whole number from 1 to 1000000")]
    [InlineData("WEB_LISTEN_ADDRESS", ":1,x", "'x' has no port: write ADDRESS:PORT, or :PORT")]
    [InlineData("WEB_LISTEN_ADDRESS", ":1,", "'' has no port: write ADDRESS:PORT, or :PORT")]
    [InlineData("WEB_LISTEN_ADDRESS", ":1, :1", "':1' is given twice")]
    [InlineData("PAIRS_LIMIT", "", null)]
    [InlineData("WEB_LISTEN_ADDRESS", "", null)]
    [InlineData("CONFIG_FILE", "", null)]
    [InlineData("CRASH_AT", "before-block", null)]
    // What Kubernetes makes for a service called acct-exporter, or acct-exporter-canary.
    [InlineData("SERVICE_HOST", "10.0.0.1", null)]
    [InlineData("SERVICE_PORT", "9810", null)]
    [InlineData("SERVICE_PORT_METRICS", "9810", null)]
    [InlineData("PORT", "tcp://10.0.0.1:9810", null)]
    [InlineData("PORT_9810_TCP", "tcp://10.0.0.1:9810", null)]
    [InlineData("PORT_9810_TCP_PROTO", "tcp", null)]
    [InlineData("PORT_9810_TCP_PORT", "9810", null)]
    [InlineData("PORT_9810_UDP_ADDR", "10.0.0.1", null)]
    [InlineData("CANARY_SERVICE_HOST", "10.0.0.1", null)]
    [InlineData("PORT_NUMBER", "9810", "there is no such setting")]
    public void Variable_IsToldWhatIsWrongWithIt(string name, string text, string? problem) => Assert.Equal(
        problem is null ? [] : [$"{Prefix}{name}: {problem}"],
        Configured.By([], new() { [Prefix + name] = text }).Faults);

    [Fact]
    public void OtherVariables_AreNotOurs() =>
        Assert.Empty(Configured.By([], new() { ["ACCT_TEST_TOOLS"] = "x", ["acct_exporter_foo"] = "x" }).Faults);

    [Theory]
    [InlineData(
        "accounting:\n  take-over: true\nsource: /a\n", "",
        "agent.yml:2:14: accounting.take-over: contradicts source (line 3): a file that is followed is never "
        + "switched; leave one of them out")]
    [InlineData(
        "accounting:\n  follow-active: yes\n  take-over: yes\n", "",
        "agent.yml:3:14: accounting.take-over: contradicts accounting.follow-active (line 2): either follow the "
        + "other program's file or take accounting over; leave one of them out")]
    [InlineData(
        "accounting:\n  take-over: true\n", "--source=/a",
        "agent.yml:2:14: accounting.take-over: contradicts --source: a file that is followed is never switched; "
        + "leave one of them out")]
    [InlineData(
        "source: /a\n", "--accounting.take-over",
        "--accounting.take-over: contradicts source (line 1): a file that is followed is never switched; leave one "
        + "of them out")]
    [InlineData("accounting:\n  take-over: true\nsource: /a\n", "--accounting.take-over=false", null)]
    public void Contradiction_NamesBothPlaces(string file, string flag, string? fault) => Assert.Equal(
        fault is null ? [] : [fault], Configured.By(flag.Length == 0 ? [] : [flag], [], file).Faults);

    /// <summary>The file from its top to its end, then variables and flags, those that nobody knows first.</summary>
    [Fact]
    public void AllFaults_AreTold_InTheOrderOfTheFile() => Assert.Equal(
        [
            "agent.yml:2:10: pairs.limit: '0' is no whole number from 1 to 1000000",
            "agent.yml:3:14: log.level: 'x' is none of debug, info, warn, error",
            "agent.yml:4:1: foo: there is no such key",
            "agent.yml:6:3: rules[1]: has no condition: give it one of command, user, exe, unit ('.*' meets "
                + "everything)",
            "agent.yml:8:16: accounting.settle-time: '9s' is no duration from 1ms to 5s (20ms, 10s, 5m, 1h, 31d)",
            "agent.yml:9:9: tags (!x) are not read: leave it out",
            "ACCT_EXPORTER_FOO: there is no such setting",
            "--foo: there is no such flag",
            "ACCT_EXPORTER_PAIRS_LIMIT: 'y' is no whole number from 1 to 1000000",
            "--pairs.limit: 'z' is no whole number from 1 to 1000000",
        ],
        Configured.By(
            ["--pairs.limit=z", "--foo"],
            new() { [Prefix + "PAIRS_LIMIT"] = "y", [Prefix + "FOO"] = "1" },
            """
            pairs:
              limit: 0
            log: {level: x}
            foo: 1
            rules:
            - drop: true
            accounting:
              settle-time: 9s
            source: !x /a
            """).Faults);

    [Fact]
    public void Fault_IsOneLine_WhateverItQuotes() => Assert.Equal(
        [@"agent.yml:1:14: pairs.limit: 'a\u000ab\u001b[31m' is no whole number from 1 to 1000000"],
        Configured.By([], [], "pairs.limit: \"a\\nb\\e[31m\"\n").Faults);
}
