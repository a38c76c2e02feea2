// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Records;
using AcctExporter.Tests.Properties;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Records;

/// <summary>CPU time of ended threads: the rules one by one, and against what real processes used.</summary>
public class CpuEstimatorTests
{
    private const ulong Tick = 4_000_000;

    // Microseconds: run time, samples in user mode, elapsed, wait for a CPU; runs, voluntary switches; expected.
    [Theory]
    [InlineData(0, 0, 2000, 0, 1, 0, 2000)] // never slept, no tick: elapsed
    [InlineData(1000, 4000, 2000, 0, 1, 0, 2000)] // one sample of a tick changes nothing
    [InlineData(8500, 8000, 12_000, 2000, 3, 0, 10_000)] // shared its CPU: elapsed less the wait
    [InlineData(8000, 8000, 30_000, 0, 1, 0, 12_000)] // more than a tick over the run time: not running, whatever else
    [InlineData(8000, 29_000, 30_000, 0, 1, 0, 29_000)] // unless samples say so: a CPU whose tick is stopped
    [InlineData(5000, 4000, 4000, 0, 1, 0, 5000)] // never below the run time
    [InlineData(5000, 4000, 4000, 9000, 1, 0, 5000)]
    [InlineData(0, 8000, 30_000, 0, 0, 0, 8000)] // no scheduling figures: samples
    [InlineData(100, 0, 90_000, 0, 2, 1, 100)] // slept once, no sample over the run time: nothing known
    [InlineData(100, 4000, 90_000, 0, 2, 1, 4000)] // and with one: the samples
    [InlineData(100, 40_000, 90_000, 0, 2, 1, 4100)] // a tick over the run time at most
    [InlineData(100, 4000, 90_000, 89_000, 2, 1, 1000)] // and never more than elapsed time has room for
    [InlineData(3000, 0, 90_000, 0, 4, 3, 3583)] // runs of 1 ms: 1 - 1/8 missing, samples (none) have a third's say
    [InlineData(40_000, 40_000, 90_000, 0, 5, 4, 41_500)] // runs of 10 ms: half a tick, less a quarter
    public void Add_FollowsTheRules(
        ulong run, ulong user, ulong elapsed, ulong wait, ulong runs, ulong voluntary, ulong expected)
    {
        var thread = new ThreadExit
        {
            RunNanoseconds = run * 1000, UserMicroseconds = user, ElapsedMicroseconds = elapsed, Runs = runs,
            VoluntarySwitches = voluntary,
        };
        thread.DelayNanoseconds[(int)DelayReason.Cpu] = wait * 1000;
        Assert.Equal(expected, Total(new CpuEstimator(Tick), in thread));
    }

    [Theory]
    [InlineData(4000, 0, 2000, 0)]
    [InlineData(0, 4000, 0, 2000)]
    [InlineData(4000, 12_000, 500, 1500)]
    [InlineData(0, 0, 1000, 1000)]
    public void Add_SplitsBySamples(ulong user, ulong system, ulong expectedUser, ulong expectedSystem)
    {
        var thread = Named("a", user, system);
        Assert.Equal((expectedUser, expectedSystem), Split(new CpuEstimator(Tick), in thread));
    }

    [Fact]
    public void Add_SplitsWithoutSamples_LikeThoseOfTheSameName()
    {
        var estimator = new CpuEstimator(Tick);
        Split(estimator, Named("builder", 4000, 0));
        for (var i = 0; i < 3; i++)
        {
            Split(estimator, Named("copier", 0, 4000));
        }

        Split(estimator, Named("copier", 4000, 0));
        Assert.Equal((2000ul, 0ul), Split(estimator, Named("builder", 0, 0)));
        Assert.Equal((500ul, 1500ul), Split(estimator, Named("copier", 0, 0)));
    }

    [Fact]
    public void Add_SplitsWithoutSamples_ByWhatTheNameDidLately()
    {
        var estimator = new CpuEstimator(Tick);
        Split(estimator, Named("a", 4_000_000_000, 0)); // an hour of one process is four ticks' worth
        for (var i = 0; i < 5000; i++)
        {
            Split(estimator, Named("a", 0, 4000));
        }

        Assert.Equal((0ul, 2000ul), Split(estimator, Named("a", 0, 0)));
    }

