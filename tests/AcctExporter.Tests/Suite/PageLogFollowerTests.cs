// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using AcctExporter.Kernel;
using AcctExporter.Suite;
using AcctExporter.Tests.Kernel;
using Microsoft.Extensions.Logging.Abstractions;

namespace AcctExporter.Tests.Suite;

/// <summary>The log of printed pages through rotations, kills and other hands: each line once.</summary>
public sealed class PageLogFollowerTests : IDisposable
{
    private const int Killed = 128 + 9;

    private readonly TemporaryDirectory folder = new();
    private PageLogFollower follower;
    private int written;

    public PageLogFollowerTests() => follower = Follower();

    private string Log => folder.Of("page_log");

    private SuitePaths Paths => new(folder.Of("suite"));

    public void Dispose()
    {
        follower.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void WhatWasThereBefore_IsNotCharged_AndANewLogIs()
    {
        Print(3);
        Assert.True(follower.Pass());
        Assert.Empty(Lines());
        Print(2);
        Assert.True(follower.Pass());
        Assert.Equal(["u3", "u4"], Lines());
        using var other = new TemporaryDirectory();
        using var fresh = new PageLogFollower(
            new(other.Of("suite")), other.Of("page_log"), _ => null, NullLogger.Instance);
        Assert.True(fresh.Pass());
        Assert.False(fresh.Figures.Up);
        File.Copy(Log, other.Of("page_log"));
        Assert.True(fresh.Pass());
        Assert.Equal(5UL, fresh.Figures.Lines);
        Assert.StartsWith(
            "u0 4294967295 1 p ", File.ReadAllLines(other.Of("suite/qacct"))[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cups", false)]
    [InlineData("cups", true)]
    [InlineData("number", false)]
    [InlineData("number", true)]
    [InlineData("date", false)]
    [InlineData("date", true)]
    [InlineData("copy", false)]
    [InlineData("copy", true)]
    public void Rotations_LoseAndRepeatNothing(string way, bool restarts)
    {
        Begin();
        for (var round = 0; round < 4; round++)
        {
            Print(2);
            Pass(restarts && round % 2 == 0);
            Print(3);
            Rotate(way, round);
            if (round == 1)
            {
                // The old one is still written to while the new one is empty.
                Pass(restarts);
            }

            Print(1);
            Pass(restarts);
        }

        Assert.Equal(Enumerable.Range(0, written).Select(number => $"u{number}"), Lines());
        Assert.Equal(0UL, follower.Figures.Gaps);
    }

    /// <summary>Two rotations of logrotate between two looks; with cupsd's own, the first file is gone.</summary>
    [Theory]
    [InlineData("number", false, 0UL)]
    [InlineData("number", true, 0UL)]
    [InlineData("date", true, 0UL)]
    [InlineData("cups", true, 1UL)]
    public void SeveralRotationsUnseen_AreReadToo(string way, bool restarts, ulong gaps)
    {
        Begin();
        Print(2);
        Pass(restarts: false);
        Rotate(way, 0);
        Print(2);
        Rotate(way, 1);
        Print(2);
        Pass(restarts);
        Assert.Equal(Enumerable.Range(0, 6).Select(number => $"u{number}"), Lines());
        Assert.Equal(gaps, follower.Figures.Gaps);
    }

    [Fact]
    public void APartialLine_Waits_AndABadOneIsCounted()
    {
        Begin();
        File.AppendAllText(Log, "rubbish\np u0 1 [20/May/1999:19:21:06 +0000] total ");
        Pass(restarts: false);
        Assert.Empty(Lines());
        File.AppendAllText(Log, "2\n" + new string('x', 200_000) + "\n");
        Pass(restarts: true);
        written = 1;
        Print(1);
        Pass(restarts: false);
        Assert.Equal(["u0", "u1"], Lines());
        Assert.Equal((2UL, 2UL), (follower.Figures.Lines, follower.Figures.BadLines));
    }

    [Fact]
    public void Taken_IsWhole_AndWhatComesLaterIsNew()
    {
        Begin();
        Assert.False(follower.Take(Paths.OfNite("qacct", new(2026, 7, 2))));
        Print(2);
        Assert.True(follower.Take(Paths.OfNite("qacct", new(2026, 7, 2))));
        Print(2);
        Assert.True(follower.Take(Paths.OfNite("qacct", new(2026, 7, 2))));
        Pass(restarts: true);
        Assert.Equal(2, File.ReadAllLines(Paths.OfNite("qacct", new(2026, 7, 2))).Length);
        Assert.Equal(["u2", "u3"], Lines());
        Assert.Equal(4, follower.Figures.Pages.Sum(each => each.Pages));
    }

    /// <summary>The agent and a daily run by hand, in turns.</summary>
    [Fact]
    public void TwoFollowers_ShareOneState()
    {
        Begin();
        using var other = Follower();
        for (var i = 0; i < 6; i++)
        {
            Print(1);
            Assert.True((i % 2 == 0 ? follower : other).Pass());
        }

        Assert.Equal(6, Lines().Length);
        Assert.True(follower.Pass());
        Assert.Equal(6UL, follower.Figures.Lines);
    }

    /// <summary>What others did to qacct: more than was kept is of a kill, less is lost.</summary>
    [Fact]
    public void WhatQacctHasTooMuchOrTooLittle_IsCounted()
    {
        Assert.False(follower.Figures.IsOfALog);
        Begin();
        Assert.False(follower.Figures.IsOfALog);
        Print(2);
        Pass(restarts: false);
        Assert.True(follower.Figures.IsOfALog);
        File.AppendAllText(Paths.Qacct, "torn");
        Pass(restarts: false);
        Assert.Equal((4UL, 0UL, 0UL), Counted());
        var second = File.ReadAllLines(Paths.Qacct)[1];
        File.WriteAllText(Paths.Qacct, File.ReadAllLines(Paths.Qacct)[0] + "\n");
        Print(1);
        Pass(restarts: false);
        Assert.Equal((4UL, (ulong)second.Length + 1, 1UL), Counted());
        Assert.Equal(["u0", "u2"], Lines());

        (ulong CutOff, ulong Lost, ulong Failures) Counted() =>
            (follower.Figures.CutOffBytes, follower.Figures.LostBytes, follower.Figures.Failures);
    }

    [Fact]
    public void DamagedState_IsSetAside_AndNothingIsChargedTwice()
    {
        Begin();
        Print(2);
        Pass(restarts: false);
        File.WriteAllText(Paths.Printing, "damaged");
        Print(1);
        Pass(restarts: true);
        Print(1);
        Pass(restarts: false);
        Assert.Equal(["u0", "u1", "u3"], Lines());
        Assert.Single(Directory.GetFiles(Paths.Root, "printing.set-aside-*"));
        Assert.Equal(1UL, follower.Figures.Failures);
    }

    /// <summary>
    /// SIGKILL at every place, at a plain pass, at one over a rotation, and while qacct is given away.
    /// </summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void AKill_LosesAndRepeatsNothing(string place)
    {
        var taken = Paths.OfNite("qacct", new(2026, 7, 2));
        Assert.Equal(0, Child(null, taken: null));
        Print(2);
        var died = 0;
        died += Child(place, taken: null) == Killed ? 1 : 0;
        Print(2);
        Rotate("cups", 0);
        Print(2);
        died += Child(place, taken: null) == Killed ? 1 : 0;
        Print(1);
        died += Child(place, taken) == Killed ? 1 : 0;
        died += Child(place + ":2", taken) == Killed ? 1 : 0;
        Print(1);
        Pass(restarts: true);
        Assert.True(died > 0, "it was never killed");
        Assert.True(follower.Take(taken));
        Print(1);
        Pass(restarts: false);
        Assert.Equal(
            Enumerable.Range(0, written).Select(number => $"u{number}"),
            File.ReadAllLines(taken).Select(line => line.Split(' ')[0]).Concat(Lines()));
        Assert.Equal((ulong)written, follower.Figures.Lines);
        Assert.Equal(0UL, follower.Figures.Gaps);
    }

    public static TheoryData<string> Places() => [.. CrashPoint.OfPrinting];

    private int Child(string? place, string? taken)
    {
        var command = OwnProcess.Command(
            $"print {Paths.Root} {Log}{(taken is null ? "" : " " + taken)}", $"{CrashPoint.Variable}={place}");
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]))!;
        process.WaitForExit();
        Assert.True(process.ExitCode is 0 or 2 or Killed, $"exit code {process.ExitCode}");
        return process.ExitCode;
    }

    private PageLogFollower Follower() => new(Paths, Log, _ => 7, NullLogger.Instance);

    private void Begin() => Assert.True(follower.Pass());

    private void Pass(bool restarts)
    {
        if (restarts)
        {
            follower.Dispose();
            follower = Follower();
        }

        Assert.True(follower.Pass());
    }

    private void Print(int jobs)
    {
        for (; jobs > 0; jobs--)
        {
            var time = new DateTime(2026, 7, 1, 0, 0, 0).AddSeconds(written);
            File.AppendAllText(Log, string.Create(
                CultureInfo.InvariantCulture,
                $"p u{written++} {written} [{time:dd/MMM/yyyy:HH:mm:ss} +0000] total 1 - localhost job - -\n"));
        }
    }

    private void Rotate(string way, int round)
    {
        switch (way)
        {
            case "cups":
                File.Move(Log, Log + ".O", overwrite: true);
                return;

            case "number":
                for (var number = 8; number > 0; number--)
                {
                    if (File.Exists($"{Log}.{number}"))
                    {
                        File.Move($"{Log}.{number}", $"{Log}.{number + 1}");
                    }
                }

                File.Move(Log, Log + ".1");
                break;

            case "date":
                File.Move(Log, $"{Log}-2026070{round + 1}");
                break;

            case "copy":
                File.Copy(Log, $"{Log}-2026070{round + 1}");
                File.WriteAllText(Log, "");
                return;
        }

        File.WriteAllText(Log, "");
    }

    private string[] Lines() =>
        File.Exists(Paths.Qacct) ? [.. File.ReadAllLines(Paths.Qacct).Select(line => line.Split(' ')[0])] : [];
}
