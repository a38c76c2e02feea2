// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Tests.Properties;
using AcctExporter.Tests.Reports;

namespace AcctExporter.Tests.Kernel;

/// <summary>The walk over a file system: what it meets, and what it does not fall into.</summary>
public sealed class DiskWalkTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public void Dispose()
    {
        // .NET does not delete what has a path longer than the kernel takes.
        Shell("rm -rf -- *");
        folder.Dispose();
    }

    [Theory]
    [InlineData(1, 32_768)]
    [InlineData(2, 32_768)]
    [InlineData(4, 32_768)]
    [InlineData(1, 1)]
    [InlineData(3, 0)]
    public void EveryName_IsMetOnce_ByAnyNumberOfWorkers(int workers, int kept)
    {
        Shell("""
            for a in 1 2 3 4 5 6 7 8 9; do for b in 1 2 3 4 5; do
                mkdir -p "$a/$b/c/d"; echo x > "$a/$b/f"; echo x > "$a/$b/c/d/g"; done; done
            """);
        var walked = Walk(new() { Workers = workers, FoldersKept = kept });
        Assert.Equal(1 + 9 + (9 * 5 * 5), walked.Met.Count);
        Assert.Equal(walked.Met.Distinct().Count(), walked.Met.Count);
        Assert.Contains($"{folder.Path}/7/3/c/d/g", walked.Met);
        Assert.Equal(
            (walked.Met.Count, 0, 0), (walked.Result.Entries, walked.Result.Vanished, walked.Result.Elsewhere));
    }

    [Fact]
    public void AFileOfSeveralNames_IsMetOnce_OrByEachName()
    {
        Shell("mkdir a b; echo x > a/1; ln a/1 a/2; ln a/1 b/3; echo x > b/4");
        Assert.Equal(5, Walk(new()).Met.Count);
        Assert.Equal(7, Walk(new() { Met = null }).Met.Count);
        Assert.Equal(7, Walk(new()).Result.Entries);

        // File systems that are walked one behind the other may share what was met.
        var met = new HardLinks();
        Assert.Equal(3, Walk(new() { Met = met }, "b").Met.Count);
        Assert.Equal(["/a"], Walk(new() { Met = met }, "a").Met.Select(path => path[folder.Path.Length..]));
    }

    [Fact]
    public void SymbolicLinks_AreMet_AndNotFollowed()
    {
        Shell("mkdir -p a/b; ln -s .. a/b/up; ln -s a loop; ln -s loop2 loop2; ln -s / root");
        Assert.Equal(7, Walk(new()).Met.Count);
        // The folder that is named may be one.
        Assert.Equal(3, Walk(new(), "loop").Met.Count);
    }

    /// <summary>Bytes below the blank, and such as are no UTF-8, are names like others.</summary>
    [Fact]
    public void Names_AreBytes()
    {
        Shell("mkdir \"$(printf 'a\\nb')\"; mkdir \"$(printf '\\377')\"; echo x > \"$(printf 'a\\nb/c\\td')\"; "
            + "echo x > \"$(printf '\\377/\\200')\"; echo x > ' ' ; echo x > '...'");
        var names = Walk(new()).Met.Select(path => path[folder.Path.Length..]).Order(StringComparer.Ordinal);
        Assert.Equal(["", "/ ", "/...", "/a\nb", "/a\nb/c\td", "/\u00ff", "/\u00ff/\u0080"], names);
    }

    /// <summary>40 folders with names of 250 letters are more than twice what a path may have.</summary>
    [Fact]
    public void APathLongerThanTheKernelTakes_IsWalked()
    {
        Shell($"n={new string('n', 250)}; i=0; while [ $i -lt 40 ]; do mkdir $n && cd -P $n || exit 9; i=$((i+1)); "
            + "done; echo x > last");
        var walked = Walk(new());
        Assert.Equal((42, 0L, 0L), (walked.Met.Count, walked.Result.Vanished, walked.Result.Faults.Count));
        Assert.Equal(folder.Path.Length + (40 * 251) + 5, walked.Met.Max(path => path.Length));
    }

    [Fact]
    public void WhatVanishes_IsCounted_AndNoFault()
    {
        Shell("mkdir -p a/b c; echo x > a/b/f; echo x > c/f");
        var walked = Walk(new() { Workers = 1 }, onMeeting: path =>
        {
            if (path.EndsWith("/a", StringComparison.Ordinal))
            {
                Directory.Delete(path, recursive: true);
            }
        });
        Assert.Equal(["", "/a", "/c", "/c/f"], walked.Met.Select(path => path[folder.Path.Length..]).Order());
        Assert.Equal((1L, 0L), (walked.Result.Vanished, walked.Result.Faults.Count));
    }

    /// <summary>Somebody may put a link, or another folder, in the place of one that was met.</summary>
    [Theory]
    [InlineData("a", "mv tree/a was; ln -s ../other tree/a")]
    [InlineData("a", "mv tree/a was; mv other tree/a")]
    [InlineData("a/b", "mv tree/a was; ln -s ../other tree/a")]
    public void WhatWasPutInTheFoldersPlace_IsNotEntered(string at, string act)
    {
        Shell("mkdir -p tree/a/b other/b; echo x > other/b/stolen; echo x > tree/a/b/f");
        var walked = Walk(new() { Workers = 1 }, "tree", path =>
        {
            if (path == $"{folder.Path}/tree/{at}")
            {
                Shell(act);
            }
        });
        Assert.Equal(at == "a" ? 2 : 3, walked.Met.Count);
        Assert.Equal((1L, 0L), (walked.Result.Vanished, walked.Result.Faults.Count));
    }

    [Fact]
    public void WhatAVisitorThrows_EndsTheWalkForAll()
    {
        Shell("for a in 1 2 3 4 5 6 7 8 9; do mkdir -p $a/b/c; done");
        Assert.Throws<InvalidDataException>(() => Walk(new() { Workers = 4 }, onMeeting: path =>
        {
            if (path.EndsWith("/c", StringComparison.Ordinal))
            {
                throw new InvalidDataException();
            }
        }));
    }

    [Fact]
    public void Stop_EndsTheWalk()
    {
        using var stop = new CancellationTokenSource();
        Shell("mkdir -p a/b/c/d/e");
        Assert.Throws<OperationCanceledException>(() => Walk(new() { Stop = stop.Token }, onMeeting: path =>
        {
            Assert.False(path.EndsWith("/e", StringComparison.Ordinal));
            stop.Cancel();
        }));
    }

    [Theory]
    [InlineData("none", Errno.ENOENT)]
    [InlineData("file", Errno.ENOTDIR)]
    [InlineData("fi\0le", Errno.ENOENT)]
    public void ARootThatIsNoFolder_IsSaid(string name, int errno)
    {
        Shell("echo x > file; mkdir fi");
        Assert.Equal(errno, Walk(new(), name).Result.RootErrno);
    }

    [Fact]
    public void AMark_HoldsForWhatIsBelow_UntilAnother()
    {
        Shell("mkdir -p a/b/c d; echo x > a/f; echo x > a/b/c/f; echo x > d/f");
        var marks = new List<string>();
        DiskWalk.Run(Bytes(folder.Path), new()
        {
            Workers = 1,
            Mark = (path, above) => path.AsSpan().EndsWith("/a"u8) ? 7 : path.AsSpan().EndsWith("/c"u8) ? 8 : above,
        }, () => (in entry) => marks.Add($"{Text(entry.Path())[folder.Path.Length..]} {entry.Mark}"));
        Assert.Equal(
            [" 0", "/a 7", "/a/b 7", "/a/b/c 8", "/a/b/c/f 8", "/a/f 7", "/d 0", "/d/f 0"],
            marks.Order(StringComparer.Ordinal));
    }

    /// <summary>A folder costs a little memory, its files none.</summary>
    [Fact]
    public void AFile_AllocatesNothing()
    {
        Shell("mkdir few many; touch few/$(seq -s ' few/' 1 9); cd many; seq 1 3000 | xargs touch");
        long Cost(string name) => Allocated.By(() => DiskWalk.Run(
            Bytes(folder.Of(name)), new() { Workers = 1, Met = null }, static () => static (in _) => { }));
        Assert.InRange(Cost("many") - Cost("few"), -1000, 1000);
    }

    private (List<string> Met, DiskWalkResult Result) Walk(
        DiskWalkOptions options, string name = "", Action<string>? onMeeting = null)
    {
        var met = new List<string>();
        var root = Bytes(folder.Path + (name.Length > 0 ? "/" + name : ""));
        var result = DiskWalk.Run(root, options, () => (in entry) =>
        {
            var path = Text(entry.Path());
            lock (met)
            {
                met.Add(path);
            }

            onMeeting?.Invoke(path);
        });
        return (met, result);
    }

    private void Shell(string script)
    {
        var ran = ClassicTool.Run("/bin/sh", ["-ec", script], 0, directory: folder.Path);
        Assert.True(ran.ExitCode == 0, ran.Errors);
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Text(byte[] path) => Encoding.Latin1.GetString(path);
}
