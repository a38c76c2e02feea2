// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Records;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Logins;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// <c>ac</c> beside the real GNU ac, on the same files: the same lines, sorted, for it prints users in the order of a
/// hash table.
/// </summary>
[Trait("Lane", "peers")]
public sealed class AcPeerTests
{
    private const long Now = 1_811_894_400;

    private static readonly string[] Usual =
        ["", "-p", "-d", "-d -p -a -y", "-p --compatibility", "--complain", "-d -z --tw-leniency 5", "-p -d u0 user1"];

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    public void AMillionRecords_CountTheSame(string zone)
    {
        using var folder = new TemporaryDirectory();
        using (var file = File.Create(folder.Of("wtmp")))
        {
            Generator(17).Write(file, 1_000_000);
        }

        foreach (var arguments in Usual)
        {
            Agree(folder, arguments, zone);
        }
    }

    /// <summary>The clock is set, sometimes so that a session would end before it begins: GNU ac ends then.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void WildFiles_CountTheSame(ulong seed)
    {
        using var folder = new TemporaryDirectory();
        using (var file = File.Create(folder.Of("wtmp")))
        {
            WtmpGenerator.Wild(seed).Write(file, 20_000);
        }

        foreach (var arguments in Usual)
        {
            Agree(folder, arguments, "Europe/Berlin");
        }
    }

    /// <summary>
    /// One session over many years, day by day: where each midnight of a zone is, and that of two or none GNU ac's is
    /// taken.
    /// </summary>
    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("America/Havana")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("America/Santiago")]
    [InlineData("Africa/Cairo")]
    [InlineData("Asia/Beirut")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Pacific/Apia")]
    [InlineData("Pacific/Kwajalein")]
    [InlineData("America/Godthab")]
    public void Midnights_AreThoseOfGlibc(string zone)
    {
        using var folder = new TemporaryDirectory();
        var record = new byte[UtmpLayout.NarrowSize];
        new UtmpFields { Type = UtmpType.UserProcess, Line = "tty1"u8, User = "amy"u8, Seconds = 86_400 * 700 }
            .Write(record, UtmpLayout.Usual);
        File.WriteAllBytes(folder.Of("wtmp"), record);

        Agree(folder, "-d -a -y", zone);
    }

    /// <summary>Lengths in the middle between two hundredths of an hour; some are so in a double, too.</summary>
    [Fact]
    public void Hours_AreRoundedAsInC()
    {
        using var folder = new TemporaryDirectory();
        using (var file = File.Create(folder.Of("wtmp")))
        {
            for (var i = 0; i < 2000; i++)
            {
                Session(file, $"u{i}", 86_400L * (400 + i), (36 * i) + 18);
            }
        }

        Agree(folder, "-p", "UTC");
    }

    /// <summary>
    /// Where clocks go back from just after midnight, GNU ac goes round and round; what ours says is in
    /// <see cref="AcTests"/>.
    /// </summary>
    [Fact]
    public void ADayWithTwoEnds_IsTooMuchForGnuAc()
    {
        using var folder = new TemporaryDirectory();
        File.WriteAllBytes(folder.Of("wtmp"), AcTests.DayWithTwoEnds());

        var theirs = ClassicTool.Run(
            "/usr/bin/timeout", ["1", ClassicTool.Ac, "-f", folder.Of("wtmp")], Now, "America/St_Johns");

        Assert.Equal(124, theirs.ExitCode);
    }

    /// <summary>Small files, mangled: the corners of every rule.</summary>
    [Fact]
    public void MangledFiles_CountTheSame()
    {
        using var folder = new TemporaryDirectory();
        var random = new Random(20_261_122);
        var ended = 0;
        for (var i = 0; i < 200; i++)
        {
            File.WriteAllBytes(folder.Of("wtmp"), MangledWtmp.Make(random));
            var arguments = MangledWtmp.Arguments(random);
            ended += Agree(folder, arguments, MangledWtmp.Zone(random)) ? 0 : 1;
        }

        Assert.InRange(ended, 1, 100);
    }

    private static void Session(Stream file, string user, long start, int seconds)
    {
        var record = new byte[UtmpLayout.NarrowSize];
        var name = Encoding.ASCII.GetBytes(user);
        new UtmpFields { Type = UtmpType.UserProcess, Line = "tty1"u8, User = name, Seconds = start }
            .Write(record, UtmpLayout.Usual);
        file.Write(record);
        new UtmpFields { Type = UtmpType.DeadProcess, Line = "tty1"u8, Seconds = start + seconds }
            .Write(record, UtmpLayout.Usual);
        file.Write(record);
    }

    /// <summary>
    /// Without clocks set at random a file of any size has no session that ends before it begins.
    /// </summary>
    private static WtmpGenerator Generator(ulong seed) => new(seed)
    {
        MissingLogouts = 0.05,
        Crashes = 0.3,
        ClockChanges = 0.001,
        Warps = 0.0005,
    };

    /// <summary>False when GNU ac ended at a session that ends before it begins: then ours says so.</summary>
    private static bool Agree(TemporaryDirectory folder, string arguments, string zone)
    {
        string[] words = [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-f", folder.Of("wtmp")];
        var theirs = ClassicTool.Run(ClassicTool.Ac, words, Now, zone);
        var ours = Applet.Run("ac", words, Now, zone);
        if (theirs.Errors.Contains("Possible overflow of time_t", StringComparison.Ordinal))
        {
            Assert.Contains("sessions that end before they begin", ours.Errors, StringComparison.Ordinal);
            return false;
        }

        Assert.Equal((0, ""), (theirs.ExitCode, theirs.Errors));
        Assert.Equal((0, ""), (ours.ExitCode, ours.Errors));
        if (!theirs.SortedLines.SequenceEqual(ours.SortedLines))
        {
            // Only when it matters: the message of a million lines would be one, too.
            Assert.Fail($"TZ={zone} ac {arguments}:\n{Difference(theirs.SortedLines, ours.SortedLines)}");
        }

        return true;
    }

    private static string Difference(string[] theirs, string[] ours) => string.Join('\n',
        theirs.Except(ours).Take(5).Select(line => "theirs: " + line)
            .Concat(ours.Except(theirs).Take(5).Select(line => "ours:   " + line)));
}
