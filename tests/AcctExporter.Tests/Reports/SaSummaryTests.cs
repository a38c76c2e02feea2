// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using AcctExporter.Cli;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Reports;

/// <summary>savacct and usracct: written whole or not at all, and added to what is read.</summary>
public sealed class SaSummaryTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    [Fact]
    public void Summaries_AreAddedToWhatIsRead()
    {
        string[] files = Files("one");
        Assert.Equal(0, SaTests.Run(["-s", .. files, SaTests.Fixture("synth-mix")]).ExitCode);
        using var nothing = new ScratchFile([]);

        foreach (var options in new[] { "-a", "-m" })
        {
            var whole = SaTests.Run([options, "-i", SaTests.Fixture("synth-mix")]);
            var summed = SaTests.Run([options, .. files, nothing.Path]);
            Assert.Equal(
                whole.Text.Split('\n').Order(StringComparer.Ordinal),
                summed.Text.Split('\n').Order(StringComparer.Ordinal));
        }

        Assert.Equal(0, SaTests.Run(["-s", .. files, SaTests.Fixture("synth-mix")]).ExitCode);
        Assert.StartsWith("      42 ", SaTests.Run(["-a", .. files, nothing.Path]).Text, StringComparison.Ordinal);
        Assert.Equal(0, SaTests.Run(["-s", "-i", .. files, SaTests.Fixture("synth-mix")]).ExitCode);
        Assert.StartsWith("      21 ", SaTests.Run(["-a", .. files, nothing.Path]).Text, StringComparison.Ordinal);
    }

    /// <summary>96 bytes a command, padding of zeros; 104 a user.</summary>
    [Fact]
    public void TheLayout_IsThatOfGnuAcct()
    {
        using var file = SaTests.File(SaTests.Exit("dog", userTicks: 250), SaTests.Exit("dog", userTicks: 50));

        Assert.Equal(0, SaTests.Run(["-s", "-i", .. Files("one"), file.Path]).ExitCode);

        var savacct = File.ReadAllBytes(folder.Of("one-savacct"));
        var usracct = File.ReadAllBytes(folder.Of("one-usracct"));
        Assert.Equal((96, 104), (savacct.Length, usracct.Length));
        Assert.Equal("dog"u8.ToArray(), savacct[..3]);
        Assert.All(savacct[3..24], value => Assert.Equal(0, value));
        foreach (var sums in new[] { savacct[24..], usracct[32..] })
        {
            Assert.Equal(2, BinaryPrimitives.ReadInt64LittleEndian(sums));
            double[] values =
                [.. Enumerable.Range(1, 8).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(sums.AsSpan(8 * i)))];
            Assert.Equal([3.0, 0, 2, 0, 0, 0, 0, 0], values);
        }
    }

    [Fact]
    public void AnOldFilesMode_IsKept()
    {
        string[] words = ["-s", .. Files("one"), SaTests.Fixture("synth-mix")];
        SaTests.Run(words);
        File.SetUnixFileMode(folder.Of("one-savacct"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        SaTests.Run(words);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.Of("one-savacct")));
        Assert.Empty(Directory.GetFiles(folder.Path, "*~"));
    }

    [Fact]
    public void WhenSomethingCannotBeRead_TheyStayAsTheyWere()
    {
        string[] files = Files("one");
        SaTests.Run(["-s", .. files, SaTests.Fixture("synth-mix")]);
        var before = File.ReadAllBytes(folder.Of("one-savacct"));

        var ours = SaTests.Run(["-s", .. files, SaTests.Fixture("synth-mix"), "/no/such/file"]);

        Assert.Equal(ExitCode.CannotRead, ours.ExitCode);
        Assert.Contains("the summaries are left as they were", ours.Errors, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(folder.Of("one-savacct")));
    }

    [Fact]
    public void WhenOneCannotBeWritten_TheOtherStaysAsItWas()
    {
        var ours = SaTests.Run(
        [
            "-s", "-i", "--other-savacct-file", folder.Of("savacct"), "--other-usracct-file", folder.Of("no/usracct"),
            SaTests.Fixture("synth-mix"),
        ]);

        Assert.Equal(ExitCode.Failure, ours.ExitCode);
        Assert.Contains("cannot write the summary", ours.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Of("savacct")));
    }

    [Fact]
    public void ADamagedSummary_IsSaid()
    {
        string[] files = Files("one");
        SaTests.Run(["-s", .. files, SaTests.Fixture("synth-mix")]);
        var path = folder.Of("one-savacct");
        byte[] bytes = [.. File.ReadAllBytes(path), .. new byte[96], 1, 2, 3];
        File.WriteAllBytes(path, bytes);
        using var nothing = new ScratchFile([]);

        var ours = SaTests.Run(["-a", .. files, nothing.Path]);

        Assert.Equal(ExitCode.BadRecords, ours.ExitCode);
        Assert.Contains(
            "rows without calls: 1, bytes behind the last whole row: 3", ours.Errors, StringComparison.Ordinal);
        Assert.StartsWith("      21 ", ours.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ASummaryThatIsCutOff_IsSaid()
    {
        string[] files = Files("one");
        SaTests.Run(["-s", .. files, SaTests.Fixture("synth-mix")]);
        File.AppendAllBytes(folder.Of("one-usracct"), [1]);
        using var nothing = new ScratchFile([]);

        var ours = SaTests.Run(["-m", .. files, nothing.Path]);

        Assert.Equal(ExitCode.BadRecords, ours.ExitCode);
        Assert.Contains(
            "rows without calls: 0, bytes behind the last whole row: 1", ours.Errors, StringComparison.Ordinal);
    }

    /// <summary>They are sums of accounting files, and the journal has those exits itself.</summary>
    [Fact]
    public void TheJournal_IsReportedWithoutThem()
    {
        string[] files = Files("one");
        SaTests.Run(["-s", .. files, SaTests.Fixture("synth-mix")]);
        using var journal = new Journal.TestJournal();
        using (var writer = journal.Open())
        {
            journal.Append(writer, exits: 3, seed: 1);
        }

        var place = Path.GetDirectoryName(journal.Options.Directory)!;
        foreach (var option in new[] { "-a", "-m" })
        {
            var ours = SaTests.Run([option, .. files, "--storage.path", place]);
            Assert.Equal((0, "3"), (ours.ExitCode, ours.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]));
        }
    }

    [Fact]
    public void ASummaryThatCannotBeRead_IsSaid()
    {
        var ours = SaTests.Run(["--other-savacct-file", folder.Path, SaTests.Fixture("synth-mix")]);

        Assert.Equal(ExitCode.CannotRead, ours.ExitCode);
        Assert.Contains("-i reports without it", ours.Errors, StringComparison.Ordinal);
    }

    /// <summary>It has the same exits every time.</summary>
    [Fact]
    public void TheJournal_IsNotMerged()
    {
        Directory.CreateDirectory(folder.Of("storage/journal"));

        var ours = SaTests.Run(["-s", .. Files("one"), "--storage.path", folder.Of("storage")]);

        Assert.Equal(ExitCode.Usage, ours.ExitCode);
        Assert.Contains("name the file: sa -s /var/log/account/pacct", ours.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Of("one-savacct")));
    }

    public void Dispose() => folder.Dispose();

    private string[] Files(string name) =>
        ["--other-savacct-file", folder.Of(name + "-savacct"), "--other-usracct-file", folder.Of(name + "-usracct")];
}
