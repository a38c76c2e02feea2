// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Connect time by user from login records, oldest first, by the rules of GNU <c>ac</c>: which sessions count, up to
/// when, and to which day. Sessions that are open at a midnight count up to it, and begin again there.
/// </summary>
internal sealed class ConnectTimes(AcOptions options, AcPage page, Midnights midnights)
{
    private readonly UserSeconds users = new(options.Users);
    private readonly NameTable lines = new();
    private Login[] logins = new Login[64];
    private int[] open = new int[64];
    private int openLines;
    private long midnight;
    private bool begins = true;
    private bool expectsNewTime;
    private long oldTime;
    private byte[] file = [];
    private long number;

    /// <summary>The time of the last record, in seconds since 1970.</summary>
    public long LastSeconds { get; private set; }

    /// <summary>Records at a time that cannot be, which were left out.</summary>
    public long BadRecords { get; private set; }

    /// <summary>Sessions that end before they begin, which count as no time.</summary>
    public long Backward { get; private set; }

    /// <summary>The first record, from 1, of this file that ended such a session; 0 for none.</summary>
    public long FirstBackward { get; private set; }

    /// <summary>The records that follow are those of a file of some name.</summary>
    public void Begin(string path)
    {
        file = Encoding.UTF8.GetBytes(path);
        (number, Backward, FirstBackward, BadRecords) = (0, 0, 0, 0);
    }

    /// <summary>Records in the order of the file.</summary>
    /// <param name="records">A whole number of them.</param>
    /// <param name="layout">How they lie.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<byte> records, UtmpLayout layout)
    {
        for (; records.Length >= layout.Size; records = records[layout.Size..])
        {
            number++;
            var record = new UtmpRecord(records[..layout.Size], layout);
            var seconds = record.Seconds;
            if ((ulong)seconds > uint.MaxValue)
            {
                BadRecord();
                continue;
            }

            var type = record.Type;
            var line = record.LineField[0];
            // What is left of the types and lines needs no second look.
            if (line is (byte)'|' or (byte)'{' or (byte)'~' || type is < UtmpType.InitProcess or > UtmpType.DeadProcess
                || (type == UtmpType.UserProcess && record.UserField[0] == 0))
            {
                type = TrueType(record);
            }

            if (type != UtmpType.NewTime)
            {
                Pass(seconds);
            }
            else if (begins)
            {
                midnight = midnights.After(seconds);
                begins = false;
            }

            LastSeconds = seconds;
            switch (type)
            {
                case UtmpType.UserProcess when line != 0:
                    LogIn(record, seconds);
                    break;
                case UtmpType.DeadProcess when line != 0:
                    LogOut(record, seconds);
                    break;
                case UtmpType.InitProcess or UtmpType.LoginProcess or UtmpType.DeadProcess:
                    break;
                default:
                    Seldom(type, record, seconds);
                    break;
            }
        }
    }

    /// <summary>
    /// Ends the file: what is open counts up to now, or to the last record if that is of the future, and the last
    /// totals are printed.
    /// </summary>
    public void End(long now)
    {
        now = Math.Max(now, LastSeconds);
        PassMidnights(now, credit: true, goesOn: true, "midnight logout"u8);
        LogEveryoneOut(now, credit: true, goesOn: false, "catch-up"u8);
        users.Print(page, midnight, today: true);
    }

    /// <summary>What a record is, by its line and user rather than by its type, as other systems write them.</summary>
    private static UtmpType TrueType(UtmpRecord record)
    {
        var type = record.Type;
        var line = record.LineField[0];
        if (line == '|')
        {
            type = UtmpType.OldTime;
        }
        else if (line == '{')
        {
            type = UtmpType.NewTime;
        }

        if (line == '~' || type is UtmpType.RunLevel or UtmpType.BootTime)
        {
            var user = record.User;
            type = user.SequenceEqual("reboot"u8) ? UtmpType.BootTime
                : user.SequenceEqual("shutdown"u8) ? UtmpType.RunLevel
                : type;
        }

        if (type is < UtmpType.RunLevel or > UtmpType.DeadProcess && line != 0)
        {
            type = UtmpType.UserProcess;
        }

        return type == UtmpType.UserProcess && record.UserField[0] == 0 ? UtmpType.DeadProcess : type;
    }

    /// <summary>Time goes on to a record: over midnights, or in a jump that ends every session.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pass(long seconds)
    {
        if (begins)
        {
            midnight = midnights.After(seconds);
            begins = false;
        }

        if (seconds + options.Leniency < LastSeconds || seconds > LastSeconds + options.Suspicious)
        {
            if (options.Complain)
            {
                var problem = page.Problem(file, number);
                problem.Add("time warp ("u8);
                page.AddTime(LastSeconds);
                problem.Add(" -> "u8);
                page.AddTime(seconds);
                problem.Add(")\n"u8);
            }

            PassMidnights(midnight + 1, options.TimeWarps, goesOn: false, "time warp"u8);
            midnight = midnights.After(seconds);
        }

        PassMidnights(seconds, credit: true, goesOn: true, "midnight logout"u8);
    }

