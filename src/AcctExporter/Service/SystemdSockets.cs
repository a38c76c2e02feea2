// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Kernel;

namespace AcctExporter.Service;

/// <summary>
/// Sockets that systemd has opened for us and passed on (sd_listen_fds(3)): descriptors from 3 on, as many as
/// <c>LISTEN_FDS</c> says, meant for the process that <c>LISTEN_PID</c> names.
/// </summary>
internal static class SystemdSockets
{
    private const int First = 3;
    private const int Most = 64;

    /// <summary>
    /// The descriptors. Empty with a <paramref name="fault"/> that says what to do when there are none, or when one of
    /// them is no listening socket.
    /// </summary>
    /// <param name="variable">Gives a variable of the environment, or null.</param>
    /// <param name="fault">Null when all is well.</param>
    public static IReadOnlyList<int> Take(Func<string, string?> variable, out string? fault)
    {
        if (!TryNumber(variable("LISTEN_FDS"), out var count) || count is < 1 or > Most)
        {
            fault = "systemd has passed no socket (LISTEN_FDS is not set): start the socket unit, which starts the "
                + "service with it, or leave out --web.systemd-socket";
            return [];
        }

        if (!TryNumber(variable("LISTEN_PID"), out var pid) || pid != Environment.ProcessId)
        {
            fault = $"the sockets of systemd are for process {variable("LISTEN_PID")} (LISTEN_PID), and this is "
                + $"process {Environment.ProcessId}: let the unit start acct-exporter itself, without a shell between";
            return [];
        }

        var sockets = Enumerable.Range(First, count).ToArray();
        var bad = Array.FindIndex(sockets, socket => !InheritedDescriptor.TryTakeListening(socket));
        fault = bad < 0 ? null
            : $"descriptor {sockets[bad]} of systemd is not a socket that listens: the socket unit needs ListenStream= "
                + "and Accept=no";
        return fault is null ? sockets : [];
    }

    private static bool TryNumber(string? text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
