// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Logins;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// <c>last</c> and <c>lastb</c> beside those of util-linux, on the same files: the same bytes, but for one line: a
/// shutdown that no start followed has no end.
/// </summary>
[Trait("Lane", "peers")]
public sealed class LastPeerTests
{
    private const long Now = 1_811_894_400;

    /// <summary>After every record, so that no login can still be there.</summary>
    private const long LongAfter = 4_000_000_000;

    private static readonly string[] Options =
    [
        "", "-x", "-F", "-w", "-a", "-i", "-R", "-n 5", "-7", "--time-format iso", "--time-format notime", "amy tty1",
        "-s 2001-09-10", "-t @1500000000", "-p 2010-01-01",
    ];

    [Fact]
    public void AMillionWildRecords_AreListedTheSame()
    {
        using var folder = Wild(3, 1_000_000);
        foreach (var options in new[]
        {
            "", "-F -w", "-F -x -w", "-a -x --time-format notime -R", "-a -w", "-i --time-format iso", "-n 777",
            "-s 2024-01-01 -t 2024-03-01", "-p 2024-02-01", "user1 tty3 pts/4 6",
        })
        {
            Agree("last", folder, options, "UTC", Now);
        }

        Agree("last", folder, "-x --time-format iso", "Europe/Berlin", Now);
        Agree("last", folder, "-x -s 2024-03-31", "Europe/Berlin", Now);
        Agree("last", folder, "-F", "America/New_York", Now);
        Agree("lastb", folder, "-F", "America/New_York", Now);
        Agree("lastb", folder, "", "UTC", Now);
    }

    /// <summary>Small files, mangled: the corners of every rule.</summary>
    [Fact]
    public void MangledFiles_AreListedTheSame()
    {
        using var folder = new TemporaryDirectory();
        var random = new Random(20_261_123);
        for (var i = 0; i < 250; i++)
        {
            File.WriteAllBytes(folder.Of("wtmp"), WithoutNewlines(MangledWtmp.Make(random)));
            var options = string.Join(' ', Options.Where(_ => random.Next(5) == 0));
            if (options.Contains("-F", StringComparison.Ordinal))
            {
                options = options.Replace("--time-format iso", "", StringComparison.Ordinal)
                    .Replace("--time-format notime", "", StringComparison.Ordinal);
            }

            // Both of these at once leave the end of a shutdown in the middle of its line.
            options = options.Contains("-x", StringComparison.Ordinal)
                ? options.Replace("-a", "", StringComparison.Ordinal) : options;
            Agree(i % 5 == 0 ? "lastb" : "last", folder, options.Replace("@1500000000", "2017-07-14"),
                MangledWtmp.Zone(random), LongAfter);
        }
    }

    /// <summary>What is given to --since and its like, each hour around a change of the clocks.</summary>
    [Theory]
    [InlineData("UTC", 1_774_700_000)]
    [InlineData("Europe/Berlin", 1_774_700_000)]
    [InlineData("Europe/Berlin", 1_793_000_000)]
    [InlineData("America/New_York", 1_793_600_000)]
    public void Times_AreUnderstoodAlike(string zone, long now)
    {
        using var folder = new TemporaryDirectory();
        using (var file = File.Create(folder.Of("wtmp")))
        {
            var record = new byte[UtmpLayout.NarrowSize];
            for (var seconds = now - 5_000_000; seconds < now + 5_000_000; seconds += 1800)
            {
                new UtmpFields { Type = UtmpType.UserProcess, Line = "tty1"u8, User = "amy"u8, Seconds = seconds }
                    .Write(record, UtmpLayout.Usual);
                file.Write(record);
            }
        }

        foreach (var time in new[]
        {
            "now", "today", "yesterday", "tomorrow", "+5min", "-5days", "-5 days", "2 hours ago", "1h 30min ago",
            "-1.5h", "-1month", "2026-03-01", "26-3-1", "2026-03-29 02:30", "2026-03-29T03:30:29", "2026-10-25 02:30",
            "2026-11-01 01:30", "12:00", "12:00:33", "Sun 2026-03-29", "Mon 2026-03-29", "2026-02-31", "2026-13-01",
            "-2w", "24:00", "2026-03-29  12:30", "junk", "", "-", "5min", "-5m5s", "2026-03-29 12:30:61",
        })
        {
            string[] words = ["-n", "100", "-t", time, "-f", folder.Of("wtmp")];
            var theirs = ClassicTool.Run(ClassicTool.Last, words, now, zone);
            var ours = Applet.Run("last", words, now, zone);
            Assert.Equal((time, theirs.Text), (time, ours.Text));
            Assert.Equal((time, theirs.ExitCode == 0), (time, ours.ExitCode == 0));
        }
    }

