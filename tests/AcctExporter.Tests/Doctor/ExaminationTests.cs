// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json;
using AcctExporter.Doctor;
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Doctor;

/// <summary>The whole: the verdict, and how it is told to people and to programs.</summary>
public sealed class ExaminationTests : IDisposable
{
    private readonly MadeUpHost host = new();

    public void Dispose() => host.Dispose();

    [Fact]
    public void GoodHost_HasNothingToMend()
    {
        var examination = host.Examine();
        Assert.All(examination.Findings, finding => Assert.Equal(FindingState.Ok, finding.State));
        Assert.Equal(
            examination.Findings.Count, examination.Findings.DistinctBy(finding => finding.Id).Count());
        Assert.True(examination.Works);
        Assert.Equal("The agent will count every exit, with true CPU time, names and I/O.", examination.Verdict);
    }

    /// <summary>Programs know findings by their ids: one that is renamed or left out breaks them.</summary>
    [Fact]
    public void Ids_AreStable()
    {
        host.Options = host.Options with { Listen = [new(":0", [])] };
        Assert.Equal(
            [
                "kernel-version", "kernel-accounting", "kernel-record-version", "kernel-taskstats", "kernel-delays",
                "kernel-process-events", "namespace-user", "right-accounting", "right-taskstats", "right-lease",
                "right-read", "right-ptrace", "namespace-pid", "namespace-network", "namespace-mount",
                "namespace-time", "accounting-path", "accounting-space", "accounting-inodes", "storage-path",
                "storage-space", "storage-inodes", "agent", "accounting-in-use", "other-programs", "taskstats",
                "taskstats-buffer", "process-connector", "login-wtmp", "login-utmp", "login-btmp", "login-lastlog",
                "clock-wall", "clock-synchronized", "clock-monotonic", "names", "listen-address", "limit-pids",
                "limit-open-files",
            ],
            host.Examine().Findings.Select(finding => finding.Id));
    }

    [Fact]
    public void Verdict_NamesWhatTheCountLacks()
    {
        host.Namespace("pid", 4026532301);
        host.View = host.View with { AskTaskStats = _ => new(TaskStatsFault.OfRegistering(Errno.EINVAL), 0, 0) };
        Assert.Equal(
            "The agent will count every exit, but without processes outside of this PID namespace; without true CPU "
            + "time, names of threaded programs, I/O and memory (no taskstats).",
            host.Examine().Verdict);
    }

    [Fact]
    public void Verdict_NamesEveryFailureThatPreventsTheStart()
    {
        host.Rights(1000, "0000000000000000");
        host.Space(0);
        host.View = host.View with { ErrnoOfMaking = _ => Errno.EACCES };
        Assert.Equal(
            "The agent will not start: right-accounting, accounting-path, storage-path.", host.Examine().Verdict);
    }

    /// <summary>A host without anything in it is a host where nothing is known: no fault of the doctor.</summary>
    [Fact]
    public void EmptyHost_IsExamined()
    {
        Directory.Delete(host.View.Root, recursive: true);
        Directory.CreateDirectory(host.View.Root);
        var examination = host.Examine();
        Assert.Contains(examination.Findings, finding => finding.State == FindingState.Unknown);
        Assert.False(examination.Works);
    }

    [Fact]
    public void DirectoryServerThatHangs_IsReportedAndNotWaitedFor()
    {
        using var never = new ManualResetEventSlim();
        host.View = host.View with { KnowsUser = _ => { never.Wait(); return true; } };
        var clock = Stopwatch.StartNew();
        var finding = Assert.Single(NameFindings.Of(host.View, TimeSpan.FromMilliseconds(300)));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.29, 5);
        Assert.Equal(FindingState.Warning, finding.State);
        Assert.Contains("passwd:         files sss", finding.What);
        never.Set();
    }

    [Fact]
    public void Text_FitsEightyColumns_ButForCommands()
    {
        host.Rights(65534, "0000000000000000");
        host.Namespace("mnt", 4026532303, first: 4026531841);
        var lines = TextOf(80, color: false);
        Assert.All(lines.Where(line => !line.StartsWith("      mend: ", StringComparison.Ordinal)),
            line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains("FAIL  right-accounting: User 65534 may not", string.Join('\n', lines));
        Assert.Contains("      mend: sudo acct-exporter serve", lines);
        Assert.StartsWith("The agent will not start: right-accounting.", lines[^3]);
        Assert.DoesNotContain("\u001b", string.Concat(lines));
        Assert.Contains("\u001b[1;31mFAIL\u001b[0m  right-accounting", string.Concat(TextOf(80, color: true)));
    }

    [Fact]
    public void Json_HasTheStableKeys()
    {
        host.Rights(65534, "0000000000000000");
        using var bytes = new MemoryStream();
        ExaminationJson.Write(host.Examine(), 1, bytes);
        using var json = JsonDocument.Parse(bytes.ToArray());
        Assert.Equal(["verdict", "exit_code", "findings"], json.RootElement.EnumerateObject().Select(key => key.Name));
        Assert.Equal(1, json.RootElement.GetProperty("exit_code").GetInt32());
        var finding = json.RootElement.GetProperty("findings").EnumerateArray()
            .Single(one => one.GetProperty("id").GetString() == "right-accounting");
        Assert.Equal(["id", "state", "what", "means", "mend"], finding.EnumerateObject().Select(key => key.Name));
        Assert.Equal("failure", finding.GetProperty("state").GetString());
        Assert.Equal("sudo acct-exporter serve", finding.GetProperty("mend")[0].GetString());
    }

    private string[] TextOf(int columns, bool color)
    {
        using var output = new StringWriter { NewLine = "\n" };
        new ExaminationText(output, columns, color).Write(host.Examine());
        return output.ToString().Split('\n');
    }
}
