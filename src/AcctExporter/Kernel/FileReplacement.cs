// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>Where a test can kill the agent while a file is replaced.</summary>
/// <param name="Before">Before anything is written.</param>
/// <param name="BeforeRename">The new file is written beside the old one, and synced.</param>
/// <param name="AfterRename">It has taken the old one's place; the directory is not synced.</param>
internal sealed record ReplacementPoints(string Before, string BeforeRename, string AfterRename)
{
    /// <summary>Those of the checkpoint of exits.</summary>
    public static readonly ReplacementPoints Checkpoint =
        new(CrashPoint.BeforeCheckpoint, CrashPoint.BeforeRename, CrashPoint.AfterRename);

    /// <summary>Those of the state of logins.</summary>
    public static readonly ReplacementPoints Logins =
        new(CrashPoint.BeforeLogins, CrashPoint.BeforeLoginsRename, CrashPoint.AfterLoginsRename);

    /// <summary>Those of the state of printing.</summary>
    public static readonly ReplacementPoints Printing =
        new(CrashPoint.BeforePrinting, CrashPoint.BeforePrintingRename, CrashPoint.AfterPrintingRename);
}

/// <summary>
/// Writes a small file so that a kill or a power cut at any moment leaves the old content or the new one, whole.
/// </summary>
internal static class FileReplacement
{
    /// <summary>Writes <c>PATH.new</c>, syncs it, renames it over the old file, and syncs the directory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its new content.</param>
    /// <param name="points">Where a test can kill the agent meanwhile.</param>
    /// <param name="syncs">
    /// False: no disk is waited for. A kill still leaves one content or the other, whole; a power cut may leave
    /// anything.
    /// </param>
    /// <exception cref="IOException">It cannot be written: the old file stands.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void Put(string path, ReadOnlySpan<byte> bytes, ReplacementPoints points, bool syncs = true)
    {
        CrashPoint.Reach(points.Before);
        var temporary = path + ".new";
        using (var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            // Whoever may enter the folder, for the journal's sake, has no business here.
            File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            RandomAccess.Write(handle, bytes, 0);
            if (syncs)
            {
                RandomAccess.FlushToDisk(handle);
            }
        }

        CrashPoint.Reach(points.BeforeRename);
        File.Move(temporary, path, overwrite: true);
        CrashPoint.Reach(points.AfterRename);
        if (syncs)
        {
            DirectorySync.Sync(Path.GetDirectoryName(path)!);
        }
    }
}
