// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.RealSystem;

namespace AcctExporter.Tests.Reports;

/// <summary>pac beside that of BSD (Debian's package lpr), byte by byte, on logs without runs.</summary>
[Trait("Lane", "peers")]
public class RealPacTests
{
    [Theory]
    [InlineData("")]
    [InlineData("-m")]
    [InlineData("-r")]
    [InlineData("-c")]
    [InlineData("-cr")]
    [InlineData("-mp0.125")]
    [InlineData("-p0.07 h1:u3 nobody h2:u4")]
    [InlineData("-m u1 u2")]
    public void Report_IsTheRealOne(string flags)
    {
        using var folder = new TemporaryDirectory();
        var random = new Random(7);
        var log = new StringBuilder();
        for (var i = 0; i < 400; i++)
        {
            log.Append($"{random.Next(100)}.{random.Next(4) * 25:00}\th{random.Next(3)}:u{random.Next(9)}\n");
        }

        var file = folder.File("log", log.ToString());
        Directory.CreateDirectory(folder.Of("etc"));
        folder.File("etc/printcap", $"lp0|lp:af={file}:sd={folder.Path}:\n");
        var words = flags.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var start = new ProcessStartInfo("unshare",
            [
                "-m", "sh", "-c", $"mount --bind {folder.Of("etc")} /etc && exec \"$@\"", "sh",
                Tools.Pac, "-Plp0", .. words,
            ])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var real = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.NotEmpty(real);
        Assert.Equal(real, Filter.Run(["pac", "--file=" + file, .. words]).Text);
    }
}