    /// <summary>Who is still there is asked of the kernel, as the real one does: of processes and terminals.</summary>
    [Fact]
    public void OpenLogins_AreJudgedAlike()
    {
        using var folder = new TemporaryDirectory();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        using (var file = File.Create(folder.Of("wtmp")))
        {
            foreach (var (user, line, pid, ago) in new[]
            {
                // /dev/null is root's, and no process has that number.
                ("root", "null", 4_194_303, 10L), ("daemon", "zero", 4_194_303, 10), ("nobody-at-all", "full", 1, 10),
                ("root", "no-such-line", 4_194_303, 10), ("root", "random", Environment.ProcessId, 10),
                ("root", "urandom", 4_194_303, 1_000_000_000),
            })
            {
                var record = new byte[UtmpLayout.NarrowSize];
                new UtmpFields
                {
                    Type = UtmpType.UserProcess,
                    Line = System.Text.Encoding.ASCII.GetBytes(line),
                    User = System.Text.Encoding.ASCII.GetBytes(user),
                    Pid = pid,
                    Seconds = now - ago,
                }.Write(record, UtmpLayout.Usual);
                file.Write(record);
            }
        }

        foreach (var options in new[] { "-w", "-F", "--time-format notime -w" })
        {
            string[] words = [.. options.Split(' '), "-f", folder.Of("wtmp")];
            var theirs = ClassicTool.Run(ClassicTool.Last, words, now: 0);
            Assert.Contains("logged in", theirs.Text, StringComparison.Ordinal);
            Assert.Contains("no logout", theirs.Text, StringComparison.Ordinal);
            Assert.Equal(theirs.Text, Applet.Run("last", words, now).Text);
        }
    }

    /// <summary>Addresses as numbers in every form, and names that the host itself knows.</summary>
    [Fact]
    public void Addresses_AreWrittenAlike()
    {
        using var folder = new TemporaryDirectory();
        using (var file = File.Create(folder.Of("wtmp")))
        {
            var random = new Random(7);
            var address = new byte[UtmpRecord.AddressSize];
            var record = new byte[UtmpLayout.NarrowSize];
            for (var i = 0; i < 3000; i++)
            {
                random.NextBytes(address);
                for (var word = 0; word < 16; word += 2)
                {
                    if (random.Next(3) > 0)
                    {
                        (address[word], address[word + 1]) = (0, (byte)(random.Next(3) == 0 ? random.Next(256) : 0));
                    }
                }

                if (i % 10 == 0)
                {
                    address.AsSpan(0, 12).Clear();
                    (address[10], address[11]) = i % 20 == 0 ? ((byte)0xff, (byte)0xff) : ((byte)0, (byte)0);
                }

                new UtmpFields { Type = UtmpType.UserProcess, Line = "tty1"u8, User = "amy"u8, Address = address }
                    .Write(record, UtmpLayout.Usual);
                file.Write(record);
            }
        }

        Agree("last", folder, "-i -w", "UTC", Now);
    }

    /// <summary>Those controls in names that the real tool lets through are shown by ours.</summary>
    private static byte[] WithoutNewlines(byte[] file)
    {
        for (var record = 0; record < file.Length; record += UtmpLayout.NarrowSize)
        {
            foreach (ref var value in file.AsSpan(record + 8, 332 - 8))
            {
                value = value is (byte)'\a' or (byte)'\t' or (byte)'\n' or (byte)'\r' ? (byte)1 : value;
            }
        }

        return file;
    }

    private static TemporaryDirectory Wild(ulong seed, long records)
    {
        var folder = new TemporaryDirectory();
        using var file = File.Create(folder.Of("wtmp"));
        WtmpGenerator.Wild(seed).Write(file, records);
        return folder;
    }

    private static void Agree(string name, TemporaryDirectory folder, string options, string zone, long now)
    {
        string[] words = [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-f", folder.Of("wtmp")];
        var theirs = ClassicTool.Run(name == "last" ? ClassicTool.Last : ClassicTool.Lastb, words, now, zone);
        var ours = Applet.Run(name, words, now, zone);
        var unknown = theirs.Errors.Contains("unrecognized ut_type", StringComparison.Ordinal);
        Assert.Equal((0, unknown ? 4 : 0), (theirs.ExitCode, ours.ExitCode));
        if (theirs.Output.AsSpan().SequenceEqual(ours.Output))
        {
            return;
        }

        var (their, our) = (theirs.Text.Split('\n'), ours.Text.Split('\n'));
        var differences = Enumerable.Range(0, Math.Min(their.Length, our.Length)).Where(i => their[i] != our[i])
            .ToArray();
        var isKnown = their.Length == our.Length && differences is [var only] && options.Contains("-x")
            && only == Array.FindIndex(our, line => line.Contains(" system down ") || line.EndsWith(" system down"))
            && their[only].StartsWith(our[only] + " ");
        Assert.True(isKnown, $"TZ={zone} {name} {options}: {their.Length} and {our.Length} lines\n" + string.Join(
            '\n', differences.Take(5).Select(i => $"theirs: {their[i]}\nours:   {our[i]}")));
    }
}
