// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Logins;

/// <summary>What the thread that follows logins asks of the system.</summary>
/// <param name="Knows">
/// Whether there is a user of that name; may hang, may throw <see cref="IOException"/>.
/// </param>
/// <param name="LocalUsers">Users of the host's own file.</param>
/// <param name="StartOf">
/// When a process began, since the boot, and null for none (<see cref="LoginProcess.StartOf"/>). Itself null where
/// records name processes of another namespace.
/// </param>
internal sealed record LoginHost(
    Func<byte[], bool> Knows, IEnumerable<byte[]> LocalUsers, Func<int, TimeSpan?>? StartOf)
{
    /// <summary>How long new names of failed logins may hold up reading, all together.</summary>
    public TimeSpan NamePatience { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How long the host is up, with the times when it was suspended.</summary>
    public Func<TimeSpan> SinceBoot { get; init; } = BootClock.Now;
}
