// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Capture;
using AcctExporter.Kernel;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Doctor;

/// <summary>Taskstats and the process connector, really asked: a socket, a registration, and one short child.</summary>
internal static class TaskStatsFindings
{
    private const int MessageBytes = 1280;

    /// <summary>All of them.</summary>
    public static IEnumerable<Finding> Of(HostView host, DoctorOptions options)
    {
        var setting = Setting.Of(host);
        if (options.Capture.TaskStats == TaskStatsMode.Off)
        {
            yield return Finding.Note("taskstats", "Taskstats are not wanted (--taskstats.mode=off).") with
            {
                Means = "CPU time is that of the records, in whole 10 ms ticks, cut down; I/O and memory are not "
                    + "known.",
                Mend = ["acct-exporter serve --taskstats.mode=auto"],
                Lacks = "true CPU time, names of threaded programs, I/O and memory (taskstats are switched off)",
            };
        }
        else
        {
            var wanted = (int)Math.Min(options.Capture.TaskStatsBufferBytes, 1 << 30);
            var answer = host.AskTaskStats(wanted);
            yield return TaskStats(answer, options, setting);
            if (answer.Fault.Obstacle == TaskStatsObstacle.None)
            {
                yield return Buffer(answer, wanted, setting);
            }
        }

        if ((options.Labels & OptionalLabels.OfCgroup) != 0)
        {
            yield return Connector(host.AskConnector(), options.Labels, setting);
        }
    }

    private static Finding TaskStats(TaskStatsAnswer answer, DoctorOptions options, Setting setting)
    {
        const string id = "taskstats";
        if (answer.Fault.Obstacle == TaskStatsObstacle.None)
        {
            return answer.Version is > 0 and < ThreadExit.FirstVersionWithTgid
                ? Finding.Note(id, $"Taskstats come, of version {answer.Version}, older than 5.19's.") with
                {
                    Means = "Messages of threads do not say which process they are of: only processes of one thread "
                        + "are joined.",
                }
                : Finding.Ok(id, answer.Version > 0
                    ? $"Taskstats come, of version {answer.Version}: the message of a child of our own was received."
                    : "Registering for taskstats succeeds (no child could be started to prove it).");
        }

        var demanded = options.Capture.TaskStats == TaskStatsMode.On;
        return new(id, demanded ? FindingState.Failure : FindingState.Warning, Sentence(answer.Fault.Message))
        {
            Means = demanded ? "They are demanded (--taskstats.mode=on): the agent does not start."
                : "CPU time is that of the records, in whole 10 ms ticks, cut down; I/O and memory are not known, nor "
                    + "the names of threaded programs.",
            Mend = answer.Fault.Obstacle switch
            {
                TaskStatsObstacle.NotPermitted => setting.Grant("CAP_NET_ADMIN"),
                TaskStatsObstacle.OtherPidNamespace =>
                    setting.Share("hostPID", "--pid=host", "PrivatePIDs=no", "unshare --pid"),
                TaskStatsObstacle.OtherNetworkNamespace =>
                    setting.Share("hostNetwork", "--network=host", "PrivateNetwork=no", "unshare --net"),
                TaskStatsObstacle.NoNetlink => [Setting.DropIn("RestrictAddressFamilies=AF_NETLINK")],
                _ => [],
            },
            Lacks = "true CPU time, names of threaded programs, I/O and memory (no taskstats)",
        };
    }

    private static Finding Buffer(TaskStatsAnswer answer, int wanted, Setting setting)
    {
        const string id = "taskstats-buffer";
        var room = string.Create(CultureInfo.InvariantCulture,
            $"{answer.BufferBytes / MessageBytes} messages of taskstats may wait ({answer.BufferBytes} bytes)");
        return answer.BufferBytes / 2 >= wanted ? Finding.Ok(id, room + ".")
            : new(id, FindingState.Warning, $"{room}; {wanted * 2L} bytes are wanted.")
            {
                Means = "In a storm of exits messages are dropped, and those exits keep the figures of their records.",
                Mend = [$"sysctl net.core.rmem_max={wanted}", .. setting.Grant("CAP_NET_ADMIN")],
            };
    }

    private static Finding Connector(ProcessConnectorFault fault, OptionalLabels labels, Setting setting)
    {
        const string id = "process-connector";
        return fault.Obstacle == ProcessConnectorObstacle.None
            ? Finding.Ok(id, "Events of processes come: the fork of a child of our own was received.")
            : new(id, FindingState.Warning, Sentence(fault.Message))
            {
                Means = $"The labels {(labels & OptionalLabels.OfCgroup).ToString().ToLowerInvariant()} stay empty.",
                Mend = fault.Obstacle switch
                {
                    ProcessConnectorObstacle.NotPermitted => setting.Grant("CAP_NET_ADMIN"),
                    ProcessConnectorObstacle.Silent =>
                        setting.Share("hostPID", "--pid=host", "PrivatePIDs=no", "unshare --pid"),
                    ProcessConnectorObstacle.NoConnector =>
                        setting.Share("hostNetwork", "--network=host", "PrivateNetwork=no", "unshare --net"),
                    _ => [],
                },
                Lacks = "control groups (units, containers, pods)",
            };
    }

    /// <summary>What the log says, as a sentence.</summary>
    private static string Sentence(string message) => char.ToUpperInvariant(message[0]) + message[1..] + ".";
}
