// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Cli;
using AcctExporter.Reports;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// The process reports as their command lines, with and without <c>--compat</c>, each with a share of the damaged
/// files: what is quick has a larger one. Each line is parsed once; the file that it names is a new one each time, in
/// memory.
/// </summary>
internal sealed class ProcessFileReaders : IDisposable
{
    /// <summary>Files of a run.</summary>
    private const int Together = 8;

    private readonly string folder = $"/dev/shm/acct-readers-{Guid.NewGuid():N}";
    private readonly UnclosedStream input = new();
    private readonly string file;

    public ProcessFileReaders()
    {
        Directory.CreateDirectory(folder);
        file = $"{folder}/pacct";
        var holidays = $"{folder}/holidays";
        File.WriteAllText(holidays, Records.Calendar.H);
        string[] files = [.. Enumerable.Range(0, Together).Select(number => $"{folder}/{number}")];
        string[] named = [.. files.SelectMany(name => new[] { "-f", name })];
        string[] prime = ["--holidays", holidays];
        All =
        [
            .. new[] { [], new[] { "--compat" } }.SelectMany(ways => new[]
            {
                One("sa", [.. ways, "-i", "-a", file]),
                One("sa", [.. ways, "-i", "-cjltKP", "-v", "2", "-f", file]),
                One("sa", [.. ways, "-i", "-m", file]),
                One("sa", [.. ways, "-i", "-u", file]),
                One("sa", [.. ways, "--other-savacct-file", file, "--other-usracct-file", file, "-a", file]),
                One("sa", [.. ways, "--other-savacct-file", file, "--other-usracct-file", file, "-M", file]),
                One("lastcomm", [.. ways, "-p", "-f", "-"]),
                Some(3, "lastcomm", [.. ways, .. named]),
                Some(3, "lastcomm", [.. ways, "--forwards", "--pid", .. named]),
                Some(1, "lastcomm", [.. ways, .. named, "--user", "root", "--tty", "pts/3", "sh"]),
                Some(3, "dump-acct", [.. ways, .. files]),
                Some(2, "dump-acct", [.. ways, "-r", "-n", "500", .. files]),
                Some(1, "dump-acct", [.. ways, "--raw", "--format", "2", "--byteswap", .. files]),
                Some(2, "acctcom", [.. ways, "-bhikmrt", .. files]),
                Some(1, "acctcom", [.. ways, "-q", "-C", "0.1", .. files]),
                Some(2, "acctcms", [.. ways, .. prime, "-a", .. files]),
                Some(1, "acctcms", [.. ways, .. prime, "-c", "-s", .. files]),
            }),
            One("sa", ["-i", "-a", "--format", "json", file]),
            Some(1, "lastcomm", ["--format", "csv", .. named]),
            Some(1, "dump-acct", ["--format", "json", .. files]),
            Some(1, "acctcom", ["--format", "csv", .. files]),
            Some(1, "acctcms", [.. prime, "--format", "json", .. files]),
        ];
    }

    /// <summary>The reports.</summary>
    public (string Name, int Share, Action<byte[]> Read)[] All { get; }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>A report of one file, which is standard input, too.</summary>
    private (string Name, int Share, Action<byte[]> Read) One(string name, string[] words)
    {
        var run = Parsed(name, words);
        return ($"{name} {string.Join(' ', words)}", 1, bytes =>
        {
            File.WriteAllBytes(file, bytes);
            input.SetLength(0);
            input.Write(bytes);
            input.Position = 0;
            run();
        });
    }

    /// <summary>
    /// A report of several files at once: to begin takes it longer than to read one. A fault is in one of the files of
    /// the seed that is named, or of the few before it.
    /// </summary>
    private (string Name, int Share, Action<byte[]> Read) Some(int runs, string name, string[] words)
    {
        var run = Parsed(name, words);
        var given = 0;
        return ($"{name} {string.Join(' ', words)} (of the {Together} seeds up to this)", runs * Together, bytes =>
        {
            File.WriteAllBytes($"{folder}/{given % Together}", bytes);
            if (++given % Together == 0)
            {
                run();
            }
        });
    }

    private Action Parsed(string name, string[] words)
    {
        var io = new ReportIo(input, Stream.Null, TextWriter.Null, TimeProvider.System);
        var root = new RootCommand { Applets.Called(io, name, [])! };
        var parsed = SettingFlags.Parse(root, Applets.Arguments(root, name, words));
        Assert.Empty(parsed.Errors);
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            Output = TextWriter.Null,
            Error = TextWriter.Null,
        };
        return () =>
        {
            var code = parsed.Invoke(configuration);
            Assert.True(code is ExitCode.Done or ExitCode.BadRecords or ExitCode.CannotRead, $"ended with {code}");
        };
    }

    /// <summary>Standard input of one command after the other, whoever closes it.</summary>
    private sealed class UnclosedStream : MemoryStream
    {
        protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
    }
}