    // Sums within 5 % (3 % from 9 ms on), and how far off one process in two may be. Processes that sleep and then work
    // for less than a tick are right on average only. What /bin/true lacks it spends after its message.
    [Theory]
    [InlineData("user-2ms", 0.95, 1.01, 100)]
    [InlineData("mixed-2ms-two-at-a-time", 0.95, 1.01, 100)]
    [InlineData("system-9ms", 0.97, 1.01, 200)]
    [InlineData("executed-2ms", 0.95, 1.01, 150)]
    [InlineData("four-threads-5ms", 0.97, 1.03, 250)]
    [InlineData("clock-read-2ms", 0.95, 1.01, 100)]
    [InlineData("throttled-9ms", 0.97, 1.01, 200)]
    [InlineData("eight-parts-2ms", 0.95, 1.05, 250)]
    [InlineData("three-parts-9ms", 0.97, 1.03, 1000)]
    [InlineData("late-9ms", 0.97, 1.03, 1500)]
    [InlineData("late-2ms", 0.9, 1.1, 2000)]
    [InlineData("two-parts-2ms", 0.9, 1.1, 1300)]
    [InlineData("python", 0.97, 1.01, 1000)]
    [InlineData("true", 0.88, 1.01, 100)]
    public void Add_AgreesWithWhatRealProcessesUsed(string scenario, double least, double most, double median)
    {
        var processes = Processes(scenario);
        var estimator = new CpuEstimator(Tick);
        var found = processes.Select(process => (
            Truth: (double)process.Truth,
            Sum: (double)process.Threads.Aggregate(0ul, (sum, thread) => sum + Total(estimator, in thread)))).ToList();

        Assert.InRange(found.Sum(one => one.Sum) / found.Sum(one => one.Truth), least, most);
        var errors = found.Select(one => Math.Abs(one.Sum - one.Truth)).Order().ToList();
        Assert.InRange(errors[errors.Count / 2], 0, median);
    }

    [Fact]
    public void Add_StaysBetweenItsBounds_WhateverTheFigures()
    {
        var number = Gen
            .Frequency((20, Gen.Choose(0, 20_000)), (5, Gen.Choose(0, int.MaxValue)), (1, Gen.Choose(-9, -1)))
            .Select(value => unchecked((ulong)value));
        Holds.ForAll(number.ArrayOf(7), 2000, figures =>
        {
            var thread = new ThreadExit
            {
                RunNanoseconds = figures[0], UserMicroseconds = figures[1], SystemMicroseconds = figures[2],
                ElapsedMicroseconds = figures[3], Runs = figures[4], VoluntarySwitches = figures[5] % 2,
            };
            thread.DelayNanoseconds[(int)DelayReason.Cpu] = figures[6];
            var total = Total(new CpuEstimator(Tick), in thread);
            var run = figures[0] / 1000;
            var over = Math.Max(figures[1] + figures[2], Tick / 1000);
            return figures.Any(figure => figure > int.MaxValue) // absurd: no exception is all
                || figures[4] == 0
                || (total >= run && total <= run + over + 1 && total <= Math.Max(run, figures[3]) + 1);
        });
    }

    [Fact]
    public void Add_AllocatesNothing()
    {
        var estimator = new CpuEstimator(Tick);
        var thread = Named("a", 4000, 4000);
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                Split(estimator, in thread);
            }
        }));
    }

    private static ThreadExit Named(string name, ulong user, ulong system)
    {
        var command = CommandName.From(System.Text.Encoding.UTF8.GetBytes(name));
        return new ThreadExit
        {
            CommandLow = command.Low, CommandHigh = command.High, UserMicroseconds = user, SystemMicroseconds = system,
            ElapsedMicroseconds = 2000, Runs = 1, RunNanoseconds = 2_000_000,
        };
    }

    private static (ulong User, ulong System) Split(CpuEstimator estimator, in ThreadExit thread)
    {
        ulong user = 0, system = 0;
        estimator.Add(in thread, ref user, ref system);
        return (user, system);
    }

    private static ulong Total(CpuEstimator estimator, in ThreadExit thread)
    {
        var (user, system) = Split(estimator, in thread);
        return unchecked(user + system);
    }

    private static List<(ulong Truth, ThreadExit[] Threads)> Processes(string scenario) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", "cpu", "ended-threads.csv"))
            .Select(line => line.Split(','))
            .Where(field => field[0] == scenario)
            .GroupBy(field => field[1])
            .Select(group => (Number(group.First()[2]), group.Select(Thread).ToArray()))
            .ToList();

    private static ThreadExit Thread(string[] field)
    {
        var thread = new ThreadExit
        {
            RunNanoseconds = Number(field[3]), UserMicroseconds = Number(field[4]),
            SystemMicroseconds = Number(field[5]), ElapsedMicroseconds = Number(field[6]), Runs = Number(field[8]),
            VoluntarySwitches = Number(field[9]),
        };
        thread.DelayNanoseconds[(int)DelayReason.Cpu] = Number(field[7]);
        return thread;
    }

    private static ulong Number(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);
}
