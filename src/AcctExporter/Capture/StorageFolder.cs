// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Capture;

/// <summary>
/// The storage folder is the agent's alone to write in. Whoever else may make names there could lead what is written
/// elsewhere, by a symbolic link, or count what never was.
/// </summary>
internal static class StorageFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes it when it is missing, and takes the right to write from others.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>Null when all is well; else what was, or is, wrong with it: a sentence for the log.</returns>
    /// <exception cref="CaptureFault">Others could write, and have left a symbolic link in it.</exception>
    public static string? Prepare(string path)
    {
        Directory.CreateDirectory(path, OwnerOnly);
        var mode = File.GetUnixFileMode(path);
        if ((mode & UnixFileMode.OtherWrite) == 0)
        {
            return null;
        }

        var isOwn = FileIdentity.TryOfPath(path, out var facts, out _) && facts.Uid == OwnIdentity.Uid;
        if (isOwn)
        {
            File.SetUnixFileMode(path, mode & ~UnixFileMode.OtherWrite);
        }

        var link = new DirectoryInfo(path).EnumerateFileSystemInfos("*", SearchOption.TopDirectoryOnly)
            .FirstOrDefault(entry => entry.LinkTarget is not null);
        return link is null
            ? $"everybody could write in {path}, and so change what is counted: " + (isOwn
                ? "that right was taken from them" : "give it to the agent's user, with mode 0700")
            : throw new CaptureFault($"everybody could write in {path}, and {link.FullName} is a symbolic link to "
                + $"{link.LinkTarget}: the agent would write there. Remove it, and have a look at the rest");
    }
}
