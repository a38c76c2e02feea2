// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Cli;
using AcctExporter.Kernel;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// acctdusg, diskusg and dodisk: the classic vectors of disk usage (T-D) and what is around them. Whoever runs the
/// tests owns the files, and is called alice here.
/// </summary>
public sealed class DiskAppletTests : IDisposable
{
    private const long Now = 1_782_964_800;
    private const int Blocks40 = 40 * 512;

    private static readonly uint Me = OwnUid();

    private readonly TemporaryDirectory folder = new();

    public DiskAppletTests()
    {
        foreach (var name in (string[])["home/alice", "home/bob", "opt"])
        {
            Directory.CreateDirectory(folder.Of(name));
        }

        folder.File("users",
            $"alice:x:{Me}:1::{folder.Of("home/alice")}:/bin/sh\nbob:x:1002:1::{folder.Of("home/bob")}:/bin/sh\n");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("home/alice/F home/bob/F", "alice 40", "alice 20, bob 20")] // T-D1
    [InlineData("home/alice/F home/alice/G home/bob/F", "alice 40", "alice 26.667, bob 13.333")] // T-D2
    [InlineData("home/alice/F opt/F", "alice 40", "alice 20")] // T-D3: the other half costs nobody
    [InlineData("home/alice/F", "alice 40", "alice 40")]
    [InlineData("opt/F", "alice 40", "")]
    public void LinksOfAFile_CostTheOwnerOnce_OrWhoHasThem(string links, string owners, string shares)
    {
        var names = links.Split(' ').Select(folder.Of).ToArray();
        Linked(names);
        Assert.Equal(Expected(owners), Charged(names).Text);
        Assert.Equal(Expected(owners), Charged([.. names.Reverse(), .. names[1..]]).Text);
        Assert.Equal(Expected(shares), Charged(names, "--link-share").Text);
    }

    /// <summary>The same by walks. Folders take blocks of their own, so what they cost is taken off.</summary>
    [Theory]
    [InlineData("home/alice/F home/bob/F", 20480, 10240, 10240)] // T-D1
    [InlineData("home/alice/F home/alice/G home/bob/F", 20480, 13653, 6827)] // T-D2
    [InlineData("home/alice/F opt/F", 20480, 10240, 0)] // T-D3
    public void Walks_ChargeAsAcctdusgDoes(string links, long owner, long alice, long bob)
    {
        string[] users = ["-p", folder.Of("users"), "--format", "csv", folder.Path];
        Dictionary<string, long> Walked(params string[] flags) => Rows(Run("diskusg", [.. flags, .. users]))
            .ToDictionary(row => row[1], row => long.Parse(row[2], CultureInfo.InvariantCulture));
        var (ownersBefore, sharesBefore) = (Walked(), Walked("--link-share"));
        Linked([.. links.Split(' ').Select(folder.Of)]);
        var (owners, shares) = (Walked(), Walked("--link-share"));
        Assert.Equal(owner, owners["alice"] - ownersBefore["alice"]);
        Assert.Equal(alice, shares["alice"] - sharesBefore["alice"]);
        Assert.Equal(bob, shares.GetValueOrDefault("bob") - sharesBefore.GetValueOrDefault("bob"));
    }

    /// <summary>T-D5: a device has no blocks.</summary>
    [Fact]
    public void ADevice_CostsNothing()
    {
        folder.File("users", "root:x:0:0::/root:/bin/sh\n");
        Assert.Equal(("", "", 0), Result(Charged(["/dev/null", "/dev/zero"])));
    }

    /// <summary>T-D6: an owner who is not known is not charged, and listed with -u.</summary>
    [Fact]
    public void AnUnknownOwner_IsListed()
    {
        folder.File("users", "bob:x:4999:1::/home/bob:/bin/sh\n");
        var file = Sized("opt/8", 8 * 512);
        var listed = Charged([file], "-u", folder.Of("uncharged"));
        Assert.Equal(("", "", 0), Result(listed));
        Assert.Equal($"{Me,9}\t      8\t{file}\n", File.ReadAllText(folder.Of("uncharged")));
        Assert.Equal("acctdusg: 1 file is charged to nobody: -u lists them\n", Charged([file]).Errors);
        Assert.Equal(
            "acctdusg: cannot write /nowhere/u: No such file or directory\n",
            Charged([file], "-u", "/nowhere/u").Errors);
    }

    [Fact]
    public void NamesEndWithANul_WhenAskedFor()
    {
        var odd = Sized("opt/a\nb", 8 * 512);
        Assert.Equal(Expected("alice 8"), Run(
            "acctdusg", ["-0", "-p", folder.Of("users")], Encoding.UTF8.GetBytes(odd + "\0")).Text);
        var lines = Charged([odd]);
        Assert.Equal("acctdusg: 2 names lead to no file: left out\n", lines.Errors);

        // A name that does not end a line of the list.
        Run("acctdusg", ["-0", "-p", "/dev/null", "-u", folder.Of("u")], Encoding.UTF8.GetBytes(odd + "\0"));
        Assert.EndsWith("/a?b\n", File.ReadAllText(folder.Of("u")));
    }

    /// <summary>
    /// Names from the current folder are in somebody's home as well; what find prints begins with a dot.
    /// </summary>
    [Fact]
    public void NamesFromHere_AreTakenFromTheRoot()
    {
        Sized("home/alice/F", Blocks40);
        var program = Path.Combine(AppContext.BaseDirectory, "acct-exporter");
        var ran = ClassicTool.Run(
            program, ["acctdusg", "--link-share", "-p", "../users"], 0, input: "./alice//./F\n"u8.ToArray(),
            directory: folder.Of("home"));
        Assert.Equal((Expected("alice 40"), "", 0), Result(ran));
    }

