// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Runacct;
using AcctExporter.Suite;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Runacct;

/// <summary>The check of the hour, and the running day beside it.</summary>
public class AccountingCheckTests
{
    private const long Block = 512;

    /// <summary>At 500 free blocks nothing is done, at 499 accounting goes off, and on when there is room.</summary>
    [Fact]
    public void FewFreeBlocks_SwitchAccountingOff()
    {
        using var journal = new DayJournal();
        var free = 500 * Block;
        string? written = "/var/log/account/pacct";
        var (check, messages) = Check(journal, () => free, new(() => written, To));
        Assert.Equal(RunCode.Done, check.Run(0));
        Assert.Equal("", messages.ToString());

        free = 499 * Block;
        Assert.Equal(RunCode.Failed, check.Run(0));
        Assert.Null(written);
        Assert.Contains("turning acctg off (/var/log/account/pacct)", messages.ToString());
        Assert.True(File.Exists(check.MarkerPath));
        Assert.Equal(RunCode.Failed, check.Run(0));
        Assert.Contains("still low", messages.ToString());

        free = 500 * Block;
        Assert.Equal(RunCode.Done, check.Run(0));
        Assert.Equal("/var/log/account/pacct", written);
        Assert.Contains("restored", messages.ToString());
        Assert.False(File.Exists(check.MarkerPath));

        string? To(string? file)
        {
            written = file;
            return null;
        }
    }

    /// <summary>What is an agent's is left alone, and never switched on by a marker.</summary>
    [Fact]
    public void AnAgentsAccounting_IsLeftAlone()
    {
        using var journal = new DayJournal();
        var (check, messages) = Check(journal, () => 0, null);
        Assert.Equal(RunCode.Failed, check.Run(0));
        Assert.Contains("an agent has it", messages.ToString());
        Assert.False(File.Exists(check.MarkerPath));

        var (refused, why) = Check(journal, () => 0, new(() => "/pacct", _ => "not permitted"));
        Assert.Equal(RunCode.Failed, refused.Run(0));
        Assert.Contains("cannot be switched off: not permitted", why.ToString());
        Assert.False(File.Exists(check.MarkerPath));
    }

    /// <summary>500 blocks of closed files stay, 501 are charged.</summary>
    [Fact]
    public void MuchThatIsClosed_IsCharged()
    {
        using var journal = new DayJournal(fileBytes: 4000);
        journal.Append(ProcessTruth.Exits(1000, 1, TimeZoneInfo.Utc), 30);
        var closed = journal.Files[..^1].Sum(file => new FileInfo(file).Length);
        var (check, messages) = Check(journal, () => long.MaxValue, null);
        Assert.Equal(RunCode.Done, check.Run(closed));
        Assert.Null(check.Charged);
        Assert.Equal(RunCode.Done, check.Run(closed - 1));
        Assert.True(check.Charged!.Value.Exits is > 900 and < 1000);
        Assert.Equal(RunCode.Done, check.Run(0));
        Assert.Null(check.Charged);
        Assert.Equal("", messages.ToString());
    }

    [Fact]
    public void BesideARun_NothingIsDone()
    {
        using var journal = new DayJournal(fileBytes: 4000);
        journal.Append(ProcessTruth.Exits(1000, 1, TimeZoneInfo.Utc), 30);
        var (check, messages) = Check(
            journal, () => 0, new(() => "/pacct", _ => throw new InvalidOperationException()));
        using (AccountingLock.TryTake(journal.Paths.Lock, out _))
        {
            Assert.Equal(RunCode.Locked, check.Run(0));
        }

        Assert.Contains($"is held by process {Environment.ProcessId}", messages.ToString());
        Assert.Empty(Directory.GetFiles(journal.Paths.Nite, "charge*"));
    }

    /// <summary>A part that was damaged is charged again, from the journal.</summary>
    [Fact]
    public void ADamagedPart_IsNotBelieved()
    {
        using var journal = new DayJournal(fileBytes: 4000);
        journal.Append(ProcessTruth.Exits(1000, 2, TimeZoneInfo.Utc), 30);
        var stage = journal.Stage();
        var day = new DateOnly(2026, 7, 8);
        var end = stage.EndNow(default);
        stage.Run(day, default, end, Split());
        var expected = journal.Sums(stage, ProcessStage.UsersName, day);
        stage.ChargeClosed(default, Split(), 0);
        var path = Path.Combine(journal.Paths.Nite, "charge1");
        var whole = File.ReadAllBytes(path);
        for (var at = 0; at < whole.Length; at += 37)
        {
            var bytes = (byte[])whole.Clone();
            bytes[at] ^= 0x40;
            File.WriteAllBytes(path, bytes);
            journal.Said.Clear();
            stage.Run(day, default, end, Split());
            Assert.Single(journal.Said);
            Assert.Equal(expected, journal.Sums(stage, ProcessStage.UsersName, day));
        }
    }

