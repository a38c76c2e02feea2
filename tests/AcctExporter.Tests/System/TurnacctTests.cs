// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Logins;

namespace AcctExporter.Tests.RealSystem;

/// <summary>turnacct, startup and shutacct in a namespace of its own: what the kernel writes then.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class TurnacctTests : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "acct-exporter");

    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    /// <summary>While many processes end, the file is changed again and again: each exit is in one.</summary>
    [Fact]
    public void Switch_LosesNoExit()
    {
        Assert.Equal((0, ""), Turn("turnacct", "on"));
        var storm = lab.Inside.Start(Tools.Storm, "--count", "5000", "--cores", "0");
        for (var i = 0; i < 5; i++)
        {
            var (code, errors) = Turn("turnacct", "switch");
            Assert.Equal(0, code);
            Assert.Contains($"is in {lab.Of("pacct")}{i + 1}\n", errors, StringComparison.Ordinal);
        }

        using (storm)
        {
            storm.StandardOutput.ReadToEnd();
            storm.WaitForExit();
        }

        Assert.Equal((0, ""), Turn("turnacct", "off"));
        lab.Exit(2);

        // The storm and its processes, that which switched it on, and 5 of ours; that which ended it is not.
        string[] files = ["pacct", "pacct1", "pacct2", "pacct3", "pacct4", "pacct5"];
        Assert.Equal(5007, files.Sum(file => Recorded(lab.Of(file))));
        Assert.False(File.Exists(lab.Of("pacct.switch")));
    }

    /// <summary>Killed between the new file and its name, nothing is lost, and the next one puts it right.</summary>
    [Fact]
    public void Switch_AfterOneThatWasKilled_PutsFilesInOrder()
    {
        lab.File("pacct.switch");
        Assert.Equal(0, Turn("turnacct", "on").Code);
        Assert.Equal(0, Ended(lab.Inside.Start(
            Program, "accton", $"--accounting.path={lab.Of("segments")}", lab.Of("pacct.switch"))).Code);
        lab.Exit(2);
        Assert.Equal(0, Turn("turnacct", "switch").Code);
        lab.Exit(3);
        Assert.Equal(0, Turn("turnacct", "off").Code);
        Assert.Equal(1, Recorded(lab.Of("pacct1")));
        Assert.Equal(3, Recorded(lab.Of("pacct2")));
        Assert.Equal(4, Recorded(lab.Of("pacct")));
    }

    [Fact]
    public void WithAnAgent_ThereIsNothingToSwitch()
    {
        var agent = lab.Serve();
        foreach (var (command, said) in ((string[], string)[])
        [
            (["turnacct", "on"], "accounting is on"), (["turnacct", "switch"], "new files by itself"),
            (["shutacct"], "when it is stopped"), (["startup"], "new files by itself"),
        ])
        {
            var (code, errors) = Turn(command);
            Assert.Equal(0, code);
            Assert.Contains(said, errors, StringComparison.Ordinal);
            Assert.Contains("nothing was switched", errors, StringComparison.Ordinal);
        }

        Assert.Equal(1, Turn("turnacct", "off").Code);
        lab.Exit(3);
        agent.HasCounted(8);
        Assert.Equal(["acctg off", "acctg on"], Reasons());
    }

    [Fact]
    public void StartupAndShutacct_SwitchAndWriteWhy()
    {
        Directory.CreateDirectory(lab.Of("storage/suite/sum"));
        Directory.CreateDirectory(lab.Of("storage/suite/nite"));
        string[] gone = ["sum/tacct.new", "sum/pacct0101", "sum/wtmp.0101"];
        string[] kept = ["sum/wtmp0101", "sum/tacct0101"];
        foreach (var file in gone.Concat(kept))
        {
            File.WriteAllText(lab.Of("storage/suite/" + file), "");
        }

        Assert.Equal((0, ""), Turn("startup"));
        lab.Exit(3);
        Assert.Equal((0, ""), Turn("shutacct", "new disk\u00e9"));
        lab.Exit(2);
        Assert.Equal(4, Recorded(lab.Of("pacct")));
        Assert.Equal(["acctg on", "new disk\u00e9"], Reasons());
        Assert.All(gone, file => Assert.False(File.Exists(lab.Of("storage/suite/" + file))));
        Assert.All(kept, file => Assert.True(File.Exists(lab.Of("storage/suite/" + file))));
        Assert.Equal(2, Turn("shutacct", "\u001b[2J").Code);
    }

    private string[] Reasons()
    {
        var reader = new UtmpReader(File.OpenRead(lab.Of("storage/suite/reasons")));
        var reasons = new List<string>();
        while (reader.TryRead(out var record))
        {
            reasons.Add(Encoding.UTF8.GetString(record.Line));
        }

        return [.. reasons];
    }

    private int Recorded(string file) =>
        FaultLab.Records(lab.Inside.PathOf(file)).Count(exit => !exit.LooksLikeLeaving);

    private (int Code, string Errors) Turn(params string[] words)
    {
        string[] flags = [$"--accounting.path={lab.Of("segments")}", $"--file={lab.Of("pacct")}"];
        return Ended(lab.Inside.Start(Program, [.. words, .. flags, .. words[0] == "turnacct" ? (string[])[]
            : [$"--storage.path={lab.Of("storage")}"]]));
    }

    private static (int Code, string Errors) Ended(System.Diagnostics.Process started)
    {
        using var process = started;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors.Result);
    }
}
