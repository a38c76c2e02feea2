// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Tests.Metrics;

/// <summary>An accounting suite of which every family has something to say.</summary>
internal static class SuiteSamples
{
    public static TacctSums Ann => new()
    {
        Prime = new()
        {
            CpuMicroseconds = 1_500_000, KibMicroseconds = 3_000_000, CharacterBytes = 4096, StorageBytes = 512,
            ConnectMicroseconds = 60_000_000,
        },
        NonPrime = new() { CpuMicroseconds = 10_000, ConnectMicroseconds = 1_000_000 },
        DiskBytes = 3072,
        DiskSamples = 2,
        PrintedPages = 7,
        FeeMilliunits = -2_500,
        Processes = 11,
        Sessions = 2,
    };

    public static SuiteSnapshot Small => new()
    {
        Users =
        [
            new("user", "ann", SuiteScope.Day, Ann, knowsIo: true),
            new("user", "a\"b\\x0a", SuiteScope.Day, default, knowsIo: true),
            new("user", "ann", SuiteScope.Fiscal, Ann, knowsIo: false),
        ],
        Groups = [new("group", "staff", SuiteScope.Fiscal, Ann, knowsIo: true)],
        Fees = [new(-2_500, 0, ("user", "ann"))],
        Disks = [new(3072, 0, ("user", "ann"), ("filesystem", "/home"))],
        Pages = [new(7, FakeSource.Noon, ("user", "ann"), ("printer", "laser"))],
        PageLog = new()
        {
            Up = true, Lines = 21, BadLines = 22, Gaps = 23, Rotations = 24, Failures = 25, CutOffBytes = 26,
            LostBytes = 27,
        },
        DiskSampleUnixMicroseconds = FakeSource.Noon,
        State = RunState.Complete,
        LastSuccessUnixMicroseconds = FakeSource.Noon,
        LastExitCode = 2,
        LastMicroseconds = 1_250_000,
        ClosedUnixMicroseconds = FakeSource.Noon,
        FileBytes = 12_345,
        UnchargedBlocks = 3,
        LostBlocks = 0,
        ReadFailures = 1,
    };

    public static SuiteWorkCounts Work
    {
        get
        {
            var counts = new SuiteWorkCounts();
            counts.Count(SuiteWork.Day, isDone: true);
            counts.Count(SuiteWork.Day, isDone: false);
            counts.Count(SuiteWork.Day, isDone: false);
            return counts;
        }
    }
}
