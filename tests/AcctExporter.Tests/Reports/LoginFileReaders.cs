// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Journal;
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// Everything that reads login files, and what is made of them, each with a share of the damaged files: what is cheap
/// has a larger one. One line adds a report. What opens its file by name gets one in memory.
/// </summary>
internal sealed class LoginFileReaders : IDisposable
{
    private const string Lines =
        "34817\t1001\talice\t25200\t5400\t1782977400\tThu Jul  2 07:30:00 2026\n"
        + "34818\t1002\tbob\t0\t2700\t1782980100\tThu Jul  2 08:15:00 2026\n"
        + "4294967295\t4294967295\tcarol\t3600\t0\t1782986400\tThu Jul  2 10:00:00 2026\n";

    private const string HolidayLines = Calendar.H + "184 day of year\n7/4/27 long\n";

    private static readonly LoginAccounts Accounts = new(name => (uint)name.Length, _ => null);

    /// <summary>What fwtmp writes of a fixture.</summary>
    private static readonly byte[] Text = WrittenBy(output =>
        Fwtmp.Write(new MemoryStream(WtmpFixture.Bytes("crash.wtmp")), output, TimeZoneInfo.Utc));

    /// <summary>The state of somebody who has read a fixture.</summary>
    private static readonly (byte[] Counts, byte[] Sessions) State = StateOf(WtmpFixture.Bytes("open.wtmp"));

    private readonly ReportIo io = new(Stream.Null, Stream.Null, TextWriter.Null, new StandingClock());
    private readonly string folder = $"/dev/shm/acct-readers-{Guid.NewGuid():N}";
    private readonly string login;
    private readonly string users;
    private readonly string holidays;

    public LoginFileReaders()
    {
        // In memory: a disk takes ten times as long.
        Directory.CreateDirectory(folder);
        (login, users, holidays) = ($"{folder}/wtmp", $"{folder}/passwd", $"{folder}/holidays");
        File.WriteAllText(users, "root:x:0:0::/:/bin/sh\nalice:x:1001:1001::/:/bin/sh\n");
        File.WriteAllText(holidays, Calendar.H);
        All =
        [
            ("layout", 20, bytes => UtmpLayout.Detect(bytes, bytes.Length)),
            ("scanner", 40, Scan),
            ("utmpdump", 6, bytes => new UtmpDump(Stream.Null, ReportFormat.Text).Dump(new MemoryStream(bytes))),
            ("utmpdump json", 3, bytes => new UtmpDump(Stream.Null, ReportFormat.Json).Dump(new MemoryStream(bytes))),
            ("utmpdump csv", 2, bytes => new UtmpDump(Stream.Null, ReportFormat.Csv).Dump(new MemoryStream(bytes))),
            ("utmpdump -r", 10, bytes => UtmpDump.Undump(
                new MemoryStream(bytes), new(Stream.Null, ReportFormat.Text), _ => { })),
            ("fwtmp", 6, bytes => Fwtmp.Write(new MemoryStream(bytes), Stream.Null, TimeZoneInfo.Utc)),
            ("fwtmp -i", 10, bytes => FromText(bytes)),
            ("fwtmp -i of text", 4, bytes => FromText(Damaged(Text, bytes))),
            ("wtmpfix", 10, Fixed),
            ("wtmpfix --compat", 1, FixedAsEver),
            ("closewtmp", 10, bytes => new PeriodRecords(new(Stream.Null, ReportFormat.Text), UtmpType.DeadProcess)
                .AddWtmp(new MemoryStream(bytes), Filter.Now)),
            ("agent", 3, bytes => _ = StateOf(bytes)),
            ("agent's state", 6, Restored),
            ("last", 2, bytes => List(bytes, new LastOptions { System = true, Times = LastTimes.Full })),
            ("last json", 1, bytes => List(bytes, new LastOptions { System = true, Format = ReportFormat.Json })),
            ("lastb", 1, bytes => List(bytes, new LastOptions { Command = "lastb", Failed = true, Addresses = true })),
            ("ac", 2, bytes => Count(bytes, new AcOptions())),
            ("ac -d -p", 1, bytes => Count(bytes, new AcOptions { Daily = true, Individual = true })),
            ("ac --debug", 1, bytes => Count(bytes, new AcOptions { Complain = true, Debug = true })),
            ("acctcon", 2, bytes => Charge(bytes, new("acctcon"))),
            ("acctcon --compat", 1, bytes => Charge(bytes, new("acctcon") { Compat = true })),
            ("acctcon1", 1, bytes => Sessions(bytes, new("acctcon1") { TwoSteps = true, UntilNow = true })),
            ("acctcon1 --compat", 1, bytes => Sessions(
                bytes, new("acctcon1") { TwoSteps = true, UntilNow = true, Compat = true })),
            ("acctcon1 -p", 6, bytes => RecordList.Write(
                new MemoryStream(bytes), Stream.Null, ReportFormat.Text, TimeZoneInfo.Utc, compat: false)),
            ("acctcon2", 10, bytes => CtmpFile.Totals(
                new MemoryStream(Damaged(Lines, bytes)), Stream.Null, ReportFormat.Text, true,
                _ => { })),
            ("prctmp", 4, bytes => CtmpFile.Pages(
                [new MemoryStream(bytes), new MemoryStream(Damaged(Lines, bytes))],
                Stream.Null, DateTimeOffset.UnixEpoch)),
            ("prctmp json", 6, bytes => CtmpFile.Rows(
                [new MemoryStream(bytes), new MemoryStream(Damaged(Lines, bytes))],
                Stream.Null, ReportFormat.Json, _ => { })),
            ("lastlogin", 2, bytes => Newest(bytes, new() { Wtmp = [login], Passwd = users })),
            ("lastlogin --compat", 1, bytes => Newest(bytes, new() { Wtmp = [login], Passwd = users, Compat = true })),
            ("lastlog", 1, bytes => Newest(
                bytes, new() { Lastlog = login, Passwd = users, Format = ReportFormat.Csv })),
            ("holidays", 6, bytes => Divide(Damaged(HolidayLines, bytes))),
        ];
    }

