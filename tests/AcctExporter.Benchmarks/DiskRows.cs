// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Suite;

namespace AcctExporter.Benchmarks;

/// <summary>Disk usage by owner of a tree of many files: against GNU <c>du</c>, whose sum must be the same.</summary>
internal static class DiskRows
{
    private const string Peer = "/usr/bin/du";

    /// <summary>The walk alone, and the command.</summary>
    public static IEnumerable<Finding> Run(Workbench bench)
    {
        var files = bench.Quick ? 20_000 : 200_000;
        var tree = bench.NewDirectory("tree");
        Make(tree, files);
        var root = System.Text.Encoding.UTF8.GetBytes(tree);
        var du = long.Parse(
            Workbench.Run(Peer, "-sx", "--block-size=1", tree).Split('\t')[0], CultureInfo.InvariantCulture);
        var ours = Walk(root);
        if (du != ours)
        {
            throw new WrongResultException($"du says {du} bytes, and ours {ours}");
        }

        Console.WriteLine($"  both say {du} bytes");
        var best = Effort.Interleave(
            bench.Rounds,
            () => Effort.OfAllThreads(() => Walk(root)),
            () => Workbench.Measure(Peer, "-sx", "--block-size=1", tree),
            () => Workbench.Measure(Workbench.AcctExporter, "diskusg", tree),
            () => Workbench.Measure(Workbench.AcctExporter, "diskusg", "-s", "/dev/null"));
        var (walk, peer, process, start) = (best[0], best[1], best[2], best[3]);
        var work = Finding.Text($"disk usage, {files / 1e3:0} k files, hard links");
        yield return Finding.Within(
            $"{work}, the process, by the clock: du -s", Seconds(process.WallSeconds), Seconds(peer.WallSeconds),
            process.WallSeconds / peer.WallSeconds, 1.5);
        yield return new Finding(
            $"{work}, by owner: du -s", Seconds(walk.WallSeconds), Seconds(peer.WallSeconds),
            Finding.Text($"{walk.WallSeconds / peer.WallSeconds:F2} of it, {start.WallSeconds:F3} s to start"));
        yield return new Finding(
            $"{work}, CPU: du -s", Seconds(walk.CpuSeconds), Seconds(peer.CpuSeconds),
            Finding.Text($"{walk.CpuSeconds / peer.CpuSeconds:F2} of it"));
    }

    private static long Walk(byte[] root)
    {
        var usage = new DiskUsage();
        var walk = new DiskScan(homes: null).Walk(root, usage, CancellationToken.None);
        return walk.Faults.Count == 0 && walk.RootErrno == 0 ? usage.ByUser().Sum(user => user.Bytes)
            : throw new WrongResultException("the walk could not look at everything");
    }

    /// <summary>
    /// Wide: a fifth of the files in one folder, the rest in folders of a hundred. Deep: 300 folders in each other.
    /// Every tenth file has a second name deep down, every tenth has something in it.
    /// </summary>
    private static void Make(string tree, int files)
    {
        var deep = Path.Combine([tree, .. Enumerable.Repeat("d", 300)]);
        Directory.CreateDirectory(deep);
        Directory.CreateDirectory(Path.Combine(tree, "wide"));
        for (var number = 0; number < files; number++)
        {
            var folder = number % 5 == 0 ? Path.Combine(tree, "wide")
                : Path.Combine(tree, $"a{number / 5000}", $"b{number / 125}");
            if (number % 5 == 1)
            {
                Directory.CreateDirectory(folder);
            }

            var path = Path.Combine(folder, $"f{number}");
            File.WriteAllBytes(path, number % 10 == 3 ? new byte[number % 20_000] : []);
        }

        const string link = "cd \"$0\" && find a* -type f -name '*7' -print0 | xargs -0 ln -t \"$1\"";
        Workbench.Run("/bin/sh", "-c", link, tree, deep);
    }

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:F3} s");
}
