// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace AcctExporter.Tests.RealSystem;

/// <summary>What a program that ran in a clean Debian said, and its exit code.</summary>
internal sealed record DebianResult(int Code, string Output, string Errors)
{
    /// <summary>Both outputs, for messages.</summary>
    public string Text => Output + Errors;
}

/// <summary>
/// A clean Debian of the test's own, as a machine that one has just installed: packages of the archive can be installed
/// in it, and agents may switch accounting. Its processes, mounts, control groups, host name and IPC are its own; its
/// network is the host's (what listens does so on 127.0.0.1). Packages start no service in it (policy-rc.d), unless it
/// was booted. It takes root; all of it is gone with the test.
/// </summary>
internal sealed class CleanDebian : IDisposable
{
    private const UnixFileMode ForEverybody = (UnixFileMode)0x1ed; // 0755
    private const string Policy = "/usr/sbin/policy-rc.d";

    /// <summary>
    /// Starts pid 1 and says the process id of unshare, its parent. When the test closes its input or dies, pid 1 is
    /// killed, and everything inside with it; the control group goes when it is empty, and the root, too, unless the
    /// test has said a word.
    /// </summary>
    private const string Keeper =
        """
        trap : INT HUP TERM
        groups=$(findmnt -n -o TARGET -t cgroup2 | head -n 1)/clean-debian-$$
        mkdir "$groups"
        (
          sh -c 'echo $PPID' > "$groups/cgroup.procs"
          exec unshare --pid --fork --mount --uts --ipc --cgroup --propagation=private --kill-child \
            sh -e -c "$@" < /dev/null
        ) &
        echo $!
        read -r kept || true
        kill -KILL $(cat /proc/$!/task/$!/children) 2> /dev/null || true
        wait
        find "$groups" -depth -type d -exec rmdir {} +
        if [ -z "$kept" ]; then rm -rf --one-file-system "$3"; fi
        """;

