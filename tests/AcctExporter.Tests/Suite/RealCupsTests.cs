// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;
using AcctExporter.Tests.Kernel;
using Microsoft.Extensions.Logging.Abstractions;

namespace AcctExporter.Tests.Suite;

/// <summary>A real cupsd with queues that print to files: what it writes to page_log is charged once.</summary>
[Trait("Lane", "peers")]
public sealed class RealCupsTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly CupsServer cups = new();

    public void Dispose()
    {
        cups.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Jobs_AreChargedOnce_ThroughItsOwnRotation()
    {
        var paths = new SuitePaths(folder.Of("suite"));
        using var follower = new PageLogFollower(
            paths, cups.PageLog, name => name.AsSpan().SequenceEqual("daemon"u8) ? 1u : null, NullLogger.Instance);
        Assert.True(follower.Pass());

        const string document = "one\ntwo\nthree\n";
        const int rounds = 12;
        for (var round = 0; round < rounds; round++)
        {
            cups.Print(CupsServer.Laser, "daemon", "my [01/Jan/2026:00:00:00 +0000] total 99", document);
            cups.Print(CupsServer.Single, "guest user", "document", document);
            // cupsd 2.4 adds up what its backends say one by one.
            var lines = (ulong)(2 * (round + 1));
            CupsServer.Until(() => follower.Pass() && follower.Figures.Lines >= lines);
        }

        Assert.True(File.Exists(cups.PageLog + ".O"), "cupsd did not rotate its log");
        Assert.Equal((0UL, 0UL), (follower.Figures.Gaps, follower.Figures.BadLines));
        Assert.Equal(
            ["daemon laser 36 12", "guest user single 36 12"],
            follower.Figures.Pages.Select(each => $"{Text(each.User)} {Text(each.Printer)} {each.Pages} {each.Jobs}"));

        var table = new UserTable<TacctSums>();
        var taken = paths.OfNite("qacct", new(2026, 7, 2));
        Assert.True(follower.Take(taken));
        using var qacct = File.OpenRead(taken);
        QacctFile.Read(qacct, table, number => Assert.Fail($"line {number}"));
        Assert.Equal("1 daemon 36|4294967295 guest user 36", PrintTests.Shown(table, each => each.PrintedPages));
    }

    private static string Text(byte[] text) => System.Text.Encoding.ASCII.GetString(text);
}
