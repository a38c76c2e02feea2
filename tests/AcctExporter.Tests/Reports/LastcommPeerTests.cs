// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Tests.Records;
using Xunit.Abstractions;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// <c>lastcomm</c> beside the real one of GNU acct: the same bytes on generated files of every version and on every
/// fixture, newest first and forwards, with each filter and their combinations, in several zones.
/// </summary>
[Trait("Lane", "peers")]
public sealed class LastcommPeerTests(ITestOutputHelper output)
{
    private const int SegmentationFault = 139;

    private static readonly string[] Zones =
        ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"];

    private static readonly string[] Shown =
    [
        "", "--pid", "-p", "--show-paging", "--print-controls", "--ahz 1000", "--pid -p", "--print-controls --pid",
        "--ahz 1 -p --print-controls",
    ];

    [Theory]
    [InlineData(1_000)]
    [InlineData(2_000)]
    [InlineData(3_000)]
    [InlineData(4_000)]
    [InlineData(5_000)]
    public void GeneratedFiles_AreListedTheSame(int first)
    {
        output.WriteLine($"seeds {first} to {first + 39}");
        using var peer = new PacctPeer("lastcomm");
        for (var seed = first; seed < first + 40; seed++)
        {
            var file = PacctFile.Of((ulong)seed);
            var random = new AcctFileGenerator((ulong)seed);
            var zone = Zones[seed % Zones.Length];
            peer.Written(file.Bytes);
            Agree(peer, file, zone, $"{Shown[seed % Shown.Length]} {Direction(random)}", []);
            Agree(peer, file, zone, $"{Shown[seed / 3 % Shown.Length]} {Direction(random)}", Filter(random, file));
        }

        peer.AssertAgrees(160);
    }

    /// <summary>Each filter alone, and each with each, on one file of every kind of name.</summary>
    [Fact]
    public void EachFilter_ChoosesTheSame()
    {
        using var peer = new PacctPeer("lastcomm");
        for (ulong seed = 22; seed < 24; seed++)
        {
            var file = PacctFile.Of(seed, records: 700);
            output.WriteLine(file.About);
            peer.Written(file.Bytes);
            foreach (var word in file.Words.Where((_, i) => i % 2 == 0))
            {
                Agree(peer, file, "UTC", "", [word]);
                Agree(peer, file, "UTC", "", ["--command", word]);
                Agree(peer, file, "UTC", "", ["--user", word]);
                Agree(peer, file, "UTC", "", ["--tty", word]);
                Agree(peer, file, "UTC", "", ["--strict-match", "--command", word, "--user", "root"]);
                Agree(peer, file, "UTC", "", ["--strict-match", "--tty", "__", "--user", word]);
                Agree(peer, file, "UTC", "", ["--command", file.Words[0], "--tty", word]);
            }
        }

        peer.AssertAgrees(300);
    }

    [Theory]
    [InlineData(10_000, 31)]
    [InlineData(100_000, 32)]
    [InlineData(100_000, 35)]
    public void LargeFiles_AreListedTheSame(int records, ulong seed)
    {
        using var peer = new PacctPeer("lastcomm");
        var file = PacctFile.Of(seed, records: records);
        output.WriteLine(file.About);
        peer.Written(file.Bytes);
        Agree(peer, file, Zones[seed % (ulong)Zones.Length], "--pid", []);
        Agree(peer, file, "America/St_Johns", "--forwards -p", []);
        Agree(peer, file, "UTC", "--pid", ["root", "pts/3"]);
        peer.AssertAgrees(6);
    }

    /// <summary>Several files: each from its end, one after the other; and standard input, forwards.</summary>
    [Fact]
    public void SeveralFiles_AndStandardInput_AreListedTheSame()
    {
        using var peer = new PacctPeer("lastcomm");
        for (ulong seed = 51; seed < 81; seed++)
        {
            var (one, two) = (PacctFile.Of(seed), PacctFile.Of(seed + 500));
            string[] files = ["-f", peer.Written(one.Bytes, "one"), "-f", peer.Written(two.Bytes, "two")];
            foreach (var forwards in new[] { "", "--forwards" })
            {
                string[] words = [.. forwards.Length > 0 ? new[] { forwards } : [], "--pid", .. files];
                peer.Compare(one.About, words, peer.Theirs(words).Output, peer.Ours(words));
            }

            string[] input = ["--pid", "-f", "-"];
            peer.Compare(
                one.About, input, peer.Theirs(input, input: one.Bytes).Output, peer.Ours(input, input: one.Bytes));
        }

        peer.AssertAgrees(90);
    }