    /// <summary>The readers.</summary>
    public (string Name, int Share, Action<byte[]> Read)[] All { get; }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void Scan(byte[] bytes)
    {
        var reader = new UtmpReader(new MemoryStream(bytes));
        while (reader.TryRead(out _))
        {
        }
    }

    private static void FromText(byte[] text) => Fwtmp.Read(new MemoryStream(text), _ => { }, _ => { });

    private static void Fixed(byte[] bytes)
    {
        var fix = new WtmpFix(new(Stream.Null, ReportFormat.Text), _ => { });
        fix.Add(new MemoryStream(bytes));
        fix.End();
    }

    private static void FixedAsEver(byte[] bytes)
    {
        using var fix = new WtmpFixCompat(DateTimeOffset.FromUnixTimeSeconds(1_773_000_000), _ => { });
        if (fix.TryAdd(new MemoryStream(bytes)))
        {
            fix.Write(new(Stream.Null, ReportFormat.Text));
        }
    }

    private static LoginBook Book() => new(
        new LoginOptions { UsersLimit = 5, LinesLimit = 5 },
        new PrimeTime(Calendar.Of(Calendar.H), TimeZoneInfo.Utc), 0);

    /// <summary>A first part as history, then the rest; the state is taken over in between and at the end.</summary>
    private static (byte[] Counts, byte[] Sessions) StateOf(byte[] bytes)
    {
        var book = Book();
        var reader = new UtmpReader(new MemoryStream(bytes), flawedToo: true);
        for (var i = 0; reader.TryRead(out var record); i++)
        {
            book.Apply(record, isHistory: i < 3, 1_000_000L * i);
            if (i == 2)
            {
                book.EndHistory(Filter.Now * 1_000_000);
            }
            else if (i % 16 == 15)
            {
                book.CreditUntil((Filter.Now + i) * 1_000_000);
                var next = Book();
                Assert.True(next.TryRestore(book.SaveCounts(), book.SaveSessions()));
                book = next;
            }
        }

        var (counts, sessions) = (book.SaveCounts(), book.SaveSessions());
        var again = Book();
        Assert.True(again.TryRestore(counts, sessions));
        Assert.Equal(counts, again.SaveCounts());
        Assert.Equal(sessions, again.SaveSessions());
        Assert.InRange(again.Snapshot().Users.Length, 0, 6);
        return (counts, sessions);
    }

