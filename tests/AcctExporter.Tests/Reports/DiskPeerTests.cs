// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Reports;

/// <summary>The walk beside GNU <c>find</c> and <c>du</c>: the same bytes for each owner, and all together.</summary>
[Trait("Lane", "peers")]
public class DiskPeerTests
{
    private const string Tree = """
        for a in 1 2 3 4 5 6 7; do for b in 1 2 3 4 5 6 7 8 9; do
            d=a$a/b$b; mkdir -p $d/c; i=0
            while [ $i -lt 12 ]; do
                head -c $((i * 1237 * a)) /dev/zero > $d/f$i
                chown $((1000 + (i + b) % 5)) $d/f$i
                i=$((i+1)); done
            ln $d/f3 $d/c/link; ln $d/f5 a$a/link$b; ln a1/b1/f7 $d/far; ln -s f1 $d/c/symbolic
            chown 4242 $d/c; done; done
        truncate -s 1G sparse; echo x >> sparse; mkfifo pipe; mknod device b 7 0; chown 1003 device
        mkdir "$(printf 'odd\n\377')"; echo x > "$(printf 'odd\n\377/name\t')"; mkdir closed; chmod 0 closed
        n=$(printf '%0200d' 0); for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
            mkdir $n; cd -P $n; done; echo deep > deep; chown 1004 deep
        """;

    [Fact]
    public void EachOwnersBytes_AreWhatFindSays_AndTheirSumIsDus()
    {
        using var folder = new TemporaryDirectory();
        try
        {
            Run(folder, "/bin/sh", "-ec", Tree);
            var found = Run(folder, "/usr/bin/find", ".", "-xdev", "-printf", @"%U %b %D %i %n %y\n");
            var expected = found.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
                .GroupBy(name => name[4] == "1" || name[5] == "d" ? Guid.NewGuid().ToString() : $"{name[2]} {name[3]}")
                .Select(file => file.First())
                .Select(name => (Uid: uint.Parse(name[0], null), Bytes: 512 * long.Parse(name[1], null)))
                .GroupBy(file => file.Uid, file => file.Bytes)
                .Select(owner => (Uid: owner.Key, Bytes: owner.Sum())).Where(owner => owner.Bytes > 0)
                .OrderBy(owner => owner.Uid).ToArray();
            Assert.Equal(7, expected.Length);

            var ran = Applet.Run(
                "dodisk", ["--storage.path", folder.Of("../" + Path.GetFileName(folder.Path) + "-storage"), "--format",
                    "csv", folder.Path], 1_782_964_800);
            Assert.Equal((0, ""), (ran.ExitCode, ran.Errors));
            var ours = DiskAppletTests.Rows(ran).Select(row => (
                Uid: uint.Parse(row[2], CultureInfo.InvariantCulture),
                Bytes: long.Parse(row[4], CultureInfo.InvariantCulture))).ToArray();
            Assert.Equal(expected, ours);

            var du = Run(folder, "/usr/bin/du", "-sx", "--block-size=1", ".").Text.Split('\t')[0];
            Assert.Equal(long.Parse(du, CultureInfo.InvariantCulture), ours.Sum(owner => owner.Bytes));

            // The classic way: the names that find prints, to acctdusg.
            var names = Run(folder, "/usr/bin/find", folder.Path, "-xdev", "-print0");
            folder.File("../" + Path.GetFileName(folder.Path) + "-users", string.Concat(
                expected.Select(owner => $"user{owner.Uid}:x:{owner.Uid}:1::/:\n")));
            var classic = Applet.Run("acctdusg", ["-0", "-p", folder.Path + "-users"], 0, input: names.Output);
            Assert.Contains("File name too long", classic.Errors);
            var deep = 1004u;
            Assert.Equal(
                expected.Where(owner => owner.Uid is not (0 or 1004)),
                classic.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
                    .Select(line => (uint.Parse(line[0], null), 512 * long.Parse(line[2], null)))
                    .Where(owner => owner.Item1 != 0 && owner.Item1 != deep));
        }
        finally
        {
            Run(folder, "/bin/sh", "-c", "rm -rf -- * \"$PWD\"-storage \"$PWD\"-users");
        }
    }

    private static ToolResult Run(TemporaryDirectory folder, string program, params string[] arguments)
    {
        var ran = ClassicTool.Run(program, arguments, 0, directory: folder.Path);
        Assert.True(ran.ExitCode == 0, ran.Errors);
        return ran;
    }
}
