// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// The states WTMPFIX and CONNECT of the daily run. Both are functions of their input files: done again, they write the
/// same bytes.
/// </summary>
/// <param name="files">The day's files.</param>
/// <param name="holidays">The table of prime time.</param>
/// <param name="compat">The classic numbers.</param>
/// <param name="accounts">The users' numbers.</param>
/// <param name="clock">For its zone, and the date that tells whether the table of prime time is old.</param>
internal sealed class DayConnect(
    ConnectFiles files, string holidays, bool compat, LoginAccounts accounts, TimeProvider clock)
{
    /// <summary>WTMPFIX: the good records, and what was wrong with the others.</summary>
    /// <exception cref="IOException">A file cannot be read or written, or the classic program gives up.</exception>
    /// <exception cref="UnauthorizedAccessException">A file cannot be read or written.</exception>
    public LoginStage Fix()
    {
        using var input = SuiteFile.TryOpen(files.Wtmp);
        using var errors = new Messages("wtmpfix");
        if (input is null)
        {
            errors.Say($"{files.Wtmp} is not there: the day has no logins");
            SuiteFile.Put(files.Fixed, []);
        }
        else if (compat)
        {
            SuiteFile.Put(files.Fixed, output => FixCompat(input, output, errors));
        }
        else
        {
            SuiteFile.Put(files.Fixed, output =>
            {
                var fix = new WtmpFix(new(output, ReportFormat.Text), errors.Say);
                fix.Add(input);
                fix.End();
                if (fix.LeftOut > 0)
                {
                    errors.Say($"{fix.LeftOut} {(fix.LeftOut == 1 ? "place is" : "places are")} no good record: left "
                        + "out");
                }
            });
        }

        SuiteFile.Put(files.FixErrors, errors.ToBytes());
        return new(input is not null, errors.Count);
    }

    /// <summary>CONNECT: what each user's sessions of the day cost, line use, and reboots.</summary>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public LoginStage Charge()
    {
        using var log = new Messages("acctcon");
        using var input = SuiteFile.TryOpen(files.Fixed)
            ?? throw new IOException($"{files.Fixed} is not there: begin with the state WTMPFIX");
        var totals = new UserTable<TacctSums>();
        var names = new Dictionary<uint, byte[]>();
        var sessions = 0L;
        var accounting = new ConnectAccounting(
            new(Stream.Null, Stream.Null, log.Writer, clock),
            new("acctcon")
            {
                Compat = compat,
                Holidays = holidays,
                Carried = compat ? null : LoginCut.Load(files.Carried)?.Sessions,
            },
            Add);
        var read = accounting.Read(input);
        if (read == ConnectResult.Failed)
        {
            // As ever: nobody is charged, the run goes on, and the log says why.
            (totals, sessions) = (new(), 0);
        }

        if (accounting.Flawed > 0 && !compat)
        {
            log.Say($"{accounting.Flawed} {(accounting.Flawed == 1 ? "place is" : "places are")} no good record: left "
                + "out");
        }

        SuiteFile.Put(files.Tacct, output => TacctFile.Write(output, totals));
        SuiteFile.Put(files.LineUse, output => LineUseText.Write(
            output, ReportFormat.Text, Lines(accounting.Lines), accounting.Reasons.DurationSeconds, compat));
        SuiteFile.Put(files.Reboots, output => RebootText.Write(
            output, ReportFormat.Text, accounting.Reasons, clock.LocalTimeZone));
        SuiteFile.Put(files.Log, log.ToBytes());
        return new(sessions > 0, log.Count);

        void Add(ChargedSession charged)
        {
            sessions++;
            var uid = accounts.Uid(charged.Session.User);
            var name = Encoding.UTF8.GetBytes(charged.Session.User);
            if (compat && !names.TryAdd(uid, name))
            {
                // By number alone, under the name that was first to end a session.
                name = names[uid];
            }

            ref var sums = ref totals.Of(uid, name);
            sums.Prime.ConnectMicroseconds += charged.Split.PrimeSeconds * 1_000_000;
            sums.NonPrime.ConnectMicroseconds += charged.Split.NonPrimeSeconds * 1_000_000;
            sums.Sessions += charged.Sessions;
        }
    }

    /// <summary>Sessions of wtmpdb have lines of their own; what people know is the terminal.</summary>
    private static IReadOnlyList<LineUse> Lines(IReadOnlyList<LineUse> lines) =>
        [.. lines.GroupBy(line => DatabaseRecords.LineOf(line.Line), StringComparer.Ordinal).Select(same => new LineUse(
            same.Key, same.Sum(line => line.Sessions), same.Sum(line => line.Logins), same.Sum(line => line.Logouts),
            same.Sum(line => line.Seconds)))];

    /// <summary>
    /// The classic day is complete in itself: who is logged in logs out at its end (closewtmp), and in again at the
    /// beginning of the next (utmp2wtmp).
    /// </summary>
    private void FixCompat(Stream input, Stream output, Messages errors)
    {
        using var whole = new FileStream(
            files.Fixed + ".whole", FileMode.Create, FileAccess.ReadWrite, FileShare.None, 64 * 1024,
            FileOptions.DeleteOnClose);
        var cut = Complete(input, whole);
        whole.Position = 0;
        var now = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(cut), clock.LocalTimeZone);
        using var fix = new WtmpFixCompat(now, errors.Say);
        if (!fix.TryAdd(whole))
        {
            SuiteFile.Put(files.FixErrors, errors.ToBytes());
            throw new IOException(
                $"wtmpfix: {files.Wtmp} cannot be mended by the classic rules: see {files.FixErrors}");
        }

        fix.Write(new(output, ReportFormat.Text));
    }

    /// <summary>Adds these logins and logouts; the last record's time is the end.</summary>
    private long Complete(Stream input, Stream whole)
    {
        var output = new UtmpOutput(whole, ReportFormat.Text);
        var reader = new UtmpReader(input, flawedToo: true);
        var sessions = new SessionBuilder(_ => { });
        if (LoginCut.Load(files.Carried) is { } before
            && SessionBuilder.Restore(before.Sessions, _ => { }) is { } carried)
        {
            sessions = carried;
            new PeriodRecords(output, UtmpType.UserProcess).AddOpen(sessions, reader.Layout, before.Seconds);
        }

        var names = new LoginNames();
        var last = new byte[reader.Layout.Size];
        var cut = 0L;
        while (reader.TryRead(out var record))
        {
            if (cut != 0)
            {
                output.Add(new(last, reader.Layout));
            }

            record.Bytes.CopyTo(last);
            cut = Math.Max(1, record.Seconds);
            if (record.Flaw == UtmpFlaw.None)
            {
                sessions.Apply(LoginEvent.Of(record, names));
            }
        }

        new PeriodRecords(output, UtmpType.DeadProcess).AddOpen(sessions, reader.Layout, cut);
        if (cut != 0)
        {
            output.Add(new(last, reader.Layout));
        }

        output.End();
        return cut;
    }

    /// <summary>Messages of one command, each a line.</summary>
    private sealed class Messages(string command) : IDisposable
    {
        private readonly StringWriter text = new() { NewLine = "\n" };

        public TextWriter Writer => text;

        public int Count => text.ToString().Count(letter => letter == '\n');

        public void Say(string message) => text.WriteLine($"{command}: {message}");

        public byte[] ToBytes() => Encoding.UTF8.GetBytes(text.ToString());

        public void Dispose() => text.Dispose();
    }
}
