// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Kernel;

namespace AcctExporter.Doctor;

/// <summary>Limits of the kernel, and programs that forbid what rights allow.</summary>
internal static class LimitFindings
{
    private const long FewFiles = 1024;

    /// <summary>All of them.</summary>
    public static IEnumerable<Finding> Of(HostView host)
    {
        yield return Pids(host);
        yield return OpenFiles(host);
        if (Confinement(host) is { } confined)
        {
            yield return confined;
        }
    }

    private static Finding Pids(HostView host)
    {
        const string id = "limit-pids";
        const string path = "/proc/sys/kernel/pid_max";
        if (!host.Exists(path))
        {
            return new(id, FindingState.Unknown, $"{path} cannot be read.");
        }

        var most = PidSpace.Max(host.PathOf(path));
        var what = $"Process ids are given again after {most} (kernel.pid_max).";
        return most > 65_536 ? Finding.Ok(id, what) : Finding.Note(id, what) with
        {
            Means = "In a storm an id comes again within seconds; after an overflow of taskstats exits go unjoined for "
                + "1 to 3 s, until no id is in doubt.",
            Mend = ["sysctl kernel.pid_max=4194304",
                "echo 'kernel.pid_max = 4194304' > /etc/sysctl.d/60-acct-exporter.conf"],
        };
    }

    private static Finding OpenFiles(HostView host)
    {
        const string id = "limit-open-files";
        var line = (host.Read("/proc/self/limits") ?? "").Split('\n')
            .FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var words = line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not { Length: > 0 })
        {
            return new(id, FindingState.Unknown, "/proc/self/limits cannot be read.");
        }

        var known = long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var soft);
        return !known || soft >= FewFiles ? Finding.Ok(id, $"{words[0]} files may be open at once.")
            : new(id, FindingState.Warning, $"{soft} files may be open at once.")
            {
                Means = "512 connections of scrapers and the agent's own files need 1024.",
                Mend = ["ulimit -n 1024", Setting.DropIn("LimitNOFILE=1024")],
            };
    }

    /// <summary>Only where it can matter: enforcing, and this process confined.</summary>
    private static Finding? Confinement(HostView host)
    {
        const string id = "confinement";
        var context = (host.Read("/proc/self/attr/current") ?? "").TrimEnd('\0', '\n');
        if (host.Read("/sys/fs/selinux/enforce") == "1" && !context.Contains("unconfined", StringComparison.Ordinal))
        {
            return Finding.Note(id, $"SELinux is enforcing, and this process runs as {context}.") with
            {
                Means = "Its policy may forbid acct(2), the directories or netlink to the agent.",
                Mend = ["ausearch -m avc -c acct-exporter  # empty: it forbids nothing"],
            };
        }

        var profile = host.Read("/proc/self/attr/apparmor/current") ?? context;
        return host.Read("/sys/module/apparmor/parameters/enabled") == "Y"
            && profile.EndsWith("(enforce)", StringComparison.Ordinal)
            ? Finding.Note(id, $"AppArmor confines this process: {profile}.") with
            {
                Means = "The profile may forbid acct(2), /proc/1/root or netlink to the agent.",
                Mend = ["journalctl -k --grep 'apparmor=\"DENIED\".*acct-exporter'  # empty: it forbids nothing",
                    "docker run --security-opt apparmor=unconfined ..."],
            }
            : null;
    }
}
