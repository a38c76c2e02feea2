// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;
using AcctExporter.Logins;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// Where a day of login records ends: up to where they are taken, and who was logged in there. It is
/// <c>nite/logins</c>, and for the day that begins there <c>nite/carried.MMDD</c>.
/// </summary>
internal sealed record LoginCut
{
    private const string PlaceTag = "CUTP";
    private const string DatabaseTag = "CUTD";
    private const string SessionsTag = "CUTS";
    private const byte Layout = 1;

    /// <summary>The day that ends.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>When, in seconds since 1970: sessions are charged up to here.</summary>
    public required long Seconds { get; init; }

    /// <summary>No day was taken before it.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Where the records are from; <see cref="LoginSource.Off"/> when there were none yet.</summary>
    public LoginSource Source { get; init; } = LoginSource.Off;

    /// <summary>Up to where wtmp was read.</summary>
    public LoginCursor Wtmp { get; init; }

    /// <summary>Up to where wtmpdb was read, as its reader writes it.</summary>
    public byte[] Database { get; init; } = [];

    /// <summary>Who was logged in, as <see cref="SessionBuilder.Save"/> writes it.</summary>
    public required byte[] Sessions { get; init; }

    /// <summary>Reads it; null when it is not there.</summary>
    /// <exception cref="IOException">It cannot be read, or is damaged.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be read.</exception>
    public static LoginCut? Load(string path)
    {
        try
        {
            return Checkpoint.Load(path) is { } sections ? Of(sections) ?? throw Damaged(path) : null;
        }
        catch (StorageFault)
        {
            throw Damaged(path);
        }
    }

    /// <summary>Writes it in the place of the one before.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Save(string path)
    {
        using var bytes = new MemoryStream();
        using (var output = new BinaryWriter(bytes))
        {
            output.Write(Layout);
            output.Write((byte)Source);
            output.Write(IsFirst);
            output.Write(Day.DayNumber);
            output.Write(Seconds);
            output.Write(Wtmp.Device);
            output.Write(Wtmp.Inode);
            output.Write(Wtmp.Offset);
            output.Write(Wtmp.First);
            output.Write(Wtmp.Last);
        }

        SuiteFile.Put(path, new Checkpoint
        {
            [PlaceTag] = bytes.ToArray(), [DatabaseTag] = Database, [SessionsTag] = Sessions,
        }.ToBytes());
    }

    private static LoginCut? Of(Checkpoint sections)
    {
        if (sections[PlaceTag] is not { } place || sections[DatabaseTag] is not { } database
            || sections[SessionsTag] is not { } sessions)
        {
            return null;
        }

        try
        {
            using var input = new BinaryReader(new MemoryStream(place));
            var layout = input.ReadByte();
            var source = (LoginSource)input.ReadByte();
            var isFirst = input.ReadBoolean();
            var day = DateOnly.FromDayNumber(input.ReadInt32());
            var cut = new LoginCut
            {
                Day = day,
                IsFirst = isFirst,
                Source = source,
                Seconds = input.ReadInt64(),
                Wtmp = new(
                    input.ReadUInt64(), input.ReadUInt64(), input.ReadInt64(), input.ReadUInt64(),
                    input.ReadUInt64()),
                Database = database,
                Sessions = sessions,
            };
            return layout == Layout && Enum.IsDefined(source) && cut.Wtmp.Offset >= 0
                && SessionBuilder.Restore(sessions, _ => { }) is not null ? cut : null;
        }
        catch (Exception error) when (error is EndOfStreamException or ArgumentException)
        {
            return null;
        }
    }

    private static IOException Damaged(string path) => new(
        $"{path} is damaged: it says up to where login records are charged. Put back a good copy; or remove it: then "
        + "the next run begins 24 hours before, whatever was charged");
}