    /// <summary>
    /// Damage: with <c>--compat</c> what the real one makes of it, otherwise what it makes of the file without. Newest
    /// first only where it lives to the end.
    /// </summary>
    [Theory]
    [InlineData(1_000)]
    [InlineData(2_000)]
    public void DamagedFiles_AreListedTheSame(int first)
    {
        output.WriteLine($"seeds {first} to {first + 59}");
        using var peer = new PacctPeer("lastcomm");
        for (var seed = first; seed < first + 60; seed++)
        {
            var file = PacctFile.Of((ulong)seed, (PacctDamage)(1 << (seed % 9)));
            var isWhole = file.Bytes.Length % AcctRecord.Size == 0;
            string[] words = seed % 2 == 0 && isWhole ? ["--pid"] : ["--forwards", "--pid"];
            string[] bytes = ["-f", peer.Written(file.Bytes)], sound = ["-f", peer.Written(file.Sound, "sound")];
            peer.Compare(
                file.About, ["--compat", .. words, .. bytes], peer.Theirs([.. words, .. bytes]).Output,
                peer.Ours(["--compat", .. words, .. bytes]));
            foreach (var direction in new[] { Array.Empty<string>(), ["--forwards"] })
            {
                var isDamaged = file.Bytes.Length != file.Sound.Length;
                peer.Compare(
                    file.About, [.. direction, "-p", .. bytes], peer.Theirs([.. direction, "-p", .. sound]).Output,
                    peer.Ours([.. direction, "-p", .. bytes]), isDamaged ? 4 : 0);
            }
        }

        peer.AssertAgrees(360 / 2);
    }

    /// <summary>
    /// A file whose end is torn: the real one reads what is not there and is killed; ours lists what there is.
    /// </summary>
    [Fact]
    public void ATornEnd_KillsTheRealOneOnly()
    {
        using var peer = new PacctPeer("lastcomm");
        for (ulong seed = 91; seed < 95; seed++)
        {
            var file = PacctFile.Of(seed, PacctDamage.TornEnd);
            string[] torn = ["-f", peer.Written(file.Bytes)], whole = ["-f", peer.Written(file.Sound, "sound")];
            Assert.Equal(SegmentationFault, peer.Theirs(torn).ExitCode);
            peer.Compare(file.About, torn, peer.Theirs(whole).Output, peer.Ours(torn), 4);
            var compat = peer.Ours(["--compat", .. torn]);
            Assert.True(compat.ExitCode is 0 or 3 or 4, $"{file.About}: {compat.ExitCode}: {compat.Errors}");
        }

        peer.AssertAgrees(4);
    }

    [Fact]
    public void Fixtures_AreListedTheSame()
    {
        using var peer = new PacctPeer("lastcomm");
        foreach (var name in PacctFixture.Names)
        {
            string[] bytes = ["-f", peer.Written(PacctFixture.Bytes(name + ".pacct"))];
            foreach (var options in Shown)
            {
                string[] words = ["--forwards", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. bytes];
                string[] compat = ["--compat", .. words];
                peer.Compare(name, compat, peer.Theirs(words).Output, peer.Ours(compat));
            }
        }

        peer.AssertAgrees(100);
    }

    private static string Direction(AcctFileGenerator random) => random.Below(3) == 0 ? "--forwards" : "";

    private static string[] Filter(AcctFileGenerator random, PacctFile file)
    {
        var words = new List<string>();
        if (random.Below(3) == 0)
        {
            // One of each kind at most, and no words besides: those can never match with it.
            words.Add("--strict-match");
            foreach (var kind in new[] { "--user", "--command", "--tty" }.Where(_ => random.Below(2) == 0))
            {
                words.AddRange([kind, Word(random, file)]);
            }

            return [.. words];
        }

        for (var count = 1 + random.Below(4); count > 0; count--)
        {
            string[] kinds = ["--user", "--command", "--tty", ""];
            var kind = kinds[random.Below(4)];
            words.AddRange(kind.Length > 0 ? [kind, Word(random, file)] : [Word(random, file)]);
        }

        return [.. words];
    }

    private static string Word(AcctFileGenerator random, PacctFile file) => file.Words[random.Below(file.Words.Length)];

    private static void Agree(PacctPeer peer, PacctFile file, string zone, string options, string[] filter)
    {
        string[] words = [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-f", $"{peer.Folder}/pacct",
            .. filter];
        var theirs = peer.Theirs(words, zone);
        Assert.Equal(0, theirs.ExitCode);
        peer.Compare($"TZ={zone} {file.About}", words, theirs.Output, peer.Ours(words, zone));
        peer.Compare(
            $"TZ={zone} {file.About}", ["--compat", .. words], theirs.Output,
            peer.Ours(["--compat", .. words], zone));
    }
}
