// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.Records;
using Xunit.Abstractions;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// <c>sa</c> beside the real one of GNU acct: the same bytes, also where rows tie, on generated files of every version
/// and on every fixture, with each option and their combinations, with summaries written by either.
/// </summary>
[Trait("Lane", "peers")]
public sealed class SaPeerTests(ITestOutputHelper output)
{
    /// <summary>Each option, short and long.</summary>
    private static readonly string[] Options =
    [
        "", "-a", "-b", "-c", "-d", "-D", "-j", "-k", "-K", "-l", "-m", "-M", "-n", "-p", "-P", "-r", "-t", "-u",
        "-v 2 -f", "--sort-real-time", "--list-all-names", "--percentages", "--user-summary", "--group-summary",
        "--print-users", "--separate-times", "--print-seconds", "--print-ratio", "--sort-cpu-avmem", "--sort-ksec",
        "--sort-sys-user-div-calls", "--sort-avio", "--sort-tio", "--sort-num-calls", "--reverse-sort",
        "--show-paging", "--show-paging-avg", "--threshold 5 --not-interactive", "--separate-forks", "--ahz 1000",
    ];

    /// <summary>What is often given together, and what decides about one another.</summary>
    private static readonly string[] Combinations =
    [
        "-ac", "-am", "-mc", "-mj", "-Mr", "-aclt", "-ajl", "-ajt --sort-real-time", "-a --sort-real-time -r", "-aK",
        "-aKj", "-aDr", "-adp", "-aP", "-akr", "-anr", "-abr", "-cjlt", "-cKP", "-mlt", "-mKp", "-a -v 3 -f",
        "-v 1 -f -r", "-v 2 -f -c", "-ctl -n", "-b -d -k", "-k -n -b", "-acjltDp", "-mn", "-Mb", "-u --ahz 50",
    ];

    /// <summary>Letters that may be thrown together.</summary>
    private const string Letters = "abcdDjkKlnpPrt";

    [Theory]
    [InlineData(1_000)]
    [InlineData(2_000)]
    [InlineData(3_000)]
    [InlineData(4_000)]
    [InlineData(5_000)]
    [InlineData(6_000)]
    public void GeneratedFiles_AreSummedTheSame(int first)
    {
        output.WriteLine($"seeds {first} to {first + 39}");
        using var peer = new PacctPeer("sa");
        for (var seed = first; seed < first + 40; seed++)
        {
            var file = PacctFile.Of((ulong)seed);
            var random = new AcctFileGenerator((ulong)seed);
            Agree(peer, file, Options[seed % Options.Length]);
            Agree(peer, file, Combinations[seed % Combinations.Length]);
            Agree(peer, file, Thrown(random));
        }

        peer.AssertAgrees(120);
    }

    /// <summary>Every option on a file of each kind that decides about rows.</summary>
    [Fact]
    public void EachOption_OnTiesAndSingletons()
    {
        using var peer = new PacctPeer("sa");
        foreach (var seed in new ulong[] { 11, 12, 13, 14, 15, 16, 17, 18 })
        {
            var file = PacctFile.Of(seed, records: 400);
            output.WriteLine(file.About);
            foreach (var options in Options.Concat(Combinations))
            {
                Agree(peer, file, options);
            }
        }

        peer.AssertAgrees(500);
    }

    [Theory]
    [InlineData(10_000, 31)]
    [InlineData(100_000, 32)]
    [InlineData(100_000, 33)]
    [InlineData(100_000, 37)]
    public void LargeFiles_AreSummedTheSame(int records, ulong seed)
    {
        using var peer = new PacctPeer("sa");
        var file = PacctFile.Of(seed, records: records);
        output.WriteLine(file.About);
        foreach (var options in new[] { "", "-a", "-m", "-M", "-acjlt", "-u", "-KP", "-v 100 -f -nr" })
        {
            Agree(peer, file, options);
        }

        peer.AssertAgrees(8);
    }

    /// <summary>
    /// Damage: with <c>--compat</c> what the real one makes of it, otherwise what it makes of the file without.
    /// </summary>
    [Theory]
    [InlineData(1_000)]
    [InlineData(2_000)]
    public void DamagedFiles_AreSummedTheSame(int first)
    {
        output.WriteLine($"seeds {first} to {first + 59}");
        using var peer = new PacctPeer("sa");
        for (var seed = first; seed < first + 60; seed++)
        {
            var file = PacctFile.Of((ulong)seed, (PacctDamage)(1 << (seed % 9)));
            var options = seed % 2 == 0 ? "-a" : Combinations[seed % Combinations.Length];
            // What is read at a wrong place may be a name, too.
            string[] words = Words(options, file with { HasControls = true });
            var (bytes, sound) = (peer.Written(file.Bytes), peer.Written(file.Sound, "sound"));
            peer.Compare(
                file.About, ["--compat", .. words, bytes], peer.Theirs([.. Plain(words), bytes]).Output,
                peer.Ours(["--compat", .. words, bytes]));
            var theirs = peer.Theirs([.. Plain(words), sound]);
            if (theirs.ExitCode == 0 && theirs.Output.Length > 0)
            {
                var isDamaged = file.Bytes.Length != file.Sound.Length;
                peer.Compare(
                    file.About, [.. words, bytes], theirs.Output, peer.Ours([.. words, bytes]), isDamaged ? 4 : 0);
            }
        }

        peer.AssertAgrees(100);
    }

