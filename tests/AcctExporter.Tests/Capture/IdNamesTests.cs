// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using AcctExporter.Capture;

namespace AcctExporter.Tests.Capture;

public sealed class IdNamesTests
{
    /// <summary>Long enough for a healthy answer on a busy machine.</summary>
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Impatient = TimeSpan.FromMilliseconds(50);

    [Theory]
    [InlineData("root", "root")]
    [InlineData("j.doe@example.org", "j.doe@example.org")]
    [InlineData("m\u00fcller", "m\u00fcller")]
    [InlineData("new\nline", @"new\x0aline")]
    [InlineData("other", @"\x6fther")]
    [InlineData("1234", "42")]
    [InlineData("12a", "12a")]
    [InlineData("", "42")]
    [InlineData(null, "42")]
    public void Of_GivesTheName_OrTheNumber(string? name, string label)
    {
        using var names = New(_ => name is null ? null : Encoding.UTF8.GetBytes(name), Patient);
        Assert.Equal(label, names.Of(42));
        Assert.Equal(0UL, names.Timeouts);
    }

    [Fact]
    public void Of_GivesTheNumber_ForANameLongerThanAny()
    {
        using var names = New(uid => Encoding.UTF8.GetBytes(new string('n', (int)uid)), Patient);
        Assert.Equal(new string('n', 128), names.Of(128));
        Assert.Equal("129", names.Of(129));
        Assert.Equal("4294967294", New(_ => null, Patient).Of(4294967294));
    }

    [Fact]
    public void Of_AsksOnce_AndAgainAfterAWhile()
    {
        var asked = 0;
        var clock = new FixedClock();
        using var names = new IdNames(
            _ => Encoding.UTF8.GetBytes($"name{Interlocked.Increment(ref asked)}"), clock, Patient);
        Assert.Equal("name1", names.Of(7));
        clock.Now += TimeSpan.FromMinutes(9);
        Assert.Equal("name1", names.Of(7));
        clock.Now += TimeSpan.FromMinutes(2);
        Assert.Equal("name2", names.Of(7));
    }

    [Fact]
    public void Of_GivesTheNumber_WhenTheDirectoryFails()
    {
        using var names = New(_ => throw new IOException("getpwuid_r: EIO"), Patient);
        Assert.Equal("7", names.Of(7));
        Assert.Equal("8", names.Of(8));
        Assert.Equal(0UL, names.Timeouts);
    }

    [Fact]
    public void HangingLookUp_IsWaitedForOnce_ThenForNone()
    {
        using var directory = new HangingDirectory();
        using var names = New(directory.LookUp, Impatient);
        Assert.Equal("1", names.Of(1));
        var clock = Stopwatch.StartNew();
        for (uint uid = 2; uid < 1002; uid++)
        {
            Assert.Equal($"{uid}", names.Of(uid));
        }

        // A thousand times the patience would be 50 s.
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(25));
        Assert.Equal(1001UL, names.Timeouts);
    }

    [Fact]
    public void LateAnswer_IsForThoseWhoAskLater_AndNoneIsAskedForTwice()
    {
        using var directory = new HangingDirectory();
        using var names = New(directory.LookUp, Impatient);
        for (var again = 0; again < 20; again++)
        {
            Assert.Equal("7", names.Of(7));
            Assert.Equal("8", names.Of(8));
        }

        directory.Answer();
        Until(() => names.Of(8) == "name8");
        Assert.Equal("name7", names.Of(7));
        Until(() => names.Of(9) == "name9");
        Assert.Equal([7u, 8u, 9u], directory.Asked.ToArray());
    }

    [Fact]
    public void KnownName_Stands_WhileTheDirectoryHangs()
    {
        using var directory = new HangingDirectory();
        directory.Answer();
        var clock = new FixedClock();
        using var names = new IdNames(directory.LookUp, clock, Impatient);
        Until(() => names.Of(7) == "name7");
        directory.Hang();
        clock.Now += TimeSpan.FromHours(1);
        var before = names.Timeouts;
        Assert.Equal("name7", names.Of(7));
        Assert.Equal("name7", names.Of(7));
        Assert.Equal(before + 2, names.Timeouts);
    }

    /// <summary>Each new user of a slow directory costs the patience, not its slowness; no answer is lost.</summary>
    [Fact]
    public void SlowDirectory_NeverCostsMoreThanThePatience()
    {
        using var directory = new HangingDirectory();
        var patience = TimeSpan.FromMilliseconds(300);
        using var names = New(directory.LookUp, patience);
        for (uint uid = 1; uid <= 3; uid++)
        {
            directory.Hang();
            var clock = Stopwatch.StartNew();
            Assert.Equal($"{uid}", names.Of(uid));
            Assert.InRange(clock.Elapsed, patience * 0.9, patience + TimeSpan.FromSeconds(10));
            directory.Answer();
            Until(() => names.Of(uid) == $"name{uid}");
        }
    }

    private static IdNames New(Func<uint, byte[]?> lookUp, TimeSpan patience) =>
        new(lookUp, new FixedClock(), patience);

    private static void Until(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(30)));

    /// <summary>Answers nobody until it is told to.</summary>
    private sealed class HangingDirectory : IDisposable
    {
        private readonly ManualResetEventSlim answers = new();

        public ConcurrentQueue<uint> Asked { get; } = [];

        public byte[] LookUp(uint uid)
        {
            Asked.Enqueue(uid);
            answers.Wait();
            return Encoding.UTF8.GetBytes($"name{uid}");
        }

        public void Answer() => answers.Set();

        public void Hang() => answers.Reset();

        // Its thread may wait here still: it goes on.
        public void Dispose() => answers.Set();
    }
}
