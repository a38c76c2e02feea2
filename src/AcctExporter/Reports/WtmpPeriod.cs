// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Logins;
using AcctExporter.Records;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Reports;

/// <summary>
/// The part of a wtmp that was written since a cursor, through rotation by renaming, with a login in front for
/// everybody who was logged in there; and the cursor of the next part. The wtmp is only read.
/// </summary>
/// <param name="path">The wtmp.</param>
/// <param name="cursor">How far it was taken; null for all there is.</param>
/// <param name="say">Takes messages.</param>
internal sealed class WtmpPeriod(string path, WtmpCursor? cursor, Action<string> say)
{
    private const int FarSeconds = 60;

    private readonly SessionBuilder sessions = cursor?.RestoreSessions() ?? new(_ => { });
    private readonly LoginNames names = new();

    /// <summary>How often something was no good record, or was not there any more.</summary>
    public ulong Flawed { get; private set; }

    /// <summary>Writes the part.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="now">What time it is, in seconds since 1970.</param>
    /// <returns>Up to where.</returns>
    /// <exception cref="IOException">A file cannot be read, or the output not written.</exception>
    public WtmpCursor Take(UtmpOutput output, long now)
    {
        using var wtmp = Open(path);
        var isSame = cursor?.IsOf(wtmp.SafeFileHandle) == true;
        var rotated = cursor == null || isSame ? [] : Rotated();
        var begun = false;
        foreach (var (handle, _) in rotated)
        {
            using var older = new FileStream(handle, FileAccess.Read, bufferSize: 0);
            Copy(older, cursor!.IsOf(handle) ? cursor.Offset : 0, output, ref begun);
        }

        var end = Copy(wtmp, isSame ? cursor!.Offset : 0, output, ref begun);
        output.End();

        // A record of this very second is of the next part, and must not be before its beginning.
        var last = sessions.LastSeenSeconds ?? now;
        var taken = last > now && last - now < FarSeconds ? last : now;
        return WtmpCursor.Of(wtmp, end, taken, sessions);
    }

    private long Copy(FileStream wtmp, long from, UtmpOutput output, ref bool begun)
    {
        wtmp.Position = from;
        var reader = new UtmpReader(wtmp, flawedToo: true);
        if (!begun && cursor != null)
        {
            new PeriodRecords(output, UtmpType.UserProcess).AddOpen(sessions, reader.Layout, cursor.TakenSeconds);
        }

        begun = true;
        while (reader.TryRead(out var record))
        {
            if (record.Flaw == UtmpFlaw.None)
            {
                output.Add(record);
                sessions.Apply(LoginEvent.Of(record, names));
            }
        }

        // What is not yet whole belongs to the next part.
        Flawed += reader.Flawed - reader.Flaws[(int)UtmpFlaw.Partial];
        return from + reader.EndOfLast;
    }

    /// <summary>The file that was taken, under another name now, and those between it and the one of today.</summary>
    private List<(SafeFileHandle Handle, string Name)> Rotated()
    {
        var rotated = new RotatedFiles(path, (file, why) => say($"{file}: {why}"));
        var files = rotated.Since(cursor!.IsOf, (ulong)cursor!.Offset, out var hasGap);
        if (hasGap)
        {
            say($"{path}: the file that was taken last, or one after it, is not there any more (compressed, or "
                + "deleted): what was written to it since is missing");
            Flawed++;
        }

        return files;
    }

    private static FileStream Open(string file) =>
        new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
}