    private void PassMidnights(long until, bool credit, bool goesOn, ReadOnlySpan<byte> why)
    {
        while (midnight < until)
        {
            LogEveryoneOut(midnight, credit, goesOn, why);
            if (options.Daily)
            {
                users.Print(page, midnight, today: false);
            }

            midnight = midnights.After(options.Daily && options.AllDays ? midnight : until);
        }
    }

    private void Seldom(UtmpType type, UtmpRecord record, long seconds)
    {
        switch (type)
        {
            case UtmpType.OldTime:
                (expectsNewTime, oldTime) = (true, seconds);
                break;
            case UtmpType.NewTime when expectsNewTime:
                foreach (var line in open.AsSpan(0, openLines))
                {
                    logins[line].Since += seconds - oldTime;
                }

                expectsNewTime = false;
                midnight = midnights.After(seconds);
                break;
            case UtmpType.NewTime:
                Complain("unpaired time record (ignored)"u8);
                break;
            case UtmpType.BootTime:
                LogEveryoneOut(seconds, options.Reboots, goesOn: false, "reboot"u8);
                break;
            case UtmpType.RunLevel:
                if ((record.Pid & 0xff) is '0' or '6' || record.User.SequenceEqual("shutdown"u8))
                {
                    LogEveryoneOut(seconds, credit: true, goesOn: false, "shutdown"u8);
                }

                break;
            case UtmpType.UserProcess:
                Complain("trying to hash rec with ut_line == NULL"u8);
                break;
            case UtmpType.Empty or UtmpType.Accounting:
                break;
            default:
                Complain("empty record"u8);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void LogIn(UtmpRecord record, long seconds)
    {
        var line = lines.FindOrAdd(NameTable.NameOf(record.LineField));
        if (line >= logins.Length)
        {
            Array.Resize(ref logins, 2 * logins.Length);
            Array.Resize(ref open, logins.Length);
        }

        ref var login = ref logins[line];
        if (login.Place == 0)
        {
            open[openLines++] = line;
            login.Place = openLines;
        }
        else
        {
            Complain("duplicate record for line `"u8, lines[line], "'"u8);
            if (options.Supplants)
            {
                Count(login, seconds, "supplant"u8);
            }
        }

        login.User = users.NumberOf(record.UserField);
        login.Since = seconds;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void LogOut(UtmpRecord record, long seconds)
    {
        var line = lines.Find(NameTable.NameOf(record.LineField));
        if (line < 0 || logins[line].Place == 0)
        {
            Complain("missing login record for `"u8, record.Line, "'"u8);
            return;
        }

        ref var login = ref logins[line];
        Count(login, seconds, "logout"u8);
        var last = open[--openLines];
        open[login.Place - 1] = last;
        logins[last].Place = login.Place;
        login.Place = 0;
    }

    private void LogEveryoneOut(long seconds, bool credit, bool goesOn, ReadOnlySpan<byte> why)
    {
        foreach (var line in open.AsSpan(0, openLines))
        {
            ref var login = ref logins[line];
            if (credit)
            {
                Count(login, seconds, why);
            }

            if (goesOn)
            {
                login.Since = seconds;
            }
            else
            {
                login.Place = 0;
            }
        }

        openLines = goesOn ? openLines : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Count(in Login login, long until, ReadOnlySpan<byte> why)
    {
        var seconds = until - login.Since;
        if (seconds < 0)
        {
            Backward++;
            FirstBackward = FirstBackward == 0 ? number : FirstBackward;
            if (options.Complain)
            {
                var problem = page.Problem(file, number);
                problem.Add("update user "u8);
                problem.Add(users[login.User]);
                problem.Add(" (for "u8);
                problem.Add(why);
                problem.Add(") with "u8);
                problem.Add(seconds);
                problem.Add(" seconds?!\n"u8);
            }

            seconds = 0;
        }

        if (options.Debug && users.IsChosen(login.User))
        {
            page.Counted(users[login.User], seconds, why);
        }

        users.Add(login.User, seconds);
    }

    private void BadRecord()
    {
        BadRecords++;
        Complain("bad record"u8);
    }

    private void Complain(
        ReadOnlySpan<byte> problem, ReadOnlySpan<byte> name = default, ReadOnlySpan<byte> end = default)
    {
        if (options.Complain)
        {
            var text = page.Problem(file, number);
            text.Add(problem);
            text.Add(name);
            text.Add(end);
            text.Add((byte)'\n');
        }
    }

    /// <summary>What is known of a line.</summary>
    private struct Login
    {
        /// <summary>When its user logged in, or the last midnight.</summary>
        public long Since;

        /// <summary>The number of its user.</summary>
        public int User;

        /// <summary>Its place among the open lines, from 1; 0: nobody is logged in.</summary>
        public int Place;
    }
}
