// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.IO.Compression;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>A packed file that is read from its end, where the folder for temporary files has no room for it.</summary>
[Trait("Lane", "kernel")]
public sealed class SpoolTests
{
    [Fact]
    public async Task AFullFolder_IsTold_AndNothingIsLeftInIt()
    {
        using var folder = new TemporaryDirectory();
        using (var packed = new GZipStream(File.Create(folder.Of("pacct.gz")), CompressionLevel.Fastest))
        {
            packed.Write(new AcctFileGenerator(1).File(20_000));
        }

        Directory.CreateDirectory(folder.Of("small"));
        var program = Path.Combine(AppContext.BaseDirectory, "acct-exporter");
        const string script = """
            mount -t tmpfs -o size=256k none small || exit 99
            TMPDIR=$PWD/small "$0" lastcomm -f pacct.gz
            code=$?
            ls small
            exit $code
            """;
        using var shell = Process.Start(new ProcessStartInfo("unshare", ["--mount", "sh", "-c", script, program])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = shell.StandardError.ReadToEndAsync();
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.Equal((3, ""), (shell.ExitCode, output));
        Assert.Equal(
            $"lastcomm: cannot read pacct.gz from its end: it must be kept in {folder.Of("small")}/ for that: "
            + "No space left on device. Name a folder with more room in TMPDIR\n",
            await errors);
    }
}
