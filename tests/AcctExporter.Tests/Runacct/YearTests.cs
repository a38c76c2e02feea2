// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Runacct;
using AcctExporter.Suite;

namespace AcctExporter.Tests.Runacct;

/// <summary>
/// A year in minutes: 365 daily runs and twelve closes, and every third day a run that is killed somewhere and started
/// again. What each period came to must be what was done, user by user and field by field.
/// </summary>
[Trait("Lane", "kernel")]
public sealed class YearTests
{
    private const int KilledEvery = 3;

    [Fact]
    public void AYear_WithARunKilledEveryThirdDay_IsChargedExactlyOnce()
    {
        var seed = Environment.TickCount;
        try
        {
            Simulate(seed);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new InvalidOperationException($"seed {seed}: {error.Message}", error);
        }
    }

    private static void Simulate(int seed)
    {
        using var folder = new MemoryFolder();
        using var lab = new RunLab(folder.Path) { Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") };
        lab.Paths.MakeFolders();
        var year = new SimulatedYear(lab, seed);
        var random = new Random(seed + 1);
        var (killed, closes, runs) = (0, 0, 0);
        var before = lab.At("2026-01-01 04:00:00").ToUnixTimeSeconds();
        for (var day = new DateOnly(2026, 1, 2); day <= new DateOnly(2027, 1, 1); day = day.AddDays(1))
        {
            var local = $"{RunMarks.Text(day)} 04:00:00";
            var cut = lab.At(local).ToUnixTimeSeconds();
            year.Pass(before, cut);
            before = cut;
            runs++;
            if (runs % KilledEvery == 0)
            {
                killed += lab.Process(local, Place(random), "runacct").Code == 137 ? 1 : 0;
            }

            var (code, errors) = lab.Run(local);
            Assert.True(
                code is RunCode.Done or RunCode.WithWarnings || (runs % KilledEvery == 0 && code == RunCode.AlreadyRun),
                $"{local}: {code}: {errors}");
            Assert.Equal($"COMPLETE\n{RunMarks.Text(day)}\n", lab.Text(lab.Paths.StateFile));
            if (day.Day == 1)
            {
                Close(lab, local, random);
                closes++;
                Same(year.Due, lab.Fiscal("tacct" + RunMarks.Text(day.AddDays(-1))[..7]));
                year.Close();
            }

            if (day.Day == 20)
            {
                year.Rotate();
            }
        }

        Assert.Equal((365, 12), (runs, closes));
        Assert.True(killed > 60, $"only {killed} runs were killed");
        Assert.True(year is { Exits: > 10_000, Sessions: > 600 }, $"{year.Exits} exits, {year.Sessions} sessions");
    }

    /// <summary>Each close is killed, too, and finished by itself or by the next run.</summary>
    private static void Close(RunLab lab, string local, Random random)
    {
        string[] places =
        [
            "suite-before-close", "suite-after-close", $"suite-before-rename:{random.Next(1, 8)}",
            $"suite-after-rename:{random.Next(1, 8)}", $"suite-after-delete:{random.Next(1, 300)}",
        ];
        var (code, errors) = lab.Process(local, places[random.Next(places.Length)], "monacct");
        Assert.True(code is 137 or 0, errors);
        Assert.True(code == 0 || lab.Close(local).Code == RunCode.Done, errors);
    }

    private static string Place(Random random)
    {
        var place = CrashPoint.OfSuite[random.Next(CrashPoint.OfSuite.Count)];
        return place.StartsWith("suite-before-close", StringComparison.Ordinal)
            || place.StartsWith("suite-after-close", StringComparison.Ordinal)
            ? $"suite-before-rename:{random.Next(1, 40)}"
            : place is CrashPoint.BeforeSuiteWrite or CrashPoint.BeforeSuiteRename or CrashPoint.AfterSuiteRename
            ? $"{place}:{random.Next(1, 40)}" : place;
    }

    private static void Same(IReadOnlyDictionary<(uint Uid, string Name), TacctSums> due, string path)
    {
        var charged = RunLab.Tacct(path);
        Assert.Equal(due.Keys.Order(), charged.Keys.Order());
        Assert.All(due, user => Assert.Equal((path, user.Key, user.Value), (path, user.Key, charged[user.Key])));
    }
}
