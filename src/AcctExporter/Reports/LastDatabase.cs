// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Logins;

namespace AcctExporter.Reports;

/// <summary>Takes a line of <c>last</c>; false when no more is wanted.</summary>
internal delegate bool LoginSpanSink(in LoginSpan span);

/// <summary>
/// The rows of a database of wtmpdb as lines of <c>last</c>, the newest first. Each row is a whole session, so nothing
/// is paired; one without an end is over when the system started again after it, at the shutdown if there was one.
/// </summary>
internal sealed class LastDatabase
{
    private readonly List<WtmpDatabaseRow> rows;
    private readonly List<WtmpDatabaseRow> boots;
    private readonly long nowSeconds;

    /// <summary>Reads the rows.</summary>
    /// <param name="path">The database.</param>
    /// <param name="patience">How long to wait for a change that is under way.</param>
    /// <param name="nowSeconds">What time it is.</param>
    public LastDatabase(string path, TimeSpan patience, long nowSeconds)
    {
        this.nowSeconds = nowSeconds;
        Status = WtmpDatabase.ReadAll(path, patience, out rows, out var bad, out var message);
        (BadRows, Message) = (bad, message);
        rows.Sort((one, other) => (other.LoginMicroseconds, one.LogoutMicroseconds ?? 0, other.Id).CompareTo(
            (one.LoginMicroseconds, other.LogoutMicroseconds ?? 0, one.Id)));
        boots = [.. rows.Where(row => row.IsBoot).Reverse()];
    }

    /// <summary>What came of reading it.</summary>
    public DatabaseStatus Status { get; }

    /// <summary>Why.</summary>
    public string Message { get; }

    /// <summary>Rows that cannot be.</summary>
    public long BadRows { get; }

    /// <summary>When the oldest row began; null when there is none.</summary>
    public long? BeginSeconds => rows.Count == 0 ? null : rows[^1].LoginSeconds;

    /// <summary>Gives all lines.</summary>
    /// <param name="withShutdowns">Also the times that the system was down.</param>
    /// <param name="sink">Takes them.</param>
    public void Show(bool withShutdowns, LoginSpanSink sink)
    {
        // A shutdown is the end of its boot's row: it is due when the rows get older than it.
        var downs = withShutdowns
            ? new Stack<WtmpDatabaseRow>(boots.Where(boot => boot.LogoutMicroseconds is not null)
                .OrderBy(boot => boot.LogoutMicroseconds)) : [];
        foreach (var row in rows)
        {
            while (downs.TryPeek(out var down) && down.LogoutMicroseconds >= row.LoginMicroseconds)
            {
                if (!ShowShutdown(downs.Pop(), sink))
                {
                    return;
                }
            }

            if (row.Type is WtmpDatabaseType.Boot or WtmpDatabaseType.User && !ShowRow(row, sink))
            {
                return;
            }
        }
    }

    private bool ShowRow(WtmpDatabaseRow row, LoginSpanSink sink)
    {
        var (by, end) = EndOf(row);
        return sink(new LoginSpan
        {
            Kind = row.IsBoot ? LoginSpanKind.Boot : LoginSpanKind.Login,
            End = by,
            User = Encoding.UTF8.GetBytes(row.User),
            Line = row.IsBoot ? "system boot"u8 : Encoding.UTF8.GetBytes(row.Line),
            Host = Encoding.UTF8.GetBytes(row.Host),
            LoginSeconds = row.LoginSeconds,
            LogoutSeconds = by switch
            {
                LoginSpanEnd.Running => nowSeconds,
                LoginSpanEnd.StillLoggedIn => 0,
                LoginSpanEnd.Crash when row.IsBoot => 0,
                _ => end,
            },
            EndSeconds = end,
        });
    }

    private bool ShowShutdown(WtmpDatabaseRow boot, LoginSpanSink sink)
    {
        var down = boot.LogoutMicroseconds!.Value;
        var next = boots.FindIndex(later => later.LoginMicroseconds >= down);
        var up = next < 0 ? 0 : boots[next].LoginSeconds;
        return sink(new LoginSpan
        {
            Kind = LoginSpanKind.Shutdown,
            End = next < 0 ? LoginSpanEnd.Running : LoginSpanEnd.Next,
            User = "shutdown"u8,
            Line = "system down"u8,
            Host = Encoding.UTF8.GetBytes(boot.Host),
            LoginSeconds = down / 1_000_000,
            LogoutSeconds = next < 0 ? nowSeconds : up,
            EndSeconds = up,
        });
    }

    private (LoginSpanEnd By, long Seconds) EndOf(WtmpDatabaseRow row)
    {
        if (row.LogoutMicroseconds is { } logout)
        {
            return (row.IsBoot ? LoginSpanEnd.Shutdown : LoginSpanEnd.Logout, logout / 1_000_000);
        }

        var next = boots.FindIndex(boot => boot.LoginMicroseconds > row.LoginMicroseconds);
        if (next < 0)
        {
            return (row.IsBoot ? LoginSpanEnd.Running : LoginSpanEnd.StillLoggedIn, 0);
        }

        var shutdown = next > 0 ? boots[next - 1].LogoutMicroseconds : null;
        return !row.IsBoot && shutdown >= row.LoginMicroseconds && shutdown <= boots[next].LoginMicroseconds
            ? (LoginSpanEnd.Shutdown, shutdown.Value / 1_000_000)
            : (LoginSpanEnd.Crash, boots[next].LoginSeconds);
    }
}
