// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Suite;

/// <summary>
/// Changes the suite's files so that a kill or a power cut at any moment leaves each whole, as it was or as it is to
/// be. A file may be read by the group when its folder may.
/// </summary>
internal static class SuiteFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes <c>PATH.new</c>, syncs it, and renames it over the old file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes all of it.</param>
    /// <exception cref="IOException">It cannot be written: the old file stands.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void Put(string path, Action<Stream> write)
    {
        CrashPoint.Reach(CrashPoint.BeforeSuiteWrite);
        var temporary = path + ".new";
        var isWhole = false;
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.Read))
            {
                File.SetUnixFileMode(file.SafeFileHandle, ModeIn(Path.GetDirectoryName(path)!));
                write(file);
                file.Flush(flushToDisk: true);
            }

            CrashPoint.Reach(CrashPoint.BeforeSuiteRename);
            File.Move(temporary, path, overwrite: true);
            isWhole = true;
        }
        finally
        {
            if (!isWhole)
            {
                // On a full disk it would be in the way of what comes next.
                File.Delete(temporary);
            }
        }

        CrashPoint.Reach(CrashPoint.AfterSuiteRename);
        DirectorySync.Sync(Path.GetDirectoryName(path)!);
    }

    /// <summary>The same for bytes that are there already.</summary>
    /// <exception cref="IOException">It cannot be written: the old file stands.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void Put(string path, byte[] bytes) => Put(path, file => file.Write(bytes));

    /// <summary>Renames a file or folder, unless there is one of the new name: then it was done before.</summary>
    /// <returns>True when there is one of the new name now.</returns>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static bool Move(string from, string to)
    {
        if (Path.Exists(to) || !Path.Exists(from))
        {
            return Path.Exists(to);
        }

        CrashPoint.Reach(CrashPoint.BeforeSuiteMove);
        if (Directory.Exists(from))
        {
            Directory.Move(from, to);
        }
        else
        {
            // Without overwriting it would be a link for a moment: taken twice, if killed then.
            File.Move(from, to, overwrite: true);
        }

        CrashPoint.Reach(CrashPoint.AfterSuiteMove);
        DirectorySync.Sync(Path.GetDirectoryName(to)!);
        return true;
    }

    /// <summary>Deletes a file, or a folder with what is in it, if it is there.</summary>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void Delete(string path)
    {
        if (!Path.Exists(path))
        {
            return;
        }

        CrashPoint.Reach(CrashPoint.BeforeSuiteDelete);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }

        CrashPoint.Reach(CrashPoint.AfterSuiteDelete);
    }

    /// <summary>Opens a file of the suite to read it; null when it is not there.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>What a new file in a folder may be: the group reads it where it reads the folder.</summary>
    public static UnixFileMode ModeIn(string folder) =>
        (File.GetUnixFileMode(folder) & UnixFileMode.GroupRead) != 0 ? Owner | UnixFileMode.GroupRead : Owner;
}
