// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Records;

namespace AcctExporter.Benchmarks;

/// <summary>
/// What the rows work with: sizes, a temporary directory, the files made in it (each once), the peers. All of it goes
/// when
/// the run ends.
/// </summary>
internal sealed class Workbench : IDisposable
{
    /// <summary>Pairs limit at which every random key has a row of its own.</summary>
    public const int KeysLimit = 400_000;

    /// <summary>Random raw keys, when all of them are wanted.</summary>
    public const int ManyKeys = 300_000;

    /// <summary>More pairs than the usual file has, no more than the budgets speak of.</summary>
    public const int UsualLimit = 10_000;

    private readonly Dictionary<string, (string Path, FileTotals Totals)> files = [];

    /// <summary>A bench for the real sizes, or for those that CI has time for.</summary>
    public Workbench(bool quick)
    {
        Quick = quick;
        Directory = System.IO.Directory.CreateTempSubdirectory("acct-exporter-bench-").FullName;
    }

    /// <summary>Small sizes: it is seen that everything runs and counts right, and times mean little.</summary>
    public bool Quick { get; }

    /// <summary>Records of the large files.</summary>
    public long Records => Quick ? 500_000 : 10_000_000;

    /// <summary>Rounds of which the best counts.</summary>
    public int Rounds => Quick ? 2 : 5;

    /// <summary>Where files go.</summary>
    public string Directory { get; }

    /// <summary>The program as it was built beside this one.</summary>
    public static string AcctExporter => Path.Combine(AppContext.BaseDirectory, "acct-exporter");

    /// <summary>The large file of the usual kind.</summary>
    public (string Path, FileTotals Totals) Usual() => Made("usual", Records, path =>
        new AcctFileGenerator(1).WriteUsual(path, Records));

    /// <summary>The large file of random keys.</summary>
    public (string Path, FileTotals Totals) RandomKeys() => Made("random-keys", Records, path =>
        new AcctFileGenerator(2).WriteRandomKeys(path, Records, ManyKeys));

    /// <summary>A file of the usual kind with so many records.</summary>
    public (string Path, FileTotals Totals) Small(long records) => Made($"usual-{records}", records, path =>
        new AcctFileGenerator(3).WriteUsual(path, records));

    /// <summary>A file in which each of so many random keys comes about 20 times.</summary>
    public (string Path, FileTotals Totals) SmallWithPairs(int pairs) => Made($"pairs-{pairs}", pairs * 20, path =>
        new AcctFileGenerator(4).WriteRandomKeys(path, pairs * 20L, pairs));

    /// <summary>The plain C loop, compiled on first use.</summary>
    public string PlainC() => Compiled("count");

    /// <summary>The generator of exits that the tests have too, likewise.</summary>
    public string Storm() => Compiled("storm");

    /// <summary>GNU <c>sa</c>, which may live where a user's PATH does not look.</summary>
    public static string Sa() => new[] { "/usr/sbin/sa", "/usr/bin/sa", "/sbin/sa" }.FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException("GNU sa is missing: it comes with the package acct");

    /// <summary>A new empty directory.</summary>
    public string NewDirectory(string name) =>
        System.IO.Directory.CreateDirectory(Path.Combine(Directory, $"{name}-{Guid.NewGuid():N}")).FullName;

    /// <summary>Runs a command to its end and returns what it printed.</summary>
    public static string Run(string command, params string[] arguments)
    {
        using var child = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{command} does not start");
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0 ? output
            : throw new InvalidOperationException(
                $"{command} {string.Join(' ', arguments)} ends with {child.ExitCode}");
    }

    /// <summary>Measures a command whose output goes nowhere.</summary>
    public static Effort Measure(string command, params string[] arguments) => Effort.OfChild(() =>
        Run("/bin/sh", ["-c", "exec \"$0\" \"$@\" > /dev/null", command, .. arguments]));

    /// <inheritdoc/>
    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    private string Compiled(string name)
    {
        var binary = Path.Combine(Directory, name);
        if (!File.Exists(binary))
        {
            Run("gcc", "-O2", "-o", binary, Path.Combine(AppContext.BaseDirectory, "peer", $"{name}.c"));
        }

        return binary;
    }

    private (string Path, FileTotals Totals) Made(string name, long records, Func<string, FileTotals> make)
    {
        if (files.TryGetValue(name, out var made))
        {
            return made;
        }

        var bytes = records * AcctRecord.Size;
        var free = new DriveInfo(Directory).AvailableFreeSpace;
        if (free < 2 * bytes)
        {
            throw new IOException(
                $"{Directory} has {free >> 20} MiB free, and {name} needs twice {bytes >> 20}: set TMPDIR");
        }

        var path = Path.Combine(Directory, name);
        return files[name] = (path, make(path));
    }
}