    private static void Restored(byte[] noise)
    {
        var book = Book();
        if (book.TryRestore(Damaged(State.Counts, noise), Damaged(State.Sessions, noise)))
        {
            book.CreditUntil(Filter.Now * 1_000_000);
            book.Apply(LoginEvent.Of(new(WtmpFixture.Bytes("basic.wtmp"), UtmpLayout.Usual), new()), false, 0);
            _ = book.Snapshot();
        }
    }

    private static void Divide(byte[] table)
    {
        new PrimeTime(Holidays.Parse(table), TimeZoneInfo.Utc).Split(1_780_000_000, 1_790_000_000);
        var classic = Holidays.Parse(table, HolidayRules.Compat);
        if (classic.IsUsable)
        {
            new CompatPrimeTime(classic, TimeZoneInfo.Utc).Split(1_780_000_000, 1_790_000_000);
        }
    }

    private static byte[] WrittenBy(Action<Stream> write)
    {
        using var written = new MemoryStream();
        write(written);
        return written.ToArray();
    }

    private static byte[] Damaged(string text, byte[] noise) => Damaged(Encoding.ASCII.GetBytes(text), noise);

    /// <summary>A few changes, which follow from the noise.</summary>
    private static byte[] Damaged(byte[] text, byte[] noise)
    {
        var random = new Random((int)Crc32C.Of(noise));
        byte[] bytes = [.. text];
        for (var changes = random.Next(5); changes > 0 && bytes.Length > 0; changes--)
        {
            var at = random.Next(bytes.Length);
            bytes[at] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)"0123456789-\t\n /\0"[random.Next(16)],
                _ => (byte)(bytes[at] ^ (1 << random.Next(8))),
            };
            if (random.Next(6) == 0)
            {
                bytes = [.. bytes[..at], .. noise.AsSpan(0, Math.Min(noise.Length, random.Next(40))), .. bytes[at..]];
            }
            else if (random.Next(6) == 0)
            {
                bytes = bytes[..at];
            }
        }

        return bytes;
    }

    private void List(byte[] bytes, LastOptions options)
    {
        File.WriteAllBytes(login, bytes);
        new LastReport(io, options with { Files = [login] }).Run();
    }

    private void Count(byte[] bytes, AcOptions options)
    {
        File.WriteAllBytes(login, bytes);
        AcReport.Run(options with { Files = [login] }, io);
    }

    private void Charge(byte[] bytes, ConnectOptions options)
    {
        var totals = new ConnectTotals(Accounts, options.Compat);
        Report(bytes, options, totals.Add);
        totals.Write(Stream.Null, ReportFormat.Text);
    }

    private void Sessions(byte[] bytes, ConnectOptions options)
    {
        var text = new CtmpText(Stream.Null, ReportFormat.Text, Accounts, TimeZoneInfo.Utc, options.Compat);
        Report(bytes, options, text.Add);
        text.End();
    }

    /// <summary>With what <c>-l</c> and <c>-o</c> write, which is what lineuse and reboots do.</summary>
    private void Report(byte[] bytes, ConnectOptions options, Action<ChargedSession> take)
    {
        var accounting = new ConnectAccounting(io, options with { Holidays = holidays }, take);
        accounting.Read(new MemoryStream(bytes));
        LineUseText.Write(
            Stream.Null, ReportFormat.Text, accounting.Lines, accounting.Reasons.DurationSeconds, options.Compat);
        RebootText.Write(Stream.Null, ReportFormat.Text, accounting.Reasons, TimeZoneInfo.Utc);
    }

    private void Newest(byte[] bytes, LastLoginOptions options)
    {
        File.WriteAllBytes(login, bytes);
        new LastLoginReport(io, options).Run();
    }

    private sealed class StandingClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(Filter.Now);
    }
}
