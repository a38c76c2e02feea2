// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Capture;

/// <summary>
/// The file of events: whole lines, rotated by size, opened anew when somebody renamed or removed it. A line that was
/// written in part (full disk) is finished in the same file or, when that has gone, dropped. Used by one thread.
/// </summary>
internal sealed class EventFile(ExitEventOptions options) : IDisposable
{
    private readonly string path = options.File;
    private AppendFile? file;

    /// <summary>The last byte written was not the end of a line.</summary>
    private bool isInLine;

    /// <summary>What is given next begins with the rest of a line whose file has gone.</summary>
    private bool isRest;

    /// <summary>Lines written to their ends.</summary>
    public long Written { get; private set; }

    /// <summary>Lines of which only the first part was written, to a file that has gone.</summary>
    public long Torn { get; private set; }

    private bool IsStandardOutput => path == ExitEventOptions.StandardOutput;

    /// <summary>Writes what it can; what it did not take is to be given again, with more behind it or not.</summary>
    /// <param name="lines">
    /// Lines, each with its line feed; the first may be the rest of one that was not taken to its end.
    /// </param>
    /// <param name="fault">Why not all were taken, or null.</param>
    /// <returns>How many bytes are done with.</returns>
    public int Write(ReadOnlySpan<byte> lines, out string? fault)
    {
        var done = 0;
        try
        {
            LeaveOneThatIsDisplaced();
            Open();
            Rotate(lines.Length);
            if (isRest)
            {
                done = lines.IndexOf((byte)'\n') + 1;
                isRest = false;
                Torn++;
            }

            while (done < lines.Length)
            {
                var taken = file!.Write(lines[done..], out var errno);
                if (taken <= 0)
                {
                    throw Errno.Fault("write", path, errno);
                }

                Written += lines.Slice(done, taken).Count((byte)'\n');
                done += taken;
                isInLine = lines[done - 1] != (byte)'\n';
            }

            fault = null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            fault = error.Message;
        }

        return done;
    }

    public void Dispose() => Close();

    /// <summary>
    /// The name is the truth: after a rename or a removal (logrotate) lines go to a new file of that name. Two looks a
    /// batch cost less than the write.
    /// </summary>
    private void LeaveOneThatIsDisplaced()
    {
        if (file is null || IsStandardOutput)
        {
            return;
        }

        if (!FileIdentity.TryOfPath(path, out var named, out _) || !file.TryIdentify(out var ours, out _)
            || !ours.IsSameFile(named))
        {
            Close();
        }
    }

    private void Open()
    {
        if (file is not null)
        {
            return;
        }

        if (IsStandardOutput)
        {
            file = AppendFile.StandardOutput();
            return;
        }

        var errno = AppendFile.Open(path, out var opened);
        if (errno != 0)
        {
            throw Errno.Fault("open", path, errno);
        }

        file = opened!;
        if (Refusal() is { } why)
        {
            Close();
            throw new IOException(why);
        }
    }

    /// <summary>Why the file that was opened cannot be used, or null.</summary>
    private string? Refusal()
    {
        if (!file!.TryIdentify(out var found, out var errno))
        {
            return $"cannot look at {path}: {Errno.Describe(errno)}";
        }

        if (!found.IsRegular && !found.IsCharacterDevice)
        {
            return $"{path} is neither a file nor a terminal; for a pipe write to standard output (-)";
        }

        // An agent that was killed in the middle of a line: what follows must not be taken for its end.
        return found is { IsRegular: true, SizeBytes: > 0 } && file.HasOtherThanLineFeedAt(found.SizeBytes - 1)
            && file.Write("\n"u8, out errno) != 1
            ? $"cannot write {path}: {Errno.Describe(errno)}"
            : null;
    }

    private void Rotate(int comingBytes)
    {
        if (options.MaxBytes == 0 || IsStandardOutput || isInLine || !file!.TryIdentify(out var now, out _)
            || !now.IsRegular || now.SizeBytes == 0 || now.SizeBytes + comingBytes <= options.MaxBytes)
        {
            return;
        }

        if (options.Keep == 0)
        {
            File.Delete(path);
        }
        else
        {
            // Up to the first gap only: when a rename fails and is tried again, no old file is pushed out by that.
            var last = 1;
            while (last < options.Keep && File.Exists(Old(last)))
            {
                last++;
            }

            for (; last > 1; last--)
            {
                File.Move(Old(last - 1), Old(last), overwrite: true);
            }

            File.Move(path, Old(1), overwrite: true);
        }

        Close();
        Open();
    }

    private string Old(int number) => $"{path}.{number}";

    private void Close()
    {
        file?.Dispose();
        file = null;
        isRest |= isInLine;
        isInLine = false;
    }
}