    /// <summary>
    /// Run as pid 1 in the namespaces. Nothing is mounted where the host sees it, and once the root has changed nothing
    /// of the host's is within reach, but its network, harmless devices, and what was lent; the kernel's settings can
    /// only be read.
    /// Without systemd, children of nobody are waited for by the kernel.
    /// </summary>
    private const string FirstProcess =
        """
        cd "$1"
        mount --bind . .
        cd "$1"
        mount -t tmpfs -o mode=755,nosuid tmpfs dev
        for node in null zero full random urandom tty; do
          touch dev/$node
          mount --bind /dev/$node dev/$node
        done
        mkdir dev/pts dev/shm .host
        mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
        mount -t tmpfs tmpfs dev/shm
        ln -s pts/ptmx dev/ptmx
        ln -s /proc/self/fd dev/fd
        ln -s fd/0 dev/stdin
        ln -s fd/1 dev/stdout
        ln -s fd/2 dev/stderr
        mount -t tmpfs -o mode=755 tmpfs run
        mkdir run/lock
        mount -t sysfs -o ro sysfs sys
        mount -t cgroup2 cgroup2 sys/fs/cgroup
        mount -t proc proc proc
        mount --bind proc/sys proc/sys
        mount -o remount,bind,ro proc/sys
        first=$2
        shift 2
        while [ $# -gt 0 ]; do
          mkdir -p "./$2"
          mount --bind "$1" "./$2"
          mount -o remount,bind,ro "./$2"
          shift 2
        done
        pivot_root . .host
        umount -l /.host
        rmdir /.host
        hostname clean-debian
        if [ "$first" = systemd ]; then exec env -i container=lxc /lib/systemd/systemd; fi
        exec env --ignore-signal=CHLD sleep infinity
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string root;
    private readonly string[] lent;
    private Process keeper;

    /// <param name="lent">Folders of the host that it may read, each at a path of its own.</param>
    public CleanDebian(params (string Folder, string At)[] lent)
    {
        this.lent = [.. lent.SelectMany(one => new[] { one.Folder, one.At })];
        var archive = Tools.DebianRoot;
        root = Directory.CreateTempSubdirectory("clean-debian").FullName;
        // Others than root walk through it.
        File.SetUnixFileMode(root, ForEverybody);
        var unpacked = Finish(Process.Start(Piped("tar", ["-C", root, "--numeric-owner", "-xpf", archive]))!, Limit);
        if (unpacked.Code != 0)
        {
            Directory.Delete(root, recursive: true);
            throw new InvalidOperationException($"{archive}: {unpacked.Text}");
        }

        File.Copy("/etc/resolv.conf", root + "/etc/resolv.conf", overwrite: true);
        File.WriteAllText(root + Policy, "#!/bin/sh\nexit 101\n");
        File.SetUnixFileMode(root + Policy, ForEverybody);
        (keeper, FirstPid) = Begin("sleep");
    }

    /// <summary>Its pid 1, as this process numbers it.</summary>
    public int FirstPid { get; private set; }

    /// <summary>
    /// A path inside, with its mounts, for this process. A symbolic link in it that begins with / leads to the host.
    /// </summary>
    public string PathOf(string path) => $"/proc/{FirstPid}/root{path}";

    /// <summary>Copies a file of the host into it, with its mode; folders of the path are made.</summary>
    public void Take(string file, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.Copy(file, PathOf(path), overwrite: true);
    }

    /// <summary>Runs a program inside as root, in /root and with a plain environment, to its end.</summary>
    /// <param name="limit">After that it is killed, and the test fails.</param>
    /// <param name="command">Found along Debian's usual path.</param>
    public DebianResult Run(TimeSpan limit, params string[] command) => Finish(Start(command), limit);

    /// <summary>The same within a minute.</summary>
    public DebianResult Run(params string[] command) => Run(Limit, command);

    /// <summary>Lines for Debian's sh. A failure fails the test; the standard output.</summary>
    public string Shell(string lines, TimeSpan? limit = null)
    {
        var result = Run(limit ?? Limit, "sh", "-e", "-c", lines);
        return result.Code == 0 ? result.Output
            : throw new InvalidOperationException($"{lines}\nended with {result.Code}: {result.Text}");
    }

    /// <summary>Installs packages, of the archive or files inside (<c>./a.deb</c>), with what they depend on.</summary>
    public string Install(params string[] packages)
    {
        var lines = "apt-get -qq update > /dev/null\napt-get install -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 "
            + string.Join(' ', packages);
        return Shell(lines, TimeSpan.FromMinutes(5));
    }

    /// <summary>
    /// Begins again with systemd as pid 1, which is installed for it: packages start their services from now on.
    /// </summary>
    public void Boot()
    {
        Install("systemd");
        keeper.StandardInput.WriteLine("keep");
        End();
        File.Delete(root + Policy);
        (keeper, FirstPid) = Begin("systemd");
        var clock = Stopwatch.StartNew();
        DebianResult state;
        do
        {
            Thread.Sleep(50);
            state = Run("systemctl", "is-system-running");
        }
        while (state.Output.Trim() is not ("running" or "degraded") && clock.Elapsed < Limit);
        if (state.Output != "running\n")
        {
            throw new InvalidOperationException(
                $"systemd: {state.Text} {Run("systemctl", "--no-pager", "--failed").Text}");
        }
    }

    /// <summary>
    /// Starts a program inside. The process is nsenter's, outside, with the program's input closed and its outputs
    /// piped: read them, or send them elsewhere inside (<c>sh -c 'exec agent > /log 2>&amp;1'</c>).
    /// </summary>
    public Process Start(params string[] command)
    {
        var process = Process.Start(Piped("nsenter", [
            "-t", $"{FirstPid}", "--pid", "--mount", "--uts", "--ipc", "--cgroup", "--", "env", "-i", "-C", "/root",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8",
            "DEBIAN_FRONTEND=noninteractive", .. command,
        ]))!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Sends a signal to what was started, by its name, and waits; the exit code.</summary>
    public static int Stop(Process started, string signal = "TERM")
    {
        string child;
        while ((child = File.ReadAllText($"/proc/{started.Id}/task/{started.Id}/children").Trim()).Length == 0)
        {
            // nsenter has not begun it yet.
            Thread.Sleep(5);
        }

        using (var kill = Process.Start("kill", ["-s", signal, child]))
        {
            kill.WaitForExit();
        }

        return started.WaitForExit(Limit) ? started.ExitCode
            : throw new TimeoutException($"{started.StartInfo.ArgumentList[^1]} does not end on {signal}");
    }

    public void Dispose() => End();

    private static ProcessStartInfo Piped(string file, string[] arguments) => new(file, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    private static DebianResult Finish(Process started, TimeSpan limit)
    {
        using var process = started;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"not at its end after {limit}: {string.Join(' ', process.StartInfo.ArgumentList)}");
        }

        return new(process.ExitCode, output.Result, errors.Result);
    }

    private (Process Keeper, int FirstPid) Begin(string first)
    {
        var process = Process.Start(Piped("sh", ["-e", "-c", Keeper, "sh", FirstProcess, "sh", root, first, .. lent]))!;
        var unshare = process.StandardOutput.ReadLine();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Limit && File.Exists($"/proc/{unshare}/comm"))
        {
            // Once it has mounted everything it becomes another program.
            var child = File.ReadAllText($"/proc/{unshare}/task/{unshare}/children").Trim();
            if (child.Length > 0 && File.ReadAllText($"/proc/{child}/comm").Trim() == first)
            {
                return (process, int.Parse(child));
            }

            Thread.Sleep(5);
        }

        process.StandardInput.Close();
        throw new InvalidOperationException(
            $"no clean Debian (it takes root, unshare, nsenter, cgroups): {process.StandardError.ReadToEnd()}");
    }

    private void End()
    {
        keeper.StandardInput.Close();
        if (!keeper.WaitForExit(Limit))
        {
            throw new TimeoutException($"the clean Debian in {root} does not end");
        }

        keeper.Dispose();
    }
}
