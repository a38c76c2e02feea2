// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Ledger;

namespace AcctExporter.Doctor;

/// <summary>What this kernel was built with, and what is switched on in it.</summary>
internal static class KernelFindings
{
    private const string NoCommand = "no command mends a kernel: boot one that has it (those of the distributions do)";

    /// <summary>All of them.</summary>
    public static IEnumerable<Finding> Of(HostView host, DoctorOptions options)
    {
        var release = host.Read("/proc/sys/kernel/osrelease") ?? "";
        var config = KernelConfig.TryRead(host, release);
        yield return release.Length > 0 ? Finding.Ok("kernel-version", $"Linux {release}.")
            : new Finding("kernel-version", FindingState.Unknown, "/proc/sys/kernel/osrelease cannot be read.")
            {
                Mend = ["mount -t proc proc /proc"],
            };
        yield return Accounting(host, options, config);
        yield return RecordVersion(config);
        yield return TaskStats(options, config);
        yield return Delays(host, options, config);
        if ((options.Labels & OptionalLabels.OfCgroup) != 0)
        {
            yield return ProcessEvents(config);
        }
    }

    private static Finding Accounting(HostView host, DoctorOptions options, KernelConfig? config)
    {
        const string id = "kernel-accounting";
        if (AccountingThresholds.TryRead(out _, host.PathOf(AccountingThresholds.DefaultPath)))
        {
            return Finding.Ok(id, "The kernel has process accounting (CONFIG_BSD_PROCESS_ACCT).");
        }

        if (config is null && !host.Exists("/proc/sys/kernel/osrelease"))
        {
            return new(
                id, FindingState.Unknown, "Whether the kernel has process accounting cannot be seen: no /proc/sys.")
            {
                Mend = ["mount -t proc proc /proc"],
            };
        }

        var follows = options.Capture.SourceFile is not null;
        return new(id, follows ? FindingState.Note : FindingState.Failure,
            $"The kernel has no process accounting: {AccountingThresholds.DefaultPath} is missing.")
        {
            Means = follows ? "This host writes no accounting file; one from elsewhere can be followed."
                : "acct(2) fails with ENOSYS: the agent does not start.",
            Mend = [NoCommand + ": CONFIG_BSD_PROCESS_ACCT=y, CONFIG_BSD_PROCESS_ACCT_V3=y"],
        };
    }

    private static Finding RecordVersion(KernelConfig? config)
    {
        const string id = "kernel-record-version";
        const string option = "CONFIG_BSD_PROCESS_ACCT_V3";
        return config switch
        {
            null => new(id, FindingState.Unknown,
                "No configuration of the kernel can be read, so the version of its records is not known."),
            _ when config.Has(option) => Finding.Ok(id, $"Records are of version 3 ({config.Source})."),
            _ => new(id, FindingState.Warning, $"Records are of version 2: {config.Source} lacks {option}.")
            {
                Means = "Records bear no process id, so taskstats cannot be joined with them: CPU time is in whole "
                    + "10 ms ticks, cut down, and I/O and memory are not known.",
                Mend = [$"{NoCommand}: {option}=y"],
                Lacks = "taskstats (records of version 2 have no process id)",
            },
        };
    }

    private static Finding TaskStats(DoctorOptions options, KernelConfig? config)
    {
        const string id = "kernel-taskstats";
        string[] wanted = ["CONFIG_TASKSTATS", "CONFIG_TASK_XACCT", "CONFIG_TASK_IO_ACCOUNTING"];
        if (config is null)
        {
            return new(id, FindingState.Unknown,
                "No configuration of the kernel can be read; what taskstats say themselves is below.");
        }

        var missing = wanted.Where(option => !config.Has(option)).ToArray();
        if (missing.Length == 0)
        {
            return Finding.Ok(id, $"Taskstats with memory and I/O are built in ({config.Source}).");
        }

        var unwanted = options.Capture.TaskStats == Capture.TaskStatsMode.Off;
        return new(id, unwanted ? FindingState.Note : FindingState.Warning,
            $"{config.Source} lacks {string.Join(", ", missing)}.")
        {
            Means = missing.Contains(wanted[0])
                ? "There are no taskstats: exact CPU time, names of threaded programs, I/O and memory are not known."
                : "Taskstats come without " + (missing.Contains(wanted[1]) ? "memory and I/O." : "storage I/O."),
            Mend = [$"{NoCommand}: {string.Join(", ", missing.Select(option => option + "=y"))}"],
            Lacks = unwanted || missing.Contains(wanted[0]) ? "" : "I/O",
        };
    }

    private static Finding Delays(HostView host, DoctorOptions options, KernelConfig? config)
    {
        const string id = "kernel-delays";
        const string command = "sysctl kernel.task_delayacct=1";
        var state = DelayAccounting.Read(host.PathOf(DelayAccounting.DefaultPath));
        if (state == DelayAccountingState.On)
        {
            return Finding.Ok(id, "The kernel measures delays (kernel.task_delayacct = 1).");
        }

        if (state == DelayAccountingState.Off)
        {
            return Finding.Note(id, options.Capture.EnableDelays
                ? "Delays are not measured now (kernel.task_delayacct = 0); the agent will switch that on."
                : "Delays are not measured (kernel.task_delayacct = 0), as kernels come.") with
            {
                Means = options.Capture.EnableDelays ? ""
                    : "Of all delays only the wait for a CPU is known; the others stay 0.",
                Mend = options.Capture.EnableDelays ? []
                    : [command, "acct-exporter serve --taskstats.enable-delays"],
            };
        }

        return Finding.Note(id, config is null || config.Has("CONFIG_TASK_DELAY_ACCT")
            ? "The kernel does not say whether it measures delays (it did not before 5.14)."
            : $"The kernel cannot measure delays: {config.Source} lacks CONFIG_TASK_DELAY_ACCT.") with
        {
            Means = "Delays other than the wait for a CPU may stay 0.",
        };
    }

    private static Finding ProcessEvents(KernelConfig? config)
    {
        const string id = "kernel-process-events";
        return config switch
        {
            null => new(id, FindingState.Unknown, "No configuration of the kernel can be read."),
            _ when config.Has("CONFIG_CONNECTOR") && config.Has("CONFIG_PROC_EVENTS") =>
                Finding.Ok(id, $"The process connector is built in ({config.Source})."),
            _ => new(id, FindingState.Warning, $"{config.Source} lacks CONFIG_CONNECTOR or CONFIG_PROC_EVENTS.")
            {
                Means = "The labels unit, container and pod stay empty.",
                Mend = [$"{NoCommand}: CONFIG_CONNECTOR=y, CONFIG_PROC_EVENTS=y"],
            },
        };
    }
}
