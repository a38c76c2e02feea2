// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>Generated files, read by the real GNU dump-acct and by us, agree in every field of every record.</summary>
[Trait("Lane", "peers")]
public sealed class DumpAcctPeerTests
{
    private const int Records = 20_000;

    [Theory]
    [InlineData(11, 3, false)]
    [InlineData(12, 3, true)]
    [InlineData(13, 2, false)]
    [InlineData(14, 2, true)]
    [InlineData(15, 0, false)]
    [InlineData(17, 0, true)]
    public void OneVersion(ulong seed, byte version, bool bigEndian) => Agrees(seed, [new(version, bigEndian)]);

    [Fact]
    public void AllVersionsInOneFile() =>
        Agrees(16, [new(3), new(3, true), new(2), new(2, true), new(0)]);

    /// <summary>
    /// Hostile names and boundary values are in. Terminals are none or pseudo: for others dump-acct looks into /dev.
    /// v1 is out: dump-acct steps by 64 bytes through its 62.
    /// </summary>
    private static void Agrees(ulong seed, RecordKind[] kinds)
    {
        var generator = new AcctFileGenerator(seed) { Kinds = kinds, HostileNames = true, BoundaryValues = true };
        var bytes = generator.File(Records);
        var theirs = DumpAcctLine.Parse(DumpAcct(bytes));

        Assert.Equal(Records, theirs.Count);
        for (var i = 0; i < Records; i++)
        {
            Assert.Equal(DecodeStatus.Ok, AcctRecord.TryRead(bytes.AsSpan(i * AcctRecord.Size), out var record));
            Assert.Equal(theirs[i], DumpAcctLine.Of(record));
        }
    }

    private static byte[] DumpAcct(byte[] bytes)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, bytes);
            var start = new ProcessStartInfo(Where("dump-acct"), [file]) { RedirectStandardOutput = true };
            start.Environment["LC_ALL"] = "C";
            start.Environment["TZ"] = "UTC";
            using var process = Process.Start(start)!;
            using var output = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return output.ToArray();
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Where(string program)
    {
        // Debian keeps it where only root's PATH looks.
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin"]);
        var found = folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.True(found != null, $"{program} (package acct) is missing: ./tests/run.sh installs what tests need.");
        return found;
    }
}