    /// <summary>The fixtures, slot by slot as the real one takes them.</summary>
    [Fact]
    public void Fixtures_AreSummedTheSame()
    {
        using var peer = new PacctPeer("sa");
        foreach (var name in PacctFixture.Names)
        {
            var file = new PacctFile(0, name, PacctFixture.Bytes(name + ".pacct"), [], 1, [], HasControls: true);
            foreach (var options in Options.Concat(Combinations))
            {
                Agree(peer, file, options, alsoSane: false);
            }
        }

        peer.AssertAgrees(900);
    }

    /// <summary>What is asked of each command that seldom ran, and what each answer does.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("y\n")]
    [InlineData("y\nn\nY\n\nyes\nno\n  y  \nN\nY\ny\ny\n")]
    public void Junk_IsAskedForAlike(string answers)
    {
        using var peer = new PacctPeer("sa");
        for (ulong seed = 41; seed < 51; seed++)
        {
            // A name of 16 bytes has no end there: the real one prints what stands behind it.
            var file = PacctFile.Of(seed, records: 40, most: PacctNames.Usual);
            string[] words = ["-i", "-v", "3", peer.Written(file.Bytes)];
            var input = System.Text.Encoding.ASCII.GetBytes(answers);
            peer.Compare(
                file.About, words, peer.Theirs(words, input: input).Output,
                peer.Ours(["--compat", .. words], input: input));
        }

        peer.AssertAgrees(10);
    }

    /// <summary>
    /// Summaries: the real one's and ours, twice added to, and each read by the other, for commands and for users.
    /// </summary>
    [Fact]
    public void Summaries_AreWrittenAndReadByEither()
    {
        using var peer = new PacctPeer("sa");
        for (ulong seed = 61; seed < 91; seed++)
        {
            var file = PacctFile.Of(seed, records: 10 + (int)(seed * 7 % 300));
            var next = PacctFile.Of(seed + 1000, records: 5 + (int)(seed % 50));
            var (first, second) = (peer.Written(file.Bytes), peer.Written(next.Bytes, "next"));
            string[] theirs = Summaries(peer, $"theirs-{seed}"), ours = Summaries(peer, $"ours-{seed}");
            foreach (var input in new[] { first, second })
            {
                Assert.Equal(0, peer.Theirs(["-s", .. theirs, input]).ExitCode);
                var wrote = peer.Ours(["-s", .. ours, input]);
                peer.Compare(file.About, ["-s", .. ours, input], [], wrote);
            }

            string[] compat = ["--compat", "--print-controls"];
            foreach (var options in new[] { "-a", "", "-m", "-acP", "-mcjlt", "-aK", "-M" })
            {
                var words = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var real = peer.Theirs([.. words, .. theirs, first]).Output;
                peer.Compare(file.About, [.. words, .. ours, "(real)"], real, new(
                    peer.Theirs([.. words, .. ours, first]).Output, "", 0));
                foreach (var summaries in new[] { theirs, ours })
                {
                    string[] line = [.. compat, .. words, .. summaries, first];
                    peer.Compare(file.About, line, real, peer.Ours(line));
                }
            }
        }

        peer.AssertAgrees(600);
    }

    private static string[] Summaries(PacctPeer peer, string name) =>
    [
        "--other-savacct-file", $"{peer.Folder}/{name}-savacct", "--other-usracct-file",
        $"{peer.Folder}/{name}-usracct",
    ];

    /// <summary>Ours, with <c>--compat</c> and without, beside the real one's on a file without damage.</summary>
    private static void Agree(PacctPeer peer, PacctFile file, string options, bool alsoSane = true)
    {
        string[] words = [.. Words(options, file), peer.Written(file.Bytes)];
        var theirs = peer.Theirs(Plain(words));
        if (theirs.ExitCode != 0)
        {
            // It says so when there is no exit; ours must only be whole.
            var sane = peer.Ours(words);
            peer.Compare(file.About, words, [], sane with { Output = [] }, sane.ExitCode is 0 or 1 ? sane.ExitCode : 0);
            return;
        }

        peer.Compare(file.About, ["--compat", .. words], theirs.Output, peer.Ours(["--compat", .. words]));
        if (alsoSane && theirs.Output.Length > 0)
        {
            // When no command ran twice, the real one says nothing.
            peer.Compare(file.About, words, theirs.Output, peer.Ours(words));
        }
    }

    /// <summary>Names as they are, since the real one prints them so.</summary>
    private static string[] Words(string options, PacctFile file) =>
    [
        "-i", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        .. file.HasControls ? new[] { "--print-controls" } : [],
    ];

    private static string[] Plain(string[] words) => [.. words.Where(word => word != "--print-controls")];

    private static string Thrown(AcctFileGenerator random) => string.Join(' ', Letters
        .Where(_ => random.Below(4) == 0).Select(letter => $"-{letter}")
        .Concat(random.Below(4) == 0 ? ["--sort-real-time"] : [])
        .Concat(random.Below(4) == 0 ? ["-m"] : [])
        .Concat(random.Below(5) == 0 ? [$"-v {1 + random.Below(20)} -f"] : []));
}
