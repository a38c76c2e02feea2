// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Runacct;

namespace AcctExporter.Tests.Runacct;

/// <summary>
/// No room on the suite's disk, at each state: a small tmpfs in a mount namespace of the test's own, filled to the last
/// page when the state begins, and emptied again.
/// </summary>
[Trait("Lane", "kernel")]
public sealed class FullSuiteDiskTests : IDisposable
{
    private const string Night = "2026-07-02 04:00:00";

    /// <summary>Fills the disk but for some pages, runs, makes room, runs again; both codes go to a file.</summary>
    private const string Script = """
        set -e
        mount -t tmpfs -o size=2m tmpfs "$SUITE"
        cp -r "$READY"/. "$SUITE"
        "$PROGRAM" "$@" 2> /dev/null > /dev/null && exit 9 || test $? = 137
        unset ACCT_EXPORTER_CRASH_AT
        dd if=/dev/zero of="$SUITE/filler" bs=4096 2> /dev/null || true
        truncate -s -$((LEFT * 4096)) "$SUITE/filler"
        code=0
        "$PROGRAM" "$@" 2> "$OUT/full" > /dev/null || code=$?
        echo $code > "$OUT/code"
        rm "$SUITE/filler"
        "$PROGRAM" "$@" 2> "$OUT/again" > /dev/null || echo $? >> "$OUT/code"
        mkdir "$OUT/suite"
        cp -r "$SUITE"/sum "$SUITE"/nite "$OUT/suite"
        """;

    private readonly RunLab lab = new();

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData("setup", 1, "No space left on device")]
    [InlineData("wtmpfix", 1, "No space left on device")]
    [InlineData("connect", 2, "No space left on device")]
    [InlineData("process", 1, "No space left on device")]
    [InlineData("merge", 1, "No space left on device")]
    [InlineData("fees", 1, "No space left on device")]
    [InlineData("disk", 1, "No space left on device")]
    [InlineData("queueacct", 1, "No space left on device")]
    [InlineData("mergetacct", 1, "No space left on device")]
    [InlineData("cms", 2, "No space left on device")]
    [InlineData("cleanup", 1, "No space left on device")]
    [InlineData("userexit", 0, "0 bytes are free")]
    public void AFullDisk_IsSaid_AndNothingIsLostOrChargedTwice(
        string state, int pagesLeft, string message)
    {
        lab.SomeDay("2026-07-01");
        Directory.CreateDirectory(lab.Of("ready"));
        Copy(lab.Paths.Root, lab.Of("ready"));
        Assert.Equal((RunCode.Done, ""), lab.Run(Night));
        var whole = File.ReadAllBytes(lab.Sum("tacct0702"));

        Directory.CreateDirectory(lab.Of("suite"));
        Directory.CreateDirectory(lab.Of("out"));
        using var shell = lab.Start(Night, $"suite-before-{state}", start =>
        {
            start.Environment["SUITE"] = lab.Of("suite");
            start.Environment["READY"] = lab.Of("ready");
            start.Environment["OUT"] = lab.Of("out");
            start.Environment["LEFT"] = $"{pagesLeft}";
            start.Environment["PROGRAM"] = RunLab.Program;
            start.FileName = "unshare";
            foreach (var word in (string[])["--mount", "sh", "-c", Script, "sh"])
            {
                start.ArgumentList.Add(word);
            }
        }, "runacct", "--suite.path=" + lab.Of("suite"));
        var errors = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.Equal((0, ""), (shell.ExitCode, errors));

        Assert.Equal("1\n", lab.Text(lab.Of("out/code")));
        Assert.Contains(message, lab.Text(lab.Of("out/full")));
        Assert.Equal("", lab.Text(lab.Of("out/again")));
        Assert.Equal(whole, File.ReadAllBytes(lab.Of("out/suite/sum/tacct0702")));
        Assert.Equal(whole, File.ReadAllBytes(lab.Of("out/suite/sum/tacct")));
        Assert.StartsWith("COMPLETE", lab.Text(lab.Of("out/suite/nite/statefile")));
    }

    private static void Copy(string from, string to)
    {
        using var copy = Process.Start("cp", ["-r", from + "/.", to]);
        copy.WaitForExit();
        Assert.Equal(0, copy.ExitCode);
    }
}
