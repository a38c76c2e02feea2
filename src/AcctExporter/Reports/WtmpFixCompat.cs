// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// <c>wtmpfix</c> as the System V suite has it, for old numbers: what is not of about this month is no record,
/// and after a change of the clock the times before it are moved, if run level 2 was seen and S was not since.
/// </summary>
/// <param name="now">The time of the run, local, which says what is plausible.</param>
/// <param name="say">Takes messages.</param>
internal sealed class WtmpFixCompat(DateTimeOffset now, Action<string> say) : IDisposable
{
    private const int SecondsOfDay = 86_400;

    private readonly long earliest = (((now.Year - 1970) * 365L) + ((now.Month - 1) * 30)) * SecondsOfDay;
    private readonly long latest = (((now.Year - 1970) * 365L) + ((now.Month + 1) * 30)) * SecondsOfDay;
    private readonly FileStream kept = new(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite,
        FileShare.None, 64 * 1024, FileOptions.DeleteOnClose);

    /// <summary>Changes of the clock: the records from one to another, and by how much their times move.</summary>
    private readonly List<(long From, long To, long Seconds)> changes = [];

    private UtmpLayout layout;
    private byte[] window = [];
    private long count;
    private long lastBoot;
    private bool isMultiUser;

    /// <summary>One file; several follow each other.</summary>
    /// <returns>False when the classic program ends with 1, without any output.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool TryAdd(Stream input)
    {
        using var buffered = new BufferedStream(input, 64 * 1024);
        var bytes = new SlidingRecords(buffered);
        layout = count == 0 ? bytes.Layout : layout;
        if (bytes.Layout != layout)
        {
            say("files of different layouts do not go together here");
            return false;
        }

        window = new byte[layout.Size];
        while (bytes.TryNext(window))
        {
            var from = bytes.Offset;
            while (!IsPlausible(new(window, layout)))
            {
                if (!bytes.TrySlide(window))
                {
                    say($"offset {from}: no plausible record follows");
                    return false;
                }
            }

            if (bytes.Offset != from)
            {
                say($"offset {from}: {bytes.Offset - from} bytes are no plausible record");
            }

            if (!TryKeep(bytes))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes what was kept, with its times moved.</summary>
    public void Write(UtmpOutput output)
    {
        kept.Position = 0;
        var moved = new byte[layout.Size];
        var (begun, ended, by) = (0, 0, 0L);
        for (long number = 0; number < count; number++)
        {
            for (; begun < changes.Count && changes[begun].From <= number; begun++)
            {
                by += changes[begun].Seconds;
            }

            for (; ended < changes.Count && changes[ended].To <= number; ended++)
            {
                by -= changes[ended].Seconds;
            }

            kept.ReadExactly(window);
            var record = new UtmpRecord(window, layout);
            if (by != 0)
            {
                UtmpFields.Of(record, record.Type, record.User, record.Seconds + by, record.Microseconds)
                    .Write(moved, layout);
                record = new(moved, layout);
            }

            output.Add(record);
        }

        output.End();
    }

    public void Dispose() => kept.Dispose();

    private bool TryKeep(SlidingRecords bytes)
    {
        var record = new UtmpRecord(window, layout);
        if (count == 0 || record.Type == UtmpType.BootTime)
        {
            lastBoot = count;
        }

        if (record.Type == UtmpType.RunLevel && !record.User.SequenceEqual("shutdown"u8))
        {
            var level = record.Pid & 0xff;
            isMultiUser = level == '2' || (isMultiUser && level != 'S');
        }

        Keep(record);
        if (record.Type != UtmpType.OldTime)
        {
            return true;
        }

        var old = record.Seconds;
        if (!bytes.TryNext(window) || new UtmpRecord(window, layout).Type != UtmpType.NewTime)
        {
            say($"record {count}: no new time follows the old one");
            return false;
        }

        record = new(window, layout);
        if (isMultiUser)
        {
            changes.Add((lastBoot, count - 1, record.Seconds - old));
        }

        Keep(record, isName: false);
        return true;
    }

    private void Keep(UtmpRecord record, bool isName = true)
    {
        if (isName && !IsName(record.User))
        {
            say($"logname {WtmpFix.Quoted(record.User)} changed to \"INVALID\"");
            UtmpFields.Of(record, record.Type, WtmpFix.InvalidName, record.Seconds, record.Microseconds)
                .Write(window, layout);
        }

        kept.Write(window);
        count++;
    }

    private bool IsPlausible(UtmpRecord record)
    {
        var line = record.Line;
        if (line.SequenceEqual("system boot"u8) || line.SequenceEqual("old time"u8)
            || line.SequenceEqual("new time"u8) || line.SequenceEqual("acctg on"u8))
        {
            return true;
        }

        // What Linux writes for the first three.
        return record.Type switch
        {
            UtmpType.BootTime when line.SequenceEqual("~"u8) => true,
            UtmpType.OldTime when line.SequenceEqual("|"u8) => true,
            UtmpType.NewTime when line.SequenceEqual("{"u8) => true,
            _ => record.Seconds > earliest && record.Seconds < latest && (ushort)record.Type <= 10 && record.Pid >= 0,
        };
    }

    private static bool IsName(ReadOnlySpan<byte> name)
    {
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && !"$ ._-"u8.Contains(letter))
            {
                return false;
            }
        }

        return true;
    }
}
