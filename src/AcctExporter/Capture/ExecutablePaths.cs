// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// Paths of executables for rules: from memory where a look at the file is not older than
/// <see cref="Executables.Trust"/>, else <see cref="PatientLookup{TKey,TValue}"/>. What is not certain is empty.
/// </summary>
internal sealed class ExecutablePaths : IDisposable
{
    /// <summary>Characters that rules are asked about: strangers choose paths, and rules take time for each.</summary>
    private const int LongestPath = 512;

    /// <summary>How long a file that was not found is not looked for again.</summary>
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(1);

    private readonly Executables executables;
    private readonly PatientLookup<(ulong Device, ulong Inode), bool> lookUps;

    /// <summary>Starts the thread.</summary>
    /// <param name="executables">Finds them.</param>
    /// <param name="clock">Tells when a file is looked for again.</param>
    /// <param name="patience">How long a new file may hold up counting.</param>
    public ExecutablePaths(Executables executables, TimeProvider clock, TimeSpan patience)
    {
        this.executables = executables;
        lookUps = new PatientLookup<(ulong Device, ulong Inode), bool>(
            (file, _) => LookUp(file), clock, Keep, patience, "executables");
    }

    /// <summary>Files that were not found in time: rules saw an empty path.</summary>
    public ulong Timeouts => lookUps.Timeouts;

    /// <summary>The path, now; empty where it is not certain, or longer than 512 characters. Called by the
    /// capture thread alone.</summary>
    public string Of(in ProcessExit exit, in TaskFigures figures)
    {
        var (device, inode) = (figures.ExecutableDevice, figures.ExecutableInode);
        if (inode == 0)
        {
            return "";
        }

        return executables.TryGetKnown(device, inode, exit.EndUnixSeconds, out var path)
            || (lookUps.TryGet((device, inode), out _)
                && executables.TryGetKnown(device, inode, exit.EndUnixSeconds, out path))
            ? path is { Length: <= LongestPath } ? path : ""
            : "";
    }

    /// <inheritdoc/>
    public void Dispose() => lookUps.Dispose();

    /// <summary>Brings the file to memory, whenever its process ended.</summary>
    private bool LookUp((ulong Device, ulong Inode) file)
    {
        try
        {
            return executables.PathOf(file.Device, file.Inode, long.MaxValue) is not null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A directory that cannot be read finds nothing.
            return false;
        }
    }
}
