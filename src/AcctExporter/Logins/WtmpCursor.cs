// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Text;
using AcctExporter.Journal;
using AcctExporter.Kernel;
using AcctExporter.Records;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Logins;

/// <summary>
/// How far a wtmp was taken, and who was logged in there: a small text file of our own, so that nobody needs to cut the
/// wtmp off to take the next part. Written to another name and renamed, so it is whole or the one before.
/// </summary>
/// <param name="Device">The file's device.</param>
/// <param name="Inode">Its inode: the file may have got another name since.</param>
/// <param name="Offset">Up to which byte.</param>
/// <param name="Fingerprint">CRC-32C of its first bytes: inodes are used again.</param>
/// <param name="TakenSeconds">When, in seconds since 1970: the end of one period and the beginning of the next.</param>
/// <param name="Sessions">Who was logged in, as <see cref="SessionBuilder.Save"/> writes it.</param>
internal sealed record WtmpCursor(
    ulong Device, ulong Inode, long Offset, uint Fingerprint, long TakenSeconds, byte[] Sessions)
{
    private const string Heading = "acct-exporter wtmp cursor 1";

    /// <summary>Bytes at the beginning of a file that tell it from others, at most.</summary>
    private const int FingerprintBytes = UtmpLayout.NarrowSize;

    /// <summary>Larger than the sessions of a full table of lines.</summary>
    private const long LongestBytes = 64 << 20;

    /// <summary>The cursor in a file.</summary>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static WtmpCursor Load(string path)
    {
        if (new FileInfo(path).Length > LongestBytes)
        {
            throw new InvalidDataException($"{path}: no cursor of a wtmp");
        }

        var lines = File.ReadAllLines(path);
        var cursor = lines.Length == 5 && lines[0] == Heading ? Of(lines) : null;
        return cursor ?? throw new InvalidDataException($"{path}: no cursor of a wtmp; remove it to begin anew");
    }

    /// <summary>Of a file as it is now, taken up to <paramref name="offset"/>.</summary>
    public static WtmpCursor Of(FileStream wtmp, long offset, long seconds, SessionBuilder sessions)
    {
        if (!FileIdentity.TryOfHandle(wtmp.SafeFileHandle, out var identity, out var errno))
        {
            throw new IOException($"{wtmp.Name}: {Errno.Describe(errno)}");
        }

        var state = new ArrayBufferWriter<byte>();
        sessions.Save(state);
        return new(
            identity.Device, identity.Inode, offset, FingerprintOf(wtmp.SafeFileHandle, offset), seconds,
            state.WrittenSpan.ToArray());
    }

    /// <summary>Writes it in the place of the one before.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path)
    {
        var text = new StringBuilder(Heading).Append('\n')
            .Append(CultureInfo.InvariantCulture, $"file {Device} {Inode} {Offset} {Fingerprint}\n")
            .Append(CultureInfo.InvariantCulture, $"taken {TakenSeconds}\n")
            .Append(CultureInfo.InvariantCulture, $"check {Crc32C.Of(Sessions)}\n")
            .Append("sessions ").Append(Convert.ToBase64String(Sessions)).Append('\n');
        var next = path + ".new";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            file.Write(Encoding.ASCII.GetBytes(text.ToString()));
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }

    /// <summary>True when this is the file that was taken, whatever its name is now, and it was not cut off.</summary>
    public bool IsOf(SafeFileHandle wtmp) =>
        FileIdentity.TryOfHandle(wtmp, out var identity, out _) && identity.Inode == Inode
        && identity.Device == Device && identity.SizeBytes >= Offset && FingerprintOf(wtmp, Offset) == Fingerprint;

    /// <summary>Those who were logged in.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public SessionBuilder RestoreSessions() => SessionBuilder.Restore(Sessions, _ => { })
        ?? throw new InvalidDataException("the cursor's sessions are damaged; remove it to begin anew");

    private static uint FingerprintOf(SafeFileHandle handle, long offset)
    {
        Span<byte> bytes = stackalloc byte[FingerprintBytes];
        bytes = bytes[..(int)Math.Min(offset, bytes.Length)];
        return Crc32C.Of(bytes[..RandomAccess.Read(handle, bytes, 0)]);
    }

    private static WtmpCursor? Of(string[] lines)
    {
        var file = lines[1].Split(' ');
        var (taken, check, sessions) = (lines[2].Split(' '), lines[3].Split(' '), lines[4].Split(' '));
        Span<byte> state = new byte[lines[4].Length];
        return file is ["file", _, _, _, _] && taken is ["taken", _] && check is ["check", _]
            && sessions is ["sessions", _]
            && ulong.TryParse(file[1], CultureInfo.InvariantCulture, out var device)
            && ulong.TryParse(file[2], CultureInfo.InvariantCulture, out var inode)
            && long.TryParse(file[3], CultureInfo.InvariantCulture, out var offset) && offset >= 0
            && uint.TryParse(file[4], CultureInfo.InvariantCulture, out var fingerprint)
            && long.TryParse(taken[1], CultureInfo.InvariantCulture, out var seconds)
            && uint.TryParse(check[1], CultureInfo.InvariantCulture, out var sum)
            && Convert.TryFromBase64String(sessions[1], state, out var length) && Crc32C.Of(state[..length]) == sum
            ? new(device, inode, offset, fingerprint, seconds, state[..length].ToArray()) : null;
    }
}
