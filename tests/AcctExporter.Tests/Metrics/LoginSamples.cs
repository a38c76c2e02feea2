// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;

namespace AcctExporter.Tests.Metrics;

/// <summary>Logins in which every family has something to say.</summary>
internal static class LoginSamples
{
    private const long Seconds = FakeSource.Noon / 1_000_000;

    public static LoginSnapshot Small => new()
    {
        SinceUnixMicroseconds = FakeSource.Noon - 3_600_000_000,
        WtmpUp = true,
        BtmpUp = false,
        KnowsSessions = true,
        KnowsFailures = true,
        HolidaysStale = false,
        HolidaysYear = 2026,
        Users =
        [
            new LoginUserRow(
                new LoginUser("root", FakeSource.Noon - 60_000_000)
                {
                    PrimeSeconds = 30, NonPrimeSeconds = 7, LastLoginSeconds = Seconds - 60, Classes = 0b110,
                },
                [0, 0, 2, 0, 0, 0]),
            new LoginUserRow(new LoginUser("a\"b\\x0a", FakeSource.Noon), [0, 0, 0, 0, 0, 0]),
        ],
        Lines =
        [
            new LoginLineRow(new LoginLineUse("pts/0", FakeSource.Noon) { Logins = 3, Logouts = 2, Seconds = 37 }),
        ],
        Logins = [0, 1, 3, 0, 0, 0],
        Logouts = [0, 1, 1, 0, 0, 0],
        Failed = [1, 40, 2],
        Anomalies = [1, 2, 3, 4, 5, 6],
        Flaws = [0, 1, 2, 3, 4, 5],
        Boots = 2,
        Crashes = 1,
        Shutdowns = 1,
        ClockChanges = 1,
        CorrectedSeconds = 9,
        SessionRecords = 12,
        FailureRecords = 43,
        SessionGaps = 1,
        FailureGaps = 0,
        Rotations = 2,
        ReadFailures = 1,
    };
}
