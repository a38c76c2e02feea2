// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Cli;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Cli;

public sealed class RuleTrialTests : IDisposable
{
    private const string Rules =
        """
        rules: [{command: 'python.*', replace: python},
          {command: secret, drop: true},
          {command: 'kworker/7.*', keep: true},
          {command: cron, unit: cron.service, drop: true},
          {command: '.*', user: bob, drop: true}]
        """;

    private readonly TemporaryDirectory temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Lines_SayWhatBecomesOfANameAndWhy() => Assert.Equal(
        """
        python3.11        -> python           (rule 1 at rules.yml:1)
        secret            -> -                (dropped by rule 2 at rules.yml:2)
        kworker/3:1       -> kworker          (kernel thread folded; a program of that name keeps it)
        kworker/7:1       -> kworker/7:1      (kept by rule 3 at rules.yml:3)
        loop0             -> loop0            (no rule; a kernel thread of that name becomes loop)
        cron              -> cron             (no rule)
        systemd-timesyncd -> systemd-timesyn  (no rule; the kernel keeps 15 bytes of a name)
        other             -> \x6fther         (no rule)
        a\x0ab            -> a\x0ab           (no rule)

        """,
        Run(out _, "--try", "python3.11", "--try", "secret", "--try", "kworker/3:1", "--try", "kworker/7:1",
            "--try", "loop0", "--try", "cron", "--try", "systemd-timesyncd", "--try", "other", "--try", "a\nb"));

    [Fact]
    public void UserAndUnit_AreAskedFor()
    {
        Assert.Equal("cron -> -  (dropped by rule 4 at rules.yml:4)\n",
            Run(out _, "--try", "cron", "--unit", "cron.service"));
        Assert.Equal("loop0 -> -  (dropped by rule 5 at rules.yml:5)\n", Run(out _, "--try", "loop0", "--user", "bob"));
        Assert.Equal("loop0 -> loop0  (no rule)\n", Run(out _, "--try", "loop0", "--user", "alice"));
    }

    [Fact]
    public void File_HasANameOnEachLine_OrAUserBeforeIt()
    {
        var file = temporary.File("names", "sh\n\nbob\tsh\n");
        Assert.Equal("sh -> sh  (no rule)\nsh -> -   (dropped by rule 5 at rules.yml:5)\n",
            Run(out var code, "--try-file", file));
        Assert.Equal(0, code);
    }

    [Fact]
    public void FileThatCannotBeRead_IsToldOf()
    {
        Assert.Equal("", Run(out var code, "--try-file", temporary.Of("none")));
        Assert.Equal(ExitCode.CannotRead, code);
    }

    [Fact]
    public void Json_HasItsKeys()
    {
        const string dropped = """{"command":null,"action":"drop","rule":2,"place":"rules.yml:2"}""";
        var lines = Run(out _, "--format", "json", "--try", "kworker/3:1", "--try", "secret").Split('\n');
        Assert.Equal("""{"command":"kworker/3:1","user":"root","exe":"","unit":"","""
            + """ "program":{"command":"kworker/3:1","action":"none","rule":null,"place":null},""".TrimStart()
            + """ "kernel_thread":{"command":"kworker","action":"fold","rule":null,"place":null}}""".TrimStart(),
            lines[0]);
        Assert.Equal("""{"command":"secret","user":"root","exe":"","unit":"","""
            + $""" "program":{dropped},"kernel_thread":{dropped}""".TrimStart() + "}", lines[1]);
    }

    [Fact]
    public void NothingToTry_IsAWrongCommandLine() =>
        Assert.Equal("rules: nothing to try: give --try NAME or --try-file FILE",
            Assert.Single(RulesCommand.Create().Parse([]).Errors).Message);

    [Fact]
    public void FaultyConfiguration_Fails()
    {
        File.WriteAllText(temporary.Of("faulty.yml"), "rule: []");
        using var errors = new StringWriter();
        var code = RulesCommand.Create().Parse(["--try", "sh", $"--config.file={temporary.Of("faulty.yml")}"])
            .Invoke(new InvocationConfiguration { Error = errors });
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("faulty.yml:1:1: rule: there is no such key; did you mean 'rules'?", errors.ToString(),
            StringComparison.Ordinal);
    }

    private string Run(out int code, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter();
        File.WriteAllText(temporary.Of("rules.yml"), Rules);
        code = RulesCommand.Create().Parse([.. arguments, $"--config.file={temporary.Of("rules.yml")}"])
            .Invoke(new InvocationConfiguration { Output = output, Error = errors });
        Assert.Equal(code == 0, errors.ToString().Length == 0);
        return output.ToString();
    }
}
