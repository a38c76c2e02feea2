// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// Any bytes as a login file or as an accounting file give a report and a status: never a throw, never a hang. A
/// failure names the seed of its file, which makes it again: <c>Mutations.OfWtmp().Of(SEED)</c>, <c>OfPacct()</c>.
/// </summary>
public sealed class MutationTests
{
    /// <summary>What one file may take; it takes some ten microseconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The same seeds each time, so that a red build means a change.</summary>
    [Fact]
    public void SomeThousandDamagedFiles_GiveAReport() => Run(1, 10_000);

    /// <summary>New ones each time; ACCT_MUTATION_SEED begins with one that failed.</summary>
    [Fact]
    [Trait("Lane", "peers")]
    public void AMillionDamagedFiles_GiveAReport() => Run(AnySeed(), 1_000_000);

    /// <summary>The same of accounting files.</summary>
    [Fact]
    public void SomeThousandDamagedAccountingFiles_GiveAReport() => RunProcesses(1, 6_000);

    /// <summary>Likewise.</summary>
    [Fact]
    [Trait("Lane", "peers")]
    public void DamagedAccountingFiles_GiveAReport() => RunProcesses(AnySeed(), 320_000);

    /// <summary>The test's own test: what throws and what hangs is found, with its seed.</summary>
    [Fact]
    public void Faults_AreFound()
    {
        var throwing = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Run(
            7, 10, [("bad", 1, bytes => throw new InvalidOperationException("told so"))], Limit, Mutations.OfWtmp()));
        Assert.Contains(
            "seed 7: bad: System.InvalidOperationException: told so", throwing.Message, StringComparison.Ordinal);

        using var stop = new ManualResetEventSlim();
        var hanging = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Run(
            8, 10, [("slow", 1, bytes => stop.Wait())], TimeSpan.FromMilliseconds(50), Mutations.OfWtmp()));
        stop.Set();
        Assert.Contains("seed 8: slow: not done after", hanging.Message, StringComparison.Ordinal);
    }

    private static int AnySeed() =>
        int.TryParse(Environment.GetEnvironmentVariable("ACCT_MUTATION_SEED"), out var given) ? given
            : Random.Shared.Next(1 << 30);

    private static void Run(int seed, int files)
    {
        using var readers = new LoginFileReaders();
        Run(seed, files, readers.All, Limit, Mutations.OfWtmp());
    }

    private static void RunProcesses(int seed, int files)
    {
        using var readers = new ProcessFileReaders();
        Run(seed, files, readers.All, Limit, Mutations.OfPacct());
    }

    /// <summary>
    /// Reads on a thread of its own, so that one that hangs is told of. As many files as there are to read once, shared
    /// among the readers.
    /// </summary>
    private static void Run(
        int seed, int files, (string Name, int Share, Action<byte[]> Read)[] readers, TimeSpan limit,
        Mutations mutations)
    {
        var turns = readers.SelectMany(reader => Enumerable.Repeat(reader, reader.Share)).ToArray();
        var now = seed;
        var began = Stopwatch.GetTimestamp();
        var name = "";
        Exception? fault = null;
        var thread = new Thread(() =>
        {
            for (var i = 0; i < files && fault == null; i++)
            {
                var (reader, _, read) = turns[i % turns.Length];
                Volatile.Write(ref name, reader);
                Volatile.Write(ref now, seed + i);
                Volatile.Write(ref began, Stopwatch.GetTimestamp());
                try
                {
                    read(mutations.Of(seed + i));
                }
                catch (Exception error) when (error is not ThreadInterruptedException)
                {
                    fault = error;
                }
            }
        })
        { IsBackground = true };
        thread.Start();
        while (!thread.Join(Math.Min(500, (int)limit.TotalMilliseconds)))
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref began)) > limit)
            {
                Assert.Fail($"seed {Volatile.Read(ref now)}: {Volatile.Read(ref name)}: not done after {limit}");
            }
        }

        Assert.True(fault == null, $"seed {now}: {name}: {fault}");
    }
}
