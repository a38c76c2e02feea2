// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace AcctExporter.Doctor;

/// <summary>
/// Whether names of users come in time. The agent waits 200 ms for a name, and shows the number until then.
/// </summary>
internal static class NameFindings
{
    private static readonly TimeSpan Prompt = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Asks for the name of root on a thread of its own: a hanging directory server is not waited for.
    /// </summary>
    public static IEnumerable<Finding> Of(HostView host, TimeSpan limit)
    {
        const string id = "names";
        var found = false;
        var begin = Stopwatch.GetTimestamp();
        var asker = new Thread(() => found = host.KnowsUser(0)) { Name = "names", IsBackground = true };
        asker.Start();
        var ended = asker.Join(limit);
        var took = Stopwatch.GetElapsedTime(begin);
        if (ended && took <= Prompt)
        {
            yield return found ? Finding.Ok(id, $"The name of user 0 came in {took.TotalMilliseconds:F0} ms.")
                : new Finding(id, FindingState.Warning, "User 0 has no name here.")
                {
                    Means = "Users are shown as numbers. In a container the host's users are unknown.",
                    Mend = ["docker run -v /etc/passwd:/etc/passwd:ro -v /etc/group:/etc/group:ro ...",
                        "getent passwd 0  # on a host: whatever it says is what is wrong"],
                };
            yield break;
        }

        var services = (host.Read("/etc/nsswitch.conf") ?? "").Split('\n')
            .FirstOrDefault(line => line.StartsWith("passwd:", StringComparison.Ordinal)) ?? "passwd: (unknown)";
        yield return new Finding(id, FindingState.Warning, ended
            ? $"The name of user 0 took {took.TotalMilliseconds:F0} ms ({services})."
            : $"The name of user 0 did not come in {limit.TotalSeconds:F0} s ({services}).")
        {
            Means = "A directory server is slow or away: users are shown as numbers until it answers.",
            Mend = ["time getent passwd 0", "systemctl restart sssd  # or nslcd, or winbind: what nsswitch.conf names"],
        };
    }
}
