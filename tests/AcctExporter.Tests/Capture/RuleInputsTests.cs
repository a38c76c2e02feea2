// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Capture;
using AcctExporter.Kernel;
using AcctExporter.Ledger;
using AcctExporter.Records;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Ledger;
using AcctExporter.Tests.Properties;

namespace AcctExporter.Tests.Capture;

/// <summary>What rules ask for besides user and command: the executable and the unit.</summary>
public sealed class RuleInputsTests : IDisposable
{
    /// <summary>Long enough for a healthy answer on a busy machine.</summary>
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory temporary = new();
    private readonly FixedClock clock = new();

    public RuleInputsTests()
    {
        Directory.CreateDirectory(temporary.Of("proc"));
        Directory.CreateDirectory(temporary.Of("bin"));
    }

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Executable_IsFound_WhereItIsCertain()
    {
        using var paths = New();
        var path = temporary.File("bin/tool", "x");
        Assert.Equal(path, Of(paths, path));
        Assert.Equal("", Of(paths, temporary.File("elsewhere", "x")));
        Assert.Equal("", paths.Of(Exit(), default));
        Assert.Equal(0UL, paths.Timeouts);
    }

    [Fact]
    public void ExecutableThatChangedSince_IsNotKnown()
    {
        using var paths = New();
        var path = temporary.File("bin/tool", "x");
        var changed = (uint)(Identify(path).ChangedUnixNanoseconds / 1_000_000_000);
        Assert.Equal("", paths.Of(Exit() with { BeginUnixSeconds = changed }, Figures(path)));
        Assert.Equal(path, paths.Of(Exit() with { BeginUnixSeconds = changed + 1 }, Figures(path)));
    }

    /// <summary>A renamed file is asked for again after <see cref="Executables.Trust"/>, and not before.</summary>
    [Fact]
    public void Executable_IsLookedAtAgain()
    {
        using var paths = New();
        var path = temporary.File("bin/tool", "x");
        Assert.Equal(path, Of(paths, path));
        var figures = Figures(path);
        File.Move(path, temporary.Of("gone"));
        Assert.Equal(path, paths.Of(Exit(), figures));
        clock.Now += Executables.Trust;
        Assert.Equal("", paths.Of(Exit(), figures));
    }

    /// <summary>What was not found is not looked for at each exit.</summary>
    [Fact]
    public void ExecutableThatWasNotFound_IsLookedForAgain_AfterASecond()
    {
        using var paths = New();
        var path = temporary.File("bin/tool", "x");
        var figures = Figures(path);
        // The directory is listed for another.
        Assert.NotEqual("", Of(paths, temporary.File("bin/other", "x")));
        File.Move(path, temporary.Of("away"));
        Assert.Equal("", paths.Of(Exit(), figures));
        File.Move(temporary.Of("away"), path);
        clock.Now += TimeSpan.FromSeconds(0.9);
        Assert.Equal("", paths.Of(Exit(), figures));
        clock.Now += TimeSpan.FromSeconds(0.1);
        Assert.Equal(path, paths.Of(Exit(), figures));
    }

    /// <summary>Rules take time for each character, and strangers choose paths.</summary>
    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void LongPath_IsShownToNoRule(int length, bool isShown)
    {
        using var paths = New();
        var directory = temporary.Of($"bin/{new string('d', 200)}");
        Directory.CreateDirectory(directory);
        var inner = Directory.CreateDirectory($"{directory}/{new string('e', 200)}").FullName;
        var path = $"{inner}/{new string('f', length - inner.Length - 1)}";
        File.WriteAllText(path, "x");
        Assert.Equal(isShown ? path : "", Of(paths, path));
    }