    [Fact]
    public void ANameThatIsTooLong_IsAFault()
    {
        var ran = Charged(["/" + new string('x', 5000)]);
        Assert.Contains("File name too long", ran.Errors);
        Assert.Equal(ExitCode.BadRecords, ran.ExitCode);
        Assert.Equal(ExitCode.CannotRead, Run("acctdusg", ["-p", "/nowhere"]).ExitCode);
    }

    [Fact]
    public void Diskusg_AddsUpWhatWasWritten()
    {
        var first = folder.File("first", "1001\talice\t40\n1002\tbob\t8.5\n");
        var second = folder.File("second", "01001 alice       2\r\n\nalice 1 1\n1002 bob -1\n4294967295\tx\ty\n");
        var ran = Run("diskusg", ["-s", first, second]);
        Assert.Equal("1001\talice\t42\n1002\tbob\t8.500\n", ran.Text);
        Assert.Equal((ExitCode.BadRecords,
            $"diskusg: {second}: line 3 and 2 more: is not a user's number, name and blocks: left out\n"),
            (ran.ExitCode, ran.Errors));
        Assert.Equal("5\ta\t1\n", Run("diskusg", ["-s"], "5 a 1"u8.ToArray()).Text);
        Assert.Equal(ExitCode.CannotRead, Run("diskusg", ["-s", first, "/nowhere"]).ExitCode);
    }

    [Fact]
    public void Diskusg_TellsOfWhatItLeavesOut()
    {
        folder.File("users", "bob:x:4999:1::/home/bob:/bin/sh\n");
        var file = Sized("opt/8", 8 * 512);
        var ran = Run("diskusg", ["-v", "-p", folder.Of("users"), "-u", folder.Of("list"), folder.Of("opt")]);
        Assert.Equal(("", ExitCode.Done), (ran.Text, ran.ExitCode));
        Assert.Contains($"{file}: 8 blocks of user {Me} are charged to nobody\n", ran.Errors);
        Assert.EndsWith("diskusg: 1 owner has no name, and nobody is charged with their files: -v and -u list them\n",
            ran.Errors);
        Assert.True(FileState.TryOfPath(Encoding.UTF8.GetBytes(file), out var state, out _));
        Assert.Contains(File.ReadLines(folder.Of("list")), line =>
            line.EndsWith($" {state.Inode} {Me}", StringComparison.Ordinal));

        var none = Run("diskusg", ["-i", $"x,{folder.Of("opt")}", folder.Of("opt")]);
        Assert.Equal(ExitCode.Failure, none.ExitCode);
        Assert.Equal("diskusg: cannot walk from /nowhere: No such file or directory\n",
            Run("diskusg", ["/nowhere", folder.Of("opt")]).Errors);
    }

    /// <summary>A folder that is in another one is not counted twice.</summary>
    [Fact]
    public void FoldersInOneAnother_AreCountedOnce()
    {
        Sized("home/alice/F", Blocks40);
        var whole = Run("diskusg", ["-p", folder.Of("users"), folder.Of("home")]);
        var both = Run("diskusg", ["-p", folder.Of("users"), folder.Of("home/alice"), folder.Of("home")]);
        Assert.Equal(whole.Text, both.Text);
        Assert.Equal($"diskusg: {folder.Of("home/alice")}: it is in {folder.Of("home")}, which is named, too: "
            + "counted there\n", both.Errors);
    }

    private static string Expected(string users) => string.Concat(users.Split(", ")
        .Where(user => user.Length > 0).Select(user => user.Split(' '))
        .Select(user => (Uid: user[0] == "alice" ? Me : 1002, user)).OrderBy(user => user.Uid)
        .Select(user => $"{user.Uid}\t{user.user[0]}\t{user.user[1]}\n"));

    private ToolResult Charged(IEnumerable<string> names, params string[] flags) => Run(
        "acctdusg", [.. flags, "-p", folder.Of("users")],
        Encoding.UTF8.GetBytes(string.Concat(names.Select(name => name + "\n"))));

    private static ToolResult Run(string name, string[] arguments, byte[]? input = null) =>
        Applet.Run(name, arguments, Now, input: input);

    private static (string Text, string Errors, int Code) Result(ToolResult ran) =>
        (ran.Text, ran.Errors, ran.ExitCode);

    internal static IEnumerable<string[]> Rows(ToolResult ran) =>
        ran.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','));

    private void Linked(string[] names)
    {
        Sized(names[0], Blocks40);
        foreach (var name in names.Skip(1))
        {
            var ran = ClassicTool.Run("/bin/ln", [names[0], name], 0);
            Assert.True(ran.ExitCode == 0, ran.Errors);
        }
    }

    private string Sized(string name, int bytes)
    {
        var path = Path.IsPathRooted(name) ? name : folder.Of(name);
        using (var file = File.Create(path))
        {
            file.Write(new byte[bytes]);
            // Some file systems give out blocks only when they write them.
            file.Flush(flushToDisk: true);
        }

        Assert.True(FileState.TryOfPath(Encoding.UTF8.GetBytes(path), out var state, out _));
        Assert.True(state.Blocks * 512 == (ulong)bytes, "the vectors need a file system of blocks of 4 KiB or less");
        return path;
    }

    private static uint OwnUid()
    {
        using var folder = new TemporaryDirectory();
        return FileState.TryOfPath(Encoding.UTF8.GetBytes(folder.Path), out var state, out _) ? state.Uid : 0;
    }
}
