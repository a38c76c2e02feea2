// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Kernel;

namespace AcctExporter.Doctor;

/// <summary>
/// Who else uses accounting: there is one file for each PID namespace, the last caller of acct(2) wins, and nobody is
/// told. Unit files and /proc are read; no command is run.
/// </summary>
internal static class OtherAccounting
{
    private static readonly string[] UnitDirectories =
        ["/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
            "/lib/systemd/system"];

    /// <summary>Programs that switch accounting, by the unit that starts them.</summary>
    private static readonly Rival[] Rivals =
    [
        new("acct", "acct.service", null, "systemctl disable --now acct"),
        new("psacct", "psacct.service", null, "systemctl disable --now psacct"),
        new("atop", "atopacct.service", "atopacctd", "systemctl disable --now atopacct"),
        new("pcp", null, "pmdaproc", "pmstore acct.control.enable_acct 0"),
    ];

    /// <summary>Files whose daily rotation switches accounting off and on again, to another program's file.</summary>
    private static readonly string[] Rotations =
        ["/etc/cron.daily/acct", "/etc/logrotate.d/psacct", "/etc/cron.daily/psacct", "/etc/logrotate.d/acct"];

    /// <summary>All of them.</summary>
    public static IEnumerable<Finding> Of(HostView host, DoctorOptions options)
    {
        var capture = options.Capture;
        yield return Agent(host, capture);
        if (capture.SourceFile is not null)
        {
            yield return Finding.Ok("accounting-in-use", "Nothing is switched: others keep their accounting.");
            yield break;
        }

        yield return InUse(host, options);
        var running = RunningPrograms(host);
        var found = 0;
        foreach (var rival in Rivals)
        {
            if (LookFor(rival, host, running) is { } finding)
            {
                found++;
                yield return finding;
            }
        }

        var rotations = Rotations.Where(host.Exists).ToArray();
        if (rotations.Length > 0)
        {
            yield return Rotated(rotations);
        }
        else if (found == 0)
        {
            yield return Finding.Ok("other-programs", "No other program that switches accounting is installed.");
        }
    }

    /// <summary>
    /// The process that holds the lock of one of the directories; an empty string when it does not say.
    /// </summary>
    public static string? RunningAgent(HostView host, CaptureOptions options)
    {
        string[] locks = options.SourceFile is null
            ? [options.StoragePath + "/lock", options.AccountingPath + "/lock"] : [options.StoragePath + "/lock"];
        foreach (var path in locks)
        {
            if (AccountingLock.IsHeld(host.PathOf(path), out var holder))
            {
                return holder ?? "";
            }
        }

        return null;
    }

    private static Finding Agent(HostView host, CaptureOptions options) => RunningAgent(host, options) switch
    {
        null => IsHidden(host, options.StoragePath) || IsHidden(host, options.AccountingPath)
            ? new("agent", FindingState.Unknown, "Whether an agent works in these directories cannot be seen.")
            {
                Mend = ["sudo acct-exporter doctor"],
            }
            : Finding.Ok("agent", "No agent works in these directories now."),
        var holder => Finding.Note(
            "agent", $"An agent works in these directories already (process {Named(holder)}).") with
        {
            Means = "A second one with the same directories is refused at its start.",
            Mend = ["systemctl stop acct-exporter", "acct-exporter serve --storage.path=DIRECTORY --source=FILE"],
        },
    };

    private static bool IsHidden(HostView host, string directory) =>
        host.Exists(directory) && host.ErrnoOfMaking(host.PathOf(directory)) == Errno.EACCES;

    private static string Named(string holder) => holder.Length > 0 ? holder : "unknown";