    [Fact]
    public void KnownExecutable_AllocatesNothing()
    {
        using var paths = New();
        var path = temporary.File("bin/tool", "x");
        var figures = Figures(path);
        var exit = Exit();
        Assert.Equal(path, paths.Of(exit, figures));
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                paths.Of(exit, figures);
            }
        }));
    }

    /// <summary>What an exec'ed file of a dead network is: one look-up is waited for, the others are not.</summary>
    [Fact]
    public void HangingLookUp_IsWaitedForOnce()
    {
        var hang = new TaskCompletionSource();
        using var lookUp = new PatientLookup<(ulong, ulong), bool>(
            (_, _) =>
            {
                hang.Task.Wait();
                return true;
            },
            clock, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(50), "hanging");
        var start = Stopwatch.GetTimestamp();
        for (var inode = 1UL; inode <= 1_000; inode++)
        {
            Assert.False(lookUp.TryGet((1, inode), out _));
        }

        // A thousand times the patience would be 50 s.
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(25));
        Assert.Equal(1_000UL, lookUp.Timeouts);
        hang.SetResult();
        Assert.True(SpinWait.SpinUntil(() => lookUp.TryGet((1, 7), out _), Patient));
    }

    [Fact]
    public void RuleOfTheExecutable_DecidesInTheLedger()
    {
        using var paths = New();
        using var scopes = new ProcessScopes(OptionalLabels.None, false, clock) { Executables = paths };
        var path = temporary.File("bin/tool", "x");
        using var ledger = new ExitLedger(
            new LedgerOptions
            {
                Rules = [CommandRulesTests.Rule("sh", "job") with { Exe = RulePatternTests.Of(".*/bin/tool") }],
            },
            uid => $"u{uid}", null, scopes.ContextOf, scopes.InputsOf);
        ProcessExit[] exits = [Exit(), Exit(), Exit()];
        var pairs = new int[3];
        var decisions = new System.Buffers.ArrayBufferWriter<byte>();
        scopes.SetContexts(exits, [Figures(path), default, Figures(path)], ledger);
        ledger.Plan(exits, pairs, decisions, 0);
        Assert.Equal([0, 1, 0], pairs);
        ledger.Count(exits, pairs, 0);
        var snapshot = new LedgerSnapshot();
        ledger.CopyTo(snapshot);
        Assert.Equal(["job", "sh"], snapshot.Pairs.Select(pair => pair.Command));
        Assert.All(snapshot.Pairs, pair => Assert.Equal(ExitContext.Empty, pair.Context));
        Assert.Null(scopes.Status);
    }

    [Fact]
    public void UnitForRules_IsNoLabel()
    {
        var scopes = new CgroupScopes(OptionalLabels.Unit | OptionalLabels.Container);
        var id = new string('a', 64);
        var inside = scopes.Of(System.Text.Encoding.UTF8.GetBytes($"/system.slice/a.service/docker-{id}"));
        var service = scopes.Of("/a.service"u8);
        var contexts = new LabelContexts(OptionalLabels.Container);
        var first = contexts.Of(1, service, scopes);
        Assert.Equal(ExitContext.Empty, contexts[first]);
        Assert.Equal(new RuleInputs("a.service", ""), contexts.InputsOf(first));
        var second = contexts.Of(1, inside, scopes, "/bin/sh");
        Assert.Equal("", contexts[second].Unit);
        Assert.Equal("/bin/sh", contexts.InputsOf(second).Exe);
        Assert.NotEqual(second, contexts.Of(1, inside, scopes, "/bin/ls"));
        Assert.Equal(second, contexts.Of(2, inside, scopes, "/bin/sh"));
    }

    [Theory]
    [InlineData((byte)OptionalLabels.None, false, false, false)]
    [InlineData((byte)OptionalLabels.None, true, true, true)]
    [InlineData((byte)OptionalLabels.Container, false, true, false)]
    [InlineData((byte)OptionalLabels.Unit, false, true, true)]
    public void Connector_IsWanted_WhereALabelOrARuleNeedsIt(
        byte labels, bool unitForRules, bool wantsConnector, bool knowsUnits)
    {
        using var scopes = new ProcessScopes((OptionalLabels)labels, unitForRules, clock);
        Assert.Equal((wantsConnector, knowsUnits), (scopes.WantsConnector, scopes.KnowsUnits));
    }

    private static ProcessExit Exit() => TestLedger.Exit("sh") with { BeginUnixSeconds = uint.MaxValue };

    private static string Of(ExecutablePaths paths, string path) => paths.Of(Exit(), Figures(path));

    private static TaskFigures Figures(string path) => new()
    {
        ExecutableDevice = Executables.Encode(Identify(path).Device), ExecutableInode = Identify(path).Inode,
        Knowledge = TaskKnowledge.Joined,
    };

    private static FileIdentity Identify(string path)
    {
        Assert.True(FileIdentity.TryOfPath(path, out var identity, out _));
        return identity;
    }

    private ExecutablePaths New() =>
        new(new Executables(clock, temporary.Of("proc"), [temporary.Of("bin")]), clock, Patient);
}
