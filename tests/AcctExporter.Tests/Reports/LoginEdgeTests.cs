// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Cli;
using AcctExporter.Records;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Logins;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>Small steps of the commands over login files that no fixture takes.</summary>
public sealed class LoginEdgeTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>More lines than the tables begin with; the first half logs out in the order of the logins.</summary>
    [Fact]
    public void Ac_OfManyLines_CountsEachOnce()
    {
        var file = new LoginFile("2026-07-07");
        for (var i = 0; i < 100; i++)
        {
            file.Login("10:00", "a", $"pts/{i}");
        }

        for (var i = 0; i < 50; i++)
        {
            file.Logout("11:00", $"pts/{i}");
        }

        Assert.Contains("150.00", Ac(file.Shutdown("12:00"), "2026-07-07 13:00"), StringComparison.Ordinal);
    }

    [Fact]
    public void Ac_OfAFileFromTheFuture_CountsUpToItsLastRecord() => Assert.Contains("2.00", Ac(
        new LoginFile("2026-07-07").Login("10:00", "a", "pts/1").Login("12:00", "b", "pts/2"), "2026-07-07 09:00"),
        StringComparison.Ordinal);

    [Fact]
    public void Ac_TakesTheSecondHalfOfAChangeOfTheClock_Once() => Assert.Contains("2.00", Ac(
        new LoginFile("2026-07-07").Login("10:00", "a", "pts/1").OldTime("11:00").NewTime("12:00").NewTime("12:30")
            .Logout("13:00", "pts/1"), "2026-07-07 13:00"), StringComparison.Ordinal);

    [Fact]
    public void Ac_AtTheLimits_ThereIsNoJumpYet()
    {
        Assert.Contains("2.00", Ac(
            new LoginFile("2026-07-07").Login("10:00", "a", "pts/1").Login("09:59", "b", "pts/2")
                .Logout("10:59", "pts/2").Logout("11:00", "pts/1"), "2026-07-07 13:00"), StringComparison.Ordinal);
        Assert.Contains("8760.00", Ac(
            new LoginFile("2026-07-07").Login("2025-07-07 10:00", "a", "pts/1").Logout("10:00", "pts/1"),
            "2026-07-07 13:00"), StringComparison.Ordinal);
    }

    [Fact]
    public void Last_TellsOfTypesThatItDoesNotKnow()
    {
        var path = folder.Of("wtmp");
        File.WriteAllBytes(path, new LoginFile("2026-07-07").Add((UtmpType)77, "10:00", "a", "").Bytes);
        var result = Applet.Run("last", ["-f", path], Calendar.At("2026-07-07 13:00"));
        Assert.Equal(ExitCode.BadRecords, result.ExitCode);
    }

    [Fact]
    public void Last_ShowsAUserWhoIsCalledLogin()
    {
        var path = folder.Of("wtmp");
        File.WriteAllBytes(path, new LoginFile("2026-07-07").Login("10:00", "LOGIN", "pts/1").Bytes);
        Assert.Contains("pts/1", Applet.Run("last", ["-f", path], Calendar.At("2026-07-07 13:00")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void LastLogin_SaysThatADatabaseIsMissing_WhichWasAskedFor()
    {
        var path = folder.Of("wtmp");
        File.WriteAllBytes(path, LoginFile.Crash.Bytes);
        var result = Applet.Run(
            "lastlogin", ["--wtmp", path, "--lastlog2", folder.Of("none.db")], Calendar.At("2026-07-07 13:00"));
        Assert.Equal(ExitCode.CannotRead, result.ExitCode);
    }

    [Fact]
    public void WtmpFix_WritesAllFiles_InTheLayoutOfTheFirst()
    {
        var wide = new UtmpLayout(IsWide: true, IsBigEndian: false);
        File.WriteAllBytes(folder.Of("one"), LoginFile.Crash.Bytes);
        File.WriteAllBytes(folder.Of("two"), LoginFile.Unfinished.BytesIn(wide));
        var result = Filter.Run(["wtmpfix", folder.Of("one"), folder.Of("two")]);
        Assert.Equal([.. LoginFile.Crash.Bytes, .. LoginFile.Unfinished.Bytes], result.Output);
    }

    [Fact]
    public void WtmpFix_OfANameWithADelete_IsInvalid()
    {
        File.WriteAllBytes(folder.Of("one"), new LoginFile("2026-07-07").Login("10:00", "a\u007f", "pts/1").Bytes);
        Assert.Contains("INVALID", Filter.Run(["wtmpfix", folder.Of("one")]).Text, StringComparison.Ordinal);
    }

    private string Ac(LoginFile file, string now)
    {
        var path = folder.Of("wtmp");
        File.WriteAllBytes(path, file.Bytes);
        return Applet.Run("ac", ["-f", path], Calendar.At(now)).Text;
    }
}
