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

    /// <summary>All new users of a slow directory together cost the patience once; no answer is lost.</summary>
    [Fact]
    public void SlowDirectory_CostsThePatienceOnce_HoweverManyAreNew()
    {
        using var directory = new HangingDirectory();
        var patience = TimeSpan.FromMilliseconds(400);
        using var names = New(directory.LookUp, patience);
        var waited = Stopwatch.StartNew();
        for (uint uid = 1; uid <= 10; uid++)
        {
            directory.Hang();
            Assert.Equal($"{uid}", names.Of(uid));
            if (uid == 1)
            {
                Assert.InRange(waited.Elapsed, patience * 0.9, patience + TimeSpan.FromSeconds(10));
            }

            waited.Stop();
            directory.Answer();
            Assert.True(SpinWait.SpinUntil(() => directory.Answered == uid, TimeSpan.FromSeconds(30)));
            waited.Start();
        }

        // Ten times the patience would be 4 s; a fifth of what passed meanwhile came back.
        Assert.InRange(waited.Elapsed, patience * 0.9, patience * 5);
        Until(() => names.Of(10) == "name10");
        Assert.Equal("name1", names.Of(1));
    }

    [Fact]
    public void Patience_ComesBack()
    {
        using var directory = new HangingDirectory();
        using var names = New(directory.LookUp, Impatient);
        Assert.Equal("1", names.Of(1));
        directory.Answer();
        Until(() => names.Of(1) == "name1");
        // Five times as long as was waited, and then some: an answer that takes a moment is waited for again.
        Thread.Sleep(Impatient * 10);
        var waits = Stopwatch.StartNew();
        directory.Hang();
        Assert.Equal("2", names.Of(2));
        Assert.InRange(waits.Elapsed, Impatient * 0.8, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void StandIn_IsShown_UntilTheDirectoryAnswers()
    {
        using var directory = new HangingDirectory();
        using var names = new IdNames(directory.LookUp, new FixedClock(), Impatient, "names",
            [(7, "local"u8.ToArray()), (7, "second"u8.ToArray()), (8, "8888"u8.ToArray())]);
        Assert.Equal("local", names.Of(7));
        Assert.Equal("8", names.Of(8));
        Assert.Equal("9", names.Of(9));
        Assert.Equal(3UL, names.Timeouts);
        directory.Answer();
        Until(() => names.Of(7) == "name7");
        Until(() => names.Of(9) == "name9");
    }

    /// <summary>A directory that fails knows no less than one that is silent.</summary>
    [Fact]
    public void KnownName_Stands_WhenTheDirectoryFails_AndGoes_WhenTheUserIsGone()
    {
        var clock = new FixedClock();
        Func<byte[]?> answer = () => "alice"u8.ToArray();
        using var names = new IdNames(_ => answer(), clock, Patient);
        Assert.Equal("alice", names.Of(7));
        answer = () => throw new IOException("getpwuid_r: ECONNREFUSED");
        clock.Now += TimeSpan.FromHours(1);
        Assert.Equal("alice", names.Of(7));
        clock.Now += TimeSpan.FromHours(1);
        Assert.Equal("alice", names.Of(7));
        answer = () => null;
        Assert.Equal("alice", names.Of(7));
        clock.Now += TimeSpan.FromMinutes(11);
        Assert.Equal("7", names.Of(7));
    }

    /// <summary>
    /// A new bearer of a name makes what is known of the old one old, long before ten minutes are over.
    /// </summary>
    [Fact]
    public void NameOfTwo_IsLookedUpAnew_ForTheEarlierOne()
    {
        var clock = new FixedClock();
        var users = new ConcurrentDictionary<uint, string> { [1] = "x", [2] = "z", [3] = "w" };
        var asked = new ConcurrentQueue<uint>();
        using var names = new IdNames(
            uid =>
            {
                asked.Enqueue(uid);
                return Encoding.UTF8.GetBytes(users[uid]);
            },
            clock, Patient);
        Assert.Equal("x", names.Of(1));
        Assert.Equal("w", names.Of(3));
        users[1] = "y";
        users[2] = "x";
        clock.Now += TimeSpan.FromSeconds(2);
        Assert.Equal("x", names.Of(2));
        Assert.Equal("y", names.Of(1));
        Assert.Equal("w", names.Of(3));

        // Two of one name do not make each other old for ever.
        users[4] = "x";
        clock.Now += TimeSpan.FromSeconds(2);
        for (var again = 0; again < 10; again++)
        {
            Assert.Equal(("x", "x"), (names.Of(4), names.Of(2)));
        }

        Assert.Equal([1u, 3u, 2u, 1u, 4u, 2u], asked.ToArray());
    }

    [Fact]
    public void AfterTheEnd_NobodyIsAnswered_AndNothingIsThrown()
    {
        var names = New(_ => "late"u8.ToArray(), Impatient);
        names.Dispose();
        names.Dispose();
        Assert.Equal("7", names.Of(7));
        Assert.Equal("8", names.Of(8));
    }

    private static IdNames New(Func<uint, byte[]?> lookUp, TimeSpan patience) =>
        new(lookUp, new FixedClock(), patience);

    private static void Until(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(30)));

    /// <summary>Answers nobody until it is told to.</summary>
    private sealed class HangingDirectory : IDisposable
    {
        private readonly ManualResetEventSlim answers = new();

        private int answered;

        public ConcurrentQueue<uint> Asked { get; } = [];

        public int Answered => Volatile.Read(ref answered);

        public byte[] LookUp(uint uid)
        {
            Asked.Enqueue(uid);
            answers.Wait();
            Interlocked.Increment(ref answered);
            return Encoding.UTF8.GetBytes($"name{uid}");
        }

        public void Answer() => answers.Set();

        public void Hang() => answers.Reset();

        // Its thread may wait here still: it goes on.
        public void Dispose() => answers.Set();
    }
}
