// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Capture;

/// <summary>
/// What an event is told beside the numbers of its record: names of users, paths of executables. Used by one thread,
/// with a cache of its own: a slow name holds up nobody else.
/// </summary>
internal sealed class ExitEventNames(Func<uint, byte[]?> userNames, TimeProvider clock) : IDisposable
{
    /// <summary>Longer than the capture thread waits for a name: here a ring gathers what comes meanwhile.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly IdNames users = new(
        userNames, clock, Patience, "user names of events", NameFiles.Read(NameFiles.Users));

    private readonly Executables executables = new(clock);

    /// <summary>The label value of a user id.</summary>
    public string UserOf(uint uid) => users.Of(uid);

    /// <summary>
    /// The path of an executable by device, inode and the second in which its process ended; null when it is not
    /// certain.
    /// </summary>
    public string? PathOf(ulong device, ulong inode, long endUnixSeconds) =>
        executables.PathOf(device, inode, endUnixSeconds);

    public void Dispose() => users.Dispose();
}
