// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Logins;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary><c>lastlogin</c>: when each user logged in last, those who never did first.</summary>
/// <param name="io">What it writes to, and the clock.</param>
/// <param name="options">What is asked for.</param>
internal sealed class LastLoginReport(ReportIo io, LastLoginOptions options)
{
    private const string Command = "lastlogin";

    /// <summary>The classic table takes in what happened since the last run of a day's accounting.</summary>
    private const long DaySeconds = 86_400;

    private readonly ZoneOffsets zone = new(io.Clock.LocalTimeZone);
    private readonly long now = io.Clock.GetUtcNow().ToUnixTimeSeconds();
    private bool isAnyRead;
    private bool isUnread;

    /// <summary>Reads what there is and writes the table.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public ReadResult Run()
    {
        var users = NameFiles.Read(options.Passwd);
        var logins = new LastLogins(now);
        foreach (var path in options.Wtmp)
        {
            Try(path, () => AddWtmp(logins, path));
        }

        if (options.Lastlog2 is { } lastlog2)
        {
            Try(lastlog2, () => Tell(lastlog2, logins.AddLastlog2(lastlog2, out var message), message));
        }

        if (options.Lastlog is { } lastlog)
        {
            Try(lastlog, () =>
            {
                if (!logins.AddLastlog(lastlog, LastLogins.NamesOf(users)))
                {
                    Error($"{lastlog} is larger than what is read of one: large uids are missing");
                }

                isAnyRead = true;
            });
        }

        if (!isAnyRead)
        {
            Error("no source of logins could be read: name one with --wtmp, --lastlog2 or --lastlog");
            return ReadResult.NotRead;
        }

        var names = users.Select(user => Encoding.UTF8.GetString(user.Name)).ToHashSet(StringComparer.Ordinal);
        var bad = options.Compat ? WriteCompat(logins, names) : Write(logins, names);
        if (bad + logins.Bad > 0)
        {
            var count = bad + logins.Bad;
            Error($"{count} {(count == 1 ? "record or line is" : "records or lines are")} no good: left out");
        }

        return isUnread ? ReadResult.NotRead : bad + logins.Bad > 0 ? ReadResult.WithFlaws : ReadResult.Whole;
    }

    private void AddWtmp(LastLogins logins, string path)
    {
        if (SqliteState.HasMagic(path))
        {
            Tell(path, logins.AddSessions(path, out var message), message);
            return;
        }

        if (PackedFile.Fault(path) is { } fault)
        {
            CannotRead(path, fault);
            return;
        }

        logins.AddFile(path);
        isAnyRead = true;
    }

    private void Tell(string path, DatabaseStatus status, string message)
    {
        isAnyRead |= status is DatabaseStatus.Read or DatabaseStatus.Damaged;
        if (status != DatabaseStatus.Read && !(status == DatabaseStatus.Absent && options.MayBeAbsent))
        {
            CannotRead(path, message);
        }
    }

    private void Try(string path, Action read)
    {
        try
        {
            read();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException
            && options.MayBeAbsent)
        {
            // One of several that a host may have.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            CannotRead(path, FileFault.Why(error, path));
        }
    }

    private void CannotRead(string path, string why)
    {
        Error($"cannot read {path}: {why}");
        isUnread = true;
    }

    private void Error(string message) => io.Errors.WriteLine($"{Command}: {message}");

    private long Write(LastLogins logins, HashSet<string> users)
    {
        foreach (var user in users)
        {
            logins.AddName(user);
        }

        var wanted = options.Names.ToHashSet(StringComparer.Ordinal);
        var sorted = logins.All.Where(entry => wanted.Count == 0 || wanted.Contains(entry.Name))
            .OrderBy(entry => entry.Login.Seconds).ThenBy(entry => entry.Name, StringComparer.Ordinal);
        var text = new ReportText(io.Output);
        if (options.Format == ReportFormat.Text)
        {
            foreach (var (name, login, _) in sorted)
            {
                AddDate(text, login.Seconds);
                text.Add("  "u8);
                AddPrintable(text, name);
                text.Add((byte)'\n');
            }

            text.Flush();
            return 0;
        }

        var rows = new ReportRows(text, options.Format, "user", "last_login", "line", "host", "service", "source");
        foreach (var (name, login, source) in sorted)
        {
            rows.Row();
            rows.Add(name);
            if (login.Seconds == 0)
            {
                rows.AddNothing();
            }
            else
            {
                rows.AddInstant(login.Seconds);
            }

            AddKnown(rows, login.Line);
            AddKnown(rows, login.Host);
            AddKnown(rows, login.Service);
            AddKnown(rows, source);
        }

        rows.End();
        return 0;
    }

    private static void AddKnown(ReportRows rows, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            rows.AddNothing();
        }
        else
        {
            rows.Add(text);
        }
    }

    private void AddDate(ReportText text, long seconds)
    {
        if (seconds == 0)
        {
            text.Add("never     "u8);
            return;
        }

        var date = CivilTime.Of(seconds + zone.SecondsAt(seconds));
        text.Add(Encoding.UTF8.GetBytes($"{date.Year:0000}-{date.Month:00}-{date.Day:00}"));
    }

    /// <summary>A name can hold what a terminal obeys.</summary>
    private static void AddPrintable(ReportText text, string name) =>
        text.Add(Encoding.UTF8.GetBytes(string.Create(
            name.Length, name, (to, from) =>
            {
                for (var i = 0; i < to.Length; i++)
                {
                    to[i] = char.IsControl(from[i]) ? '?' : from[i];
                }
            })));

    private long WriteCompat(LastLogins logins, HashSet<string> users)
    {
        var table = new LoginlogFile();
        if (options.Loginlog is { } existing && File.Exists(existing))
        {
            table.AddLines(File.ReadLines(existing));
        }

        table.Keep(users);
        foreach (var user in users)
        {
            table.Add(user, 0);
        }

        var today = LoginlogFile.Day(CivilTime.Of(now + zone.SecondsAt(now)));
        foreach (var (name, login, _) in logins.All)
        {
            if (login.Seconds > 0 && login.UntilSeconds >= now - DaySeconds && !name.Any(char.IsControl))
            {
                table.Add(name, today);
            }
        }

        WriteTable(table);
        return table.BadLines;
    }

    private void WriteTable(LoginlogFile table)
    {
        if (options.Loginlog is not { } path)
        {
            var text = new ReportText(io.Output);
            table.Write(text);
            text.Flush();
            return;
        }

        // Whole or not at all: the old table is all that knows of logins from before.
        var written = path + ".new";
        using (var file = new FileStream(written, FileMode.Create, FileAccess.Write))
        {
            var text = new ReportText(file);
            table.Write(text);
            text.Flush();
            file.Flush(flushToDisk: true);
        }

        File.Move(written, path, overwrite: true);
    }
}