    private static Finding InUse(HostView host, DoctorOptions options)
    {
        const string id = "accounting-in-use";
        var capture = options.Capture;
        var usual = capture.UsualFiles.ToDictionary(host.PathOf, path => path);
        if (ActiveAccounting.Find(usual.Keys) is { } active)
        {
            return Taken(usual[active], options);
        }

        if (!capture.TakeOver && host.Root.Length == 0 && ActiveAccounting.FindSegment(capture) is { } segment)
        {
            return new(id, FindingState.Failure, $"Another agent has accounting on, to {segment}.")
            {
                Means = "Its page says what this one would; the agent refuses to start.",
                Mend = ["systemctl stop acct-exporter", "acct-exporter serve --accounting.take-over"],
            };
        }

        var hidden = usual.Where(file => Path.Exists(file.Key) && !MayRead(file.Key)).Select(file => file.Value)
            .ToArray();
        return hidden.Length == 0
            ? Finding.Ok(id, "No other program has accounting on to one of the usual files.")
            : new(id, FindingState.Unknown, $"Whether accounting is on to {string.Join(", ", hidden)} cannot be asked: "
                + "no right to read.")
            {
                Mend = ["sudo acct-exporter doctor"],
            };
    }

    private static bool MayRead(string path)
    {
        try
        {
            using var handle = File.OpenHandle(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return WriterLease.Test(handle) != WriterState.Unknown;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static Finding Taken(string file, DoctorOptions options)
    {
        const string id = "accounting-in-use";
        var what = $"Another program has accounting on, to {file}.";
        if (options.Capture.TakeOver)
        {
            return new(id, FindingState.Warning, what)
            {
                Means = "The agent takes it (--accounting.take-over): that program gets no more records.",
                Mend = ["acct-exporter serve --accounting.follow-active  # to leave it to that program"],
            };
        }

        return options.Capture.FollowActive ? Finding.Note(id, what + " The agent follows that file.")
            : new(id, FindingState.Failure, what)
            {
                Means = "The agent takes accounting from nobody unless it is told to: it does not start.",
                Mend =
                [
                    "acct-exporter serve --accounting.follow-active",
                    $"acct-exporter serve --source={file}",
                    "accton off  # and disable what switches it on",
                    "acct-exporter serve --accounting.take-over",
                ],
            };
    }

    private static Finding? LookFor(Rival rival, HostView host, HashSet<string> running)
    {
        var id = "other-" + rival.Name;
        var isRunning = rival.Process is not null && running.Contains(rival.Process);
        var isEnabled = rival.Unit is not null && IsEnabled(host, rival.Unit);
        if (isRunning || isEnabled)
        {
            var what = (isRunning ? $"{rival.Process} is running" : $"{rival.Unit} is enabled")
                + (isRunning && isEnabled ? $", and {rival.Unit} is enabled." : ".");
            return new(id, rival.Unit is null ? FindingState.Note : FindingState.Warning, what)
            {
                Means = "It switches accounting to a file of its own when it starts, or when it is asked to: then the "
                    + "agent gets no more records until it takes accounting back.",
                Mend = [rival.Command, "acct-exporter serve --accounting.follow-active"],
            };
        }

        return rival.Unit is not null && UnitDirectories.Any(directory => host.Exists($"{directory}/{rival.Unit}"))
            ? Finding.Note(id, $"{rival.Unit} is installed, and not enabled.") : null;
    }

    /// <summary>A link in the .wants of a target, or of the old boot scripts.</summary>
    private static bool IsEnabled(HostView host, string unit)
    {
        var isMasked = host.Link($"/etc/systemd/system/{unit}") == "/dev/null";
        return !isMasked && host.Names("/etc/systemd/system")
            .Where(name => name.EndsWith(".wants", StringComparison.Ordinal))
            .Any(wants => host.Names($"/etc/systemd/system/{wants}").Contains(unit));
    }

    private static Finding Rotated(string[] rotations) => new(
        "other-rotation", FindingState.Warning, $"{string.Join(" and ", rotations)} is there.")
    {
        Means = "Once a day it rotates another program's accounting file and switches accounting on to it: that takes "
            + "accounting away from the agent.",
        Mend = [.. rotations.Select(path => path.Contains("cron", StringComparison.Ordinal)
            ? $"chmod -x {path}" : $"mv {path} /root/")],
    };

    /// <summary>The names of all processes, as the kernel shows them (15 bytes).</summary>
    private static HashSet<string> RunningPrograms(HostView host) =>
        [.. host.Names("/proc").Where(name => name.All(char.IsAsciiDigit)).Select(pid => host.Read($"/proc/{pid}/comm"))
            .OfType<string>()];

    /// <summary>A program that switches accounting.</summary>
    private sealed record Rival(string Name, string? Unit, string? Process, string Command);
}
