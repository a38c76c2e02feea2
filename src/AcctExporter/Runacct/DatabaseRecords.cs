// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Logins;
using AcctExporter.Records;

namespace AcctExporter.Runacct;

/// <summary>
/// What became of rows of wtmpdb, as the login records that a wtmp would have. Several sessions may be on one line at a
/// time there (<c>ssh</c>), so that a line bears the row's number: <c>ssh#12</c>. Names are cut where those of wtmp
/// are.
/// </summary>
/// <param name="sink">Takes each record.</param>
/// <param name="notBefore">Rows that vanished ended here, up to where they are charged; in seconds since 1970.</param>
internal sealed class DatabaseRecords(LoginRecordSink sink, long notBefore)
{
    private const long MicrosecondsPerSecond = 1_000_000;
    private const char Mark = '#';

    private readonly byte[] record = new byte[UtmpLayout.WideSize];

    /// <summary>Names that were cut.</summary>
    public int CutNames { get; private set; }

    /// <summary>A line without the number that these records have behind it.</summary>
    public static string LineOf(string line)
    {
        var end = line.LastIndexOf(Mark);
        return end > 0 && end < line.Length - 1 && !line.AsSpan(end + 1).ContainsAnyExceptInRange('0', '9')
            ? line[..end] : line;
    }

    /// <summary>One change.</summary>
    public void Add(in WtmpDatabaseChange change)
    {
        switch (change.Kind)
        {
            case WtmpDatabaseChangeKind.Login:
                Session(change.Row, UtmpType.UserProcess, change.Microseconds);
                break;
            case WtmpDatabaseChangeKind.Logout:
                Session(change.Row, UtmpType.DeadProcess, change.Microseconds);
                break;
            case WtmpDatabaseChangeKind.Gone when !change.Row.IsBoot:
                Session(
                    change.Row, UtmpType.DeadProcess,
                    Math.Max(change.Microseconds, notBefore * MicrosecondsPerSecond));
                break;
            case WtmpDatabaseChangeKind.Boot:
                System(UtmpType.BootTime, "reboot"u8, change);
                break;
            case WtmpDatabaseChangeKind.Shutdown:
                System(UtmpType.RunLevel, "shutdown"u8, change);
                break;
        }

        // What a shutdown cut and a crash ended, the sessions' builder ends by the records of those.
    }

    private void Session(in WtmpDatabaseRow row, UtmpType type, long microseconds)
    {
        var line = row.Line.Length > 0 ? row.Line : row.Service.Length > 0 ? row.Service : "?";
        var mark = string.Create(CultureInfo.InvariantCulture, $"{Mark}{row.Id}");
        var user = type == UtmpType.UserProcess ? Bytes(row.User.Length > 0 ? row.User : "?", UtmpRecord.UserSize) : [];
        CutNames += type == UtmpType.UserProcess && Encoding.UTF8.GetByteCount(row.User) > UtmpRecord.UserSize ? 1 : 0;
        Write(new()
        {
            Type = type,
            Line = [.. Bytes(line, UtmpRecord.LineSize - mark.Length), .. Encoding.ASCII.GetBytes(mark)],
            User = user,
            Host = type == UtmpType.UserProcess ? Bytes(row.Host, UtmpRecord.HostSize) : [],
            Seconds = microseconds / MicrosecondsPerSecond,
            Microseconds = microseconds % MicrosecondsPerSecond,
        });
    }

    private void System(UtmpType type, ReadOnlySpan<byte> user, in WtmpDatabaseChange change) => Write(new()
    {
        Type = type,
        Line = "~"u8,
        Id = "~~"u8,
        User = user,
        Host = Bytes(change.Row.Host, UtmpRecord.HostSize),
        Seconds = change.Microseconds / MicrosecondsPerSecond,
        Microseconds = change.Microseconds % MicrosecondsPerSecond,
    });

    private void Write(in UtmpFields fields)
    {
        var layout = UtmpLayout.OfThisHost;
        fields.Write(record, layout);
        sink(new(record.AsSpan(0, layout.Size), layout));
    }

    /// <summary>Without what no login record may have, and cut, but not within a letter.</summary>
    private static byte[] Bytes(string text, int most)
    {
        var bytes = new byte[most];
        var length = 0;
        foreach (var read in text.EnumerateRunes())
        {
            var letter = Rune.IsControl(read) ? new Rune('?') : read;
            if (length + letter.Utf8SequenceLength > most)
            {
                break;
            }

            length += letter.EncodeToUtf8(bytes.AsSpan(length));
        }

        return bytes[..length];
    }
}
