// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Logins;

/// <summary>The newest login of each name, from all that a host knows.</summary>
/// <param name="nowSeconds">Now, in seconds since 1970: until then a session lasts that has no end.</param>
internal sealed class LastLogins(long nowSeconds)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, (LastLogin Login, string Source)> names = new(StringComparer.Ordinal);

    /// <summary>Each name, its newest login and where that is from; the time 0 says never.</summary>
    public IEnumerable<(string Name, LastLogin Login, string Source)> All =>
        names.Select(name => (name.Key, name.Value.Login, name.Value.Source));

    /// <summary>Records and rows that cannot be.</summary>
    public long Bad { get; private set; }

    /// <summary>A name that exists, whether or not it ever logged in.</summary>
    public void AddName(string name) => names.TryAdd(name, default);

    /// <summary>The sessions of a login file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void AddFile(string path)
    {
        using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        var reader = new UtmpReader(file);
        var texts = new LoginNames();
        var builder = new SessionBuilder(session => Add(
            session.User, new(session.StartSeconds, session.EndSeconds, session.Line, session.Host, ""), "wtmp"));
        while (reader.TryRead(out var record))
        {
            builder.Apply(LoginEvent.Of(record, texts));
        }

        foreach (var open in builder.OpenSessions)
        {
            Add(open.User, new(open.StartSeconds, Until(open.StartSeconds), open.Line, open.Host, ""), "wtmp");
        }

        Bad += (long)reader.Flawed;
    }

    /// <summary>The sessions of a database of wtmpdb.</summary>
    public DatabaseStatus AddSessions(string path, out string message)
    {
        var database = new WtmpDatabase(path, Patience);
        var changes = new List<WtmpDatabaseChange>();
        do
        {
            changes.Clear();
            database.Poll(changes);
            foreach (var change in changes)
            {
                Add(change);
            }
        }
        while (database.Status == DatabaseStatus.Read && database.HasMore);

        foreach (var row in database.Open.Where(row => !row.IsBoot))
        {
            Add(row, Until(row.LoginSeconds));
        }

        Bad += database.BadRows;
        message = database.Message;
        return database.Status;
    }

    /// <summary>The database of lastlog2.</summary>
    public DatabaseStatus AddLastlog2(string path, out string message)
    {
        var status = LastLoginDatabase.Read(path, Patience, out var logins, out var bad, out message);
        foreach (var (name, login) in logins)
        {
            Add(name, login, "lastlog2");
        }

        Bad += bad;
        return status;
    }

    /// <summary>The file lastlog.</summary>
    /// <param name="path">The file.</param>
    /// <param name="nameOf">The name of a uid.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public bool AddLastlog(string path, Func<uint, string> nameOf)
    {
        var isWhole = LastlogFile.Read(path, (uid, entry) => Add(nameOf(uid), Of(entry), "lastlog"), out var damaged);
        Bad += damaged;
        return isWhole;
    }

    /// <summary>The name of a uid by some users' file, then by the system, and else the number.</summary>
    public static Func<uint, string> NamesOf(IEnumerable<(uint Id, byte[] Name)> users)
    {
        var known = new Dictionary<uint, string>();
        foreach (var (id, name) in users)
        {
            known.TryAdd(id, Encoding.UTF8.GetString(name));
        }

        return uid =>
        {
            if (!known.TryGetValue(uid, out var name))
            {
                Span<byte> bytes = stackalloc byte[256];
                name = UserDatabase.TryGetName(uid, bytes, out var length, out _)
                    ? Encoding.UTF8.GetString(bytes[..length]) : uid.ToString(CultureInfo.InvariantCulture);
                known.Add(uid, name);
            }

            return name;
        };
    }

    private static LastLogin Of(LastlogRecord entry) => new(
        entry.Seconds, entry.Seconds, Encoding.UTF8.GetString(entry.Line), Encoding.UTF8.GetString(entry.Host), "");

    private long Until(long start) => Math.Max(start, nowSeconds);

    private void Add(WtmpDatabaseChange change)
    {
        if (change.Kind is WtmpDatabaseChangeKind.Login or WtmpDatabaseChangeKind.Logout or WtmpDatabaseChangeKind.Cut
                or WtmpDatabaseChangeKind.Crash && !change.Row.IsBoot)
        {
            Add(change.Row, change.Microseconds / 1_000_000);
        }
    }

    private void Add(WtmpDatabaseRow row, long until) => Add(
        row.User, new(row.LoginSeconds, Math.Max(until, row.LoginSeconds), row.Line, row.Host, row.Service), "wtmpdb");

    /// <summary>The newer of two; of one session known to two sources, what says more.</summary>
    private void Add(string name, LastLogin login, string source)
    {
        if (name.Length > 0 && (!names.TryGetValue(name, out var known) || login.Seconds > known.Login.Seconds
            || (login.Seconds == known.Login.Seconds && login.UntilSeconds > known.Login.UntilSeconds)))
        {
            names[name] = (login, login.Seconds == 0 ? "" : source);
        }
    }
}
