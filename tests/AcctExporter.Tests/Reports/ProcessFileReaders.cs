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
    private readonly string folder = $"/dev/shm/acct-readers-{Guid.NewGuid():N}";
    private readonly UnclosedStream input = new();
    private readonly string file;

    public ProcessFileReaders()
    {
        Directory.CreateDirectory(folder);
        file = $"{folder}/pacct";
        var holidays = $"{folder}/holidays";
        File.WriteAllText(holidays, Records.Calendar.H);
        var compat = new[] { "--compat" };
        All =
        [
            .. new[] { [], compat }.SelectMany(ways => new[]
            {
                Of(3, "sa", [.. ways, "-i", "-a", file]),
                Of(1, "sa", [.. ways, "-i", "-cjltKP", "-v", "2", "-f", file]),
                Of(1, "sa", [.. ways, "-i", "-m", file]),
                Of(1, "sa", [.. ways, "-i", "-u", file]),
                Of(1, "sa", [.. ways, "--other-savacct-file", file, "--other-usracct-file", file, "-a", file]),
                Of(1, "sa", [.. ways, "--other-savacct-file", file, "--other-usracct-file", file, "-M", file]),
                Of(3, "lastcomm", [.. ways, "-f", file]),
                Of(2, "lastcomm", [.. ways, "--forwards", "--pid", "-f", file]),
                Of(1, "lastcomm", [.. ways, "-p", "-f", "-"]),
                Of(1, "lastcomm", [.. ways, "-f", file, "--user", "root", "--tty", "pts/3", "sh"]),
                Of(2, "dump-acct", [.. ways, file]),
                Of(1, "dump-acct", [.. ways, "-r", "-n", "5", file, file]),
                Of(1, "dump-acct", [.. ways, "--raw", "--format", "2", "--byteswap", file]),
                Of(2, "acctcom", [.. ways, "-bhikmrt", file]),
                Of(1, "acctcom", [.. ways, "-q", "-C", "0.1", file]),
                Of(2, "acctcms", [.. ways, "--holidays", holidays, "-a", file]),
                Of(1, "acctcms", [.. ways, "--holidays", holidays, "-c", "-s", file]),
            }),
            Of(1, "sa", ["-i", "-a", "--format", "json", file]),
            Of(1, "lastcomm", ["--format", "csv", "-f", file]),
            Of(1, "dump-acct", ["--format", "json", file]),
            Of(1, "acctcom", ["--format", "csv", file]),
            Of(1, "acctcms", ["--holidays", holidays, "--format", "json", file]),
        ];
    }

    /// <summary>The reports.</summary>
    public (string Name, int Share, Action<byte[]> Read)[] All { get; }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private (string Name, int Share, Action<byte[]> Read) Of(int share, string name, string[] words)
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
        return ($"{name} {string.Join(' ', words)}", share, bytes =>
        {
            File.WriteAllBytes(file, bytes);
            input.SetLength(0);
            input.Write(bytes);
            input.Position = 0;
            var code = parsed.Invoke(configuration);
            Assert.True(code is ExitCode.Done or ExitCode.BadRecords or ExitCode.CannotRead, $"ended with {code}");
        });
    }

    /// <summary>Standard input of one command after the other, whoever closes it.</summary>
    private sealed class UnclosedStream : MemoryStream
    {
        protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
    }
}
