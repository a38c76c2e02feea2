// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.Records;
using Xunit.Abstractions;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// <c>dump-acct</c> beside the real one of GNU acct: the same bytes, as text and as records of any version, on
/// generated files and on every fixture.
/// </summary>
[Trait("Lane", "peers")]
public sealed class DumpAcctReportPeerTests(ITestOutputHelper output)
{
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu"];

    private static readonly string[] Options =
    [
        "", "-r", "-n 3", "-r -n 257", "--num 1", "--reverse", "--ahz 50", "--ahz 1024 -r",
        "--raw", "-R", "--raw --byteswap", "--raw --format 0", "--raw --format v2", "--raw --format 2 --byteswap",
        "--raw --format 3", "--raw --format v3 --byteswap", "--raw --format 0 --byteswap", "--raw -r -n 5",
        "--raw --ahz 1000 --format 2", "--raw --ahz 24 --format 0", "--raw --ahz 1000 --format 3",
        "--raw --format 1",
    ];

    [Theory]
    [InlineData(1_000)]
    [InlineData(2_000)]
    [InlineData(3_000)]
    [InlineData(4_000)]
    public void GeneratedFiles_AreDumpedTheSame(int first)
    {
        output.WriteLine($"seeds {first} to {first + 49}");
        using var peer = new PacctPeer("dump-acct");
        for (var seed = first; seed < first + 50; seed++)
        {
            var file = PacctFile.Of((ulong)seed);
            peer.Written(file.Bytes);
            var zone = Zones[seed % Zones.Length];
            Agree(peer, file, zone, Options[seed % Options.Length]);
            Agree(peer, file, zone, Options[seed / 7 % Options.Length]);
            Agree(peer, file, zone, "");
        }

        peer.AssertAgrees(280);
    }

    /// <summary>Every option on a file of each version.</summary>
    [Fact]
    public void EachOption_DumpsTheSame()
    {
        using var peer = new PacctPeer("dump-acct");
        for (ulong seed = 21; seed < 33; seed++)
        {
            var file = PacctFile.Of(seed, records: 300);
            output.WriteLine(file.About);
            peer.Written(file.Bytes);
            foreach (var options in Options)
            {
                Agree(peer, file, "UTC", options);
            }
        }

        peer.AssertAgrees(450);
    }

    [Theory]
    [InlineData(10_000, 31)]
    [InlineData(100_000, 34)]
    [InlineData(100_000, 36)]
    public void LargeFiles_AreDumpedTheSame(int records, ulong seed)
    {
        using var peer = new PacctPeer("dump-acct");
        var file = PacctFile.Of(seed, records: records);
        output.WriteLine(file.About);
        peer.Written(file.Bytes);
        foreach (var options in new[] { "", "-r", "--raw --format 2" })
        {
            Agree(peer, file, "Europe/Berlin", options);
        }

        peer.AssertAgrees(6);
    }

    /// <summary>The real one warns, and takes 2 or 3 for it.</summary>
    [Theory]
    [InlineData("4")]
    [InlineData("5")]
    [InlineData("v7")]
    [InlineData("x")]
    public void AVersionThatDoesNotExist_IsAMistake(string version)
    {
        using var peer = new PacctPeer("dump-acct");
        var ours = peer.Ours(["--raw", "--format", version, peer.Written(PacctFile.Of(1).Bytes)]);
        Assert.Equal((2, 0), (ours.ExitCode, ours.Output.Length));
        Assert.Contains($"'{version}'", ours.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralFiles_AreDumpedTheSame()
    {
        using var peer = new PacctPeer("dump-acct");
        for (ulong seed = 51; seed < 71; seed++)
        {
            var (one, two) = (PacctFile.Of(seed), PacctFile.Of(seed + 500));
            string[] files = [peer.Written(one.Bytes, "one"), peer.Written(two.Bytes, "two")];
            foreach (var options in new[] { "", "-r", "-n 30" })
            {
                string[] words = [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. files];
                peer.Compare(
                    one.About, words, peer.Theirs(words).Output, peer.Ours(["--print-controls", .. words]));
            }
        }

        peer.AssertAgrees(60);
    }

    /// <summary>
    /// Damage: with <c>--compat</c> what the real one makes of it, otherwise what it makes of the file without.
    /// </summary>
    [Theory]
    [InlineData(1_000)]
    [InlineData(2_000)]
    public void DamagedFiles_AreDumpedTheSame(int first)
    {
        output.WriteLine($"seeds {first} to {first + 59}");
        using var peer = new PacctPeer("dump-acct");
        for (var seed = first; seed < first + 60; seed++)
        {
            var file = PacctFile.Of((ulong)seed, (PacctDamage)(1 << (seed % 9)));
            var (bytes, sound) = (peer.Written(file.Bytes), peer.Written(file.Sound, "sound"));
            string[] compat = ["--compat", "--print-controls", bytes];
            peer.Compare(file.About, compat, peer.Theirs([bytes]).Output, peer.Ours(compat));
            foreach (var direction in new[] { Array.Empty<string>(), ["-r"] })
            {
                string[] words = ["--print-controls", .. direction, bytes];
                var isDamaged = file.Bytes.Length != file.Sound.Length;
                peer.Compare(
                    file.About, words, peer.Theirs([.. direction, sound]).Output, peer.Ours(words), isDamaged ? 4 : 0);
            }
        }

        peer.AssertAgrees(180);
    }

    [Fact]
    public void Fixtures_AreDumpedTheSame()
    {
        using var peer = new PacctPeer("dump-acct");
        foreach (var name in PacctFixture.Names)
        {
            var file = new PacctFile(0, name, [], [], 1, [], HasControls: true);
            peer.Written(PacctFixture.Bytes(name + ".pacct"));
            foreach (var options in Options.Where(options => !options.Contains("-r", StringComparison.Ordinal)
                || options.StartsWith("--raw", StringComparison.Ordinal)))
            {
                Agree(peer, file, "UTC", options.Replace(" -r", "", StringComparison.Ordinal), alsoSane: false);
            }
        }

        peer.AssertAgrees(300);
    }

    private static void Agree(PacctPeer peer, PacctFile file, string zone, string options, bool alsoSane = true)
    {
        string[] words = [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), $"{peer.Folder}/pacct"];
        var theirs = peer.Theirs(words, zone);
        Assert.Equal(0, theirs.ExitCode);
        string[] shown = ["--print-controls", .. words];
        var about = $"TZ={zone} {file.About}";
        peer.Compare(about, ["--compat", .. shown], theirs.Output, peer.Ours(["--compat", .. shown], zone));
        // Times in other ticks: the real one writes them down as hundredths all the same.
        var isWrong = options.Contains("--ahz", StringComparison.Ordinal) && options.Contains("--format");
        if (alsoSane && !isWrong)
        {
            peer.Compare(about, shown, theirs.Output, peer.Ours(shown, zone));
        }
    }
}