    /// <summary>What was charged ahead for the next day is not of this one.</summary>
    [Fact]
    public void APartOfTheNextDay_IsLeftToIt()
    {
        using var journal = new DayJournal(fileBytes: 4000);
        journal.Append(ProcessTruth.Exits(300, 3, TimeZoneInfo.Utc), 30);
        var stage = journal.Stage();
        var end = stage.EndNow(default);
        journal.Append(ProcessTruth.Exits(600, 4, TimeZoneInfo.Utc), 30);
        Assert.True(stage.ChargeClosed(end, Split(), 0)!.Value.Exits > 0);
        Assert.Equal(0UL, stage.Run(new DateOnly(2026, 7, 8), end, end, Split()).Exits);
        Assert.Equal(300UL, stage.Run(new DateOnly(2026, 7, 9), default, end, Split()).Exits);
        Assert.Equal(600UL, stage.Run(new DateOnly(2026, 7, 10), end, stage.EndNow(end), Split()).Exits);
    }

    /// <summary>At each cut the live totals are those that a daily run charges, whatever was charged ahead.</summary>
    [Fact]
    public void TheRunningDay_IsWhatTheRunCharges()
    {
        using var journal = new DayJournal(fileBytes: 4000);
        var holidays = Path.Combine(journal.Storage, "holidays");
        File.WriteAllText(holidays, Calendar.H);
        var options = Options(journal, holidays);
        var said = new List<string>();
        var stage = journal.Stage();
        using var live = Live();
        var day = new DateOnly(2026, 7, 8);
        var from = default(JournalMark);
        for (var round = 0; round < 6; round++)
        {
            journal.Append(ProcessTruth.Exits(300, 10 + round, TimeZoneInfo.Utc), 30);
            Equal(live);
            if (round % 2 == 0)
            {
                stage.ChargeClosed(from, Split(), 0);
                Equal(live);
            }

            // After a restart likewise, and although what was charged ahead is no longer in the journal.
            using var restarted = Live();
            Equal(restarted);
            if (round == 3)
            {
                from = stage.EndNow(from);
                RunMarks.Save(
                    Path.Combine(journal.Paths.Nite, "taken"),
                    new TakenMark(day, DateTimeOffset.UnixEpoch, from.ToString()), RunJson.Default.TakenMark);
                stage.Forget(default, from);
                Assert.Empty(live.Now().Users.Sorted());
            }
        }

        stage.ChargeClosed(from, Split(), 0);
        Array.ForEach(journal.Files[..^1], File.Delete);
        using var last = Live();
        Equal(last);
        Assert.Equal(0UL, last.LostBlocks);
        Assert.Empty(said);

        void Equal(LiveProcesses processes)
        {
            stage.Run(day, from, stage.EndNow(from), Split());
            var (users, others) = processes.Now();
            Assert.Equal(default, others);
            Assert.Equal(
                journal.Sums(stage, ProcessStage.UsersName, day),
                users.Sorted().ToDictionary(
                    row => (row.Uid, System.Text.Encoding.ASCII.GetString(row.Name)), row => row.Sums));
        }

        LiveProcesses Live() => new(options, Utc.Instance, said.Add)
        {
            UserNameOf = uid => System.Text.Encoding.ASCII.GetBytes($"u{uid}"),
        };
    }

    /// <summary>Users beyond a number are summed up together: memory has an end.</summary>
    [Fact]
    public void ManyUsers_TakeLittle()
    {
        var charges = new ProcessCharges(Split(), byGroup: false) { OnlyUsers = true, MostUsers = 3 };
        using var journal = new DayJournal();
        journal.Append(Enumerable.Range(0, 10).Select(i => new TestExit(
            "x", (uint)i, 1, Calendar.At("2026-07-07 10:00:00"), 10, 5, 0, 100)));
        new JournalCharge(journal.Folder, Assert.Fail) { Workers = 1 }.Run(
            new(0, new(1, 0), JournalChange.None), charges);
        Assert.Equal((3, 7UL), (charges.Users.Count, charges.Others.Processes));
        Assert.Equal(7 * 50_000UL, charges.Others.Prime.CpuMicroseconds);
        Assert.Equal(0, charges.Commands.Count);
    }

    private static (AccountingCheck Check, StringWriter Messages) Check(
        DayJournal journal, Func<long> free, AccountingSwitch? accounting)
    {
        var messages = new StringWriter();
        return (new(
            Options(journal, Path.Combine(journal.Storage, "holidays")),
            new ReportIo(Stream.Null, Stream.Null, messages, Utc.Instance))
        {
            FreeBytes = _ => free(),
            MinimumFreeBytes = AccountingCheck.ClassicBytes,
            Accounting = accounting,
        }, messages);
    }

    private static RunOptions Options(DayJournal journal, string holidays) => new()
    {
        StoragePath = journal.Storage,
        Suite = new() { Logins = new() { HolidaysFile = holidays } },
    };

    private static LifeSplit Split() => LifeSplit.Of(Calendar.Of(Calendar.H), TimeZoneInfo.Utc);

    private sealed class Utc : TimeProvider
    {
        public static readonly Utc Instance = new();

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    }
}
