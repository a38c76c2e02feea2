// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Capture;
using AcctExporter.Ledger;

namespace AcctExporter.Doctor;

/// <summary>
/// What this process may do, and what each right that it lacks takes away. It speaks of the user who asks: the agent
/// has the same rights when it is started the same way.
/// </summary>
internal static class RightsFindings
{
    /// <summary>All of them.</summary>
    public static IEnumerable<Finding> Of(HostView host, DoctorOptions options)
    {
        var rights = Capabilities.Of(host);
        var setting = Setting.Of(host);
        var elsewhere = !IsInInitialUserNamespace(host);
        yield return UserNamespace(host, options, elsewhere);
        yield return Accounting(options, rights, setting, elsewhere);
        if (options.Capture.TaskStats != TaskStatsMode.Off || (options.Labels & OptionalLabels.OfCgroup) != 0)
        {
            yield return Network(rights, setting);
        }

        yield return rights.Has(Capabilities.Lease) || rights.Uid == 0 || options.Capture.SourceFile is null
            ? Finding.Ok("right-lease", "Whether the kernel writes to a file of our own can be asked (lease).")
            : new Finding("right-lease", FindingState.Warning, $"CAP_LEASE is missing for user {rights.Uid}.")
            {
                Means = "Whether the kernel still writes to another user's file cannot be asked: a file that was "
                    + "switched away from is noticed only after 3 s of silence.",
                Mend = setting.Grant("CAP_LEASE"),
            };
        yield return rights.Has(Capabilities.DacReadSearch) || rights.Uid == 0
            ? Finding.Ok("right-read", "Accounting files of others can be read.")
            : Finding.Note("right-read", $"CAP_DAC_READ_SEARCH is missing for user {rights.Uid}.") with
            {
                Means = "Accounting files of others are read only where their group allows it, and whether other "
                    + "programs use accounting may stay hidden.",
                Mend = ["usermod --append --groups adm acct-exporter", .. setting.Grant("CAP_DAC_READ_SEARCH")],
            };
        yield return rights.Has(Capabilities.SysPtrace)
            ? Finding.Ok("right-ptrace", "Mounts and programs of other processes can be seen (CAP_SYS_PTRACE).")
            : Finding.Note("right-ptrace", "CAP_SYS_PTRACE is missing.") with
            {
                Means = "Events name no paths of programs, and from a mount namespace of its own the agent cannot "
                    + "reach the host's mounts.",
                Mend = setting.Grant("CAP_SYS_PTRACE"),
            };
    }

    /// <summary>True unless the kernel says otherwise; a map of all ids is that of the initial one.</summary>
    public static bool IsInInitialUserNamespace(HostView host) =>
        NamespaceId.Of(host, "user") is { } number ? number == NamespaceId.InitialUser : MapsAll(host);

    private static bool MapsAll(HostView host)
    {
        var map = (host.Read("/proc/self/uid_map") ?? "").Split(default(char[]), StringSplitOptions.RemoveEmptyEntries);
        return map is [] or ["0", "0", "4294967295"];
    }

    private static Finding UserNamespace(HostView host, DoctorOptions options, bool elsewhere)
    {
        const string id = "namespace-user";
        if (!elsewhere)
        {
            return Finding.Ok(id, "This is the initial user namespace: capabilities count for acct(2).");
        }

        var follows = options.Capture.SourceFile is not null;
        var map = string.Join("; ", (host.Read("/proc/self/uid_map") ?? "").Split('\n')
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        return new(id, follows ? FindingState.Note : FindingState.Failure,
            $"This is a user namespace of its own (uid_map: {map}), as of a rootless container or unshare --user.")
        {
            Means = "Its root is not the host's: capabilities held here do not count for acct(2) and taskstats"
                + (follows ? "." : ", so the agent does not start."),
            Mend = Setting.Of(host).Kind switch
            {
                Surroundings.Kubernetes => ["in the pod of the DaemonSet: hostUsers: true"],
                Surroundings.Container =>
                    ["sudo podman run --userns=host ...", "docker run --userns=host ...  # by the system's docker"],
                _ => ["sudo acct-exporter serve  # without unshare --user", Setting.DropIn("PrivateUsers=no")],
            },
        };
    }

    private static Finding Accounting(DoctorOptions options, Capabilities rights, Setting setting, bool elsewhere)
    {
        const string id = "right-accounting";
        if (options.Capture.SourceFile is { } file)
        {
            return Finding.Ok(id, $"Nothing is switched: {file} is followed, which takes no CAP_SYS_PACCT.");
        }

        if (rights.Has(Capabilities.SysPacct))
        {
            return elsewhere
                ? Finding.Note(id, "CAP_SYS_PACCT is held, but in a user namespace of its own: it does not count.")
                : Finding.Ok(id, string.Create(CultureInfo.InvariantCulture,
                    $"User {rights.Uid} may switch accounting on (CAP_SYS_PACCT)."));
        }

        return new(id, FindingState.Failure, string.Create(
            CultureInfo.InvariantCulture, $"User {rights.Uid} may not switch accounting on: no CAP_SYS_PACCT."))
        {
            Means = "acct(2) is refused: the agent does not start.",
            Mend =
            [
                .. setting.Grant("CAP_SYS_PACCT"),
                "acct-exporter serve --source=FILE  # the accounting file of another program, without any right",
            ],
        };
    }

    private static Finding Network(Capabilities rights, Setting setting) => rights.Has(Capabilities.NetAdmin)
        ? Finding.Ok("right-taskstats", "Taskstats and events of processes may be received (CAP_NET_ADMIN).")
        : new Finding("right-taskstats", FindingState.Warning, string.Create(
            CultureInfo.InvariantCulture, $"User {rights.Uid} may not receive taskstats: no CAP_NET_ADMIN."))
        {
            Means = "CPU time is that of the records, in whole 10 ms ticks, cut down; I/O and memory are not known, "
                + "nor the names of threaded programs; labels of units, containers and pods stay empty.",
            Mend = setting.Grant("CAP_NET_ADMIN"),
        };
}
