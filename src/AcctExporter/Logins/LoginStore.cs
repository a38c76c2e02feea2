// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Globalization;
using AcctExporter.Journal;
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Logins;

/// <summary>Where each source was read to.</summary>
/// <param name="Source">Which source sessions were read from.</param>
/// <param name="Wtmp">The file of sessions.</param>
/// <param name="Btmp">The file of failed logins.</param>
/// <param name="Database">The position in wtmpdb, as its reader wrote it; empty for none.</param>
internal readonly record struct LoginPositions(
    LoginSource Source, LoginCursor Wtmp, LoginCursor Btmp, byte[] Database)
{
    /// <summary>Nothing was read in between.</summary>
    public bool IsSame(LoginPositions other) => Source == other.Source && Wtmp == other.Wtmp && Btmp == other.Btmp
        && Database.AsSpan().SequenceEqual(other.Database);
}

/// <summary>
/// The state of logins on disk: positions, open sessions, counters. What is in it, and no more, is what a scrape may
/// show. A kill loses nothing, and no scrape waits for a disk: so there are two small files, each replaced as a whole,
/// one that is synced now and then, and beside it the latest state, which is not.
/// </summary>
internal sealed class LoginStore(string directory)
{
    /// <summary>The name of the file in the storage directory.</summary>
    public const string FileName = "logins";

    /// <summary>The name of the file that is not synced.</summary>
    public const string LatestName = "logins.latest";

    private const string CountsTag = "LGCT";
    private const string SessionsTag = "LGSE";
    private const string PositionsTag = "LGPO";
    private const string NumberTag = "LGNO";
    private const byte Layout = 1;
    private const int LifeBytes = 16;

    private readonly string path = Path.Combine(directory, FileName);
    private readonly string latestPath = Path.Combine(directory, LatestName);
    private Checkpoint checkpoint = new();
    private Guid life = Guid.NewGuid();
    private ulong number;
    private byte[]? unsynced;
    private bool isSynced;

    /// <summary>The directory.</summary>
    public string Directory => directory;

    /// <summary>
    /// Why the latest state could not be used, as after a power cut; null when there was none, or it was whole.
    /// </summary>
    public string? LatestFault { get; private set; }

    /// <summary>Reads the state into an empty book.</summary>
    /// <returns>The positions; null when nothing was ever kept.</returns>
    /// <exception cref="StorageFault">It is damaged; the book is of no use then.</exception>
    public LoginPositions? Load(LoginBook book)
    {
        if (Checkpoint.Load(path) is not { } synced)
        {
            return null;
        }

        var loaded = Latest(synced);
        if (loaded[CountsTag] is not { } counts || loaded[SessionsTag] is not { } sessions
            || loaded[PositionsTag] is not { } positions || !book.TryRestore(counts, sessions)
            || !TryRead(positions, out var read))
        {
            throw new StorageFault(
                $"the state of logins {path} cannot be used: a section is missing or cannot be read");
        }

        checkpoint = loaded;
        isSynced = true;
        (life, number) = NumberOf(loaded) is { } its && its.Life != Guid.Empty ? its : (life, 0);
        return read;
    }

    /// <summary>Throws when what is kept cannot be used; changes nothing.</summary>
    /// <exception cref="StorageFault">It is damaged.</exception>
    public static void Check(string directory, LoginOptions options) =>
        new LoginStore(directory).Load(new LoginBook(options, new PrimeTime(Holidays.None, TimeZoneInfo.Utc), 0));

    /// <summary>Puts the file aside under another name.</summary>
    public void SetAside(TimeProvider clock)
    {
        // What stays beside it is of another life, and never read.
        var time = clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        File.Move(path, $"{path}.set-aside-{time}");
    }

    /// <summary>
    /// Saves; a kill leaves the old state or the new one, a power cut one that was synced. Waits for the disk the first
    /// time alone.
    /// </summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Save(LoginBook book, LoginPositions positions)
    {
        checkpoint[CountsTag] = book.SaveCounts();
        checkpoint[SessionsTag] = book.SaveSessions();
        checkpoint[PositionsTag] = Write(positions);
        number++;
        var own = new byte[LifeBytes + sizeof(ulong)];
        life.TryWriteBytes(own);
        BinaryPrimitives.WriteUInt64LittleEndian(own.AsSpan(LifeBytes), number);
        checkpoint[NumberTag] = own;
        var bytes = checkpoint.ToBytes();
        if (!isSynced)
        {
            FileReplacement.Put(path, bytes, ReplacementPoints.Logins);
            isSynced = true;
            return;
        }

        FileReplacement.Put(latestPath, bytes, ReplacementPoints.Logins, syncs: false);
        unsynced = bytes;
    }

    /// <summary>What was saved survives a power cut from here on. Waits for the disk.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Sync()
    {
        if (unsynced is { } bytes)
        {
            FileReplacement.Put(path, bytes, ReplacementPoints.Logins);
            unsynced = null;
        }
    }

    private static (Guid Life, ulong Number)? NumberOf(Checkpoint loaded) =>
        loaded[NumberTag] is { Length: LifeBytes + sizeof(ulong) } own
            ? (new Guid(own.AsSpan(0, LifeBytes)), BinaryPrimitives.ReadUInt64LittleEndian(own.AsSpan(LifeBytes)))
            : null;

    /// <summary>
    /// The latest state where it is whole and of the same life, else the synced one. A power cut can leave any bytes
    /// here, and no more is lost than was not synced: it is no damage.
    /// </summary>
    private Checkpoint Latest(Checkpoint synced)
    {
        try
        {
            return Checkpoint.Load(latestPath) is { } latest && NumberOf(latest) is { } its
                && NumberOf(synced) is { } other && its.Life == other.Life && its.Number > other.Number
                    ? latest : synced;
        }
        catch (StorageFault fault)
        {
            LatestFault = fault.Message;
            return synced;
        }
    }

    private static byte[] Write(LoginPositions positions)
    {
        using var bytes = new MemoryStream();
        using (var output = new BinaryWriter(bytes))
        {
            output.Write(Layout);
            output.Write((byte)positions.Source);
            foreach (var cursor in (ReadOnlySpan<LoginCursor>)[positions.Wtmp, positions.Btmp])
            {
                output.Write(cursor.Device);
                output.Write(cursor.Inode);
                output.Write(cursor.Offset);
                output.Write(cursor.First);
                output.Write(cursor.Last);
            }

            output.Write(positions.Database.Length);
            output.Write(positions.Database);
        }

        return bytes.ToArray();
    }

    private static bool TryRead(byte[] bytes, out LoginPositions positions)
    {
        positions = default;
        try
        {
            using var input = new BinaryReader(new MemoryStream(bytes));
            if (input.ReadByte() != Layout)
            {
                return false;
            }

            var source = (LoginSource)input.ReadByte();
            positions = new(source, Cursor(input), Cursor(input), input.ReadBytes(input.ReadInt32()));
            return Enum.IsDefined(source) && input.BaseStream.Position == bytes.Length
                && positions is { Wtmp.Offset: >= 0, Btmp.Offset: >= 0 };
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
            return false;
        }
    }

    private static LoginCursor Cursor(BinaryReader input) =>
        new(input.ReadUInt64(), input.ReadUInt64(), input.ReadInt64(), input.ReadUInt64(), input.ReadUInt64());
}
