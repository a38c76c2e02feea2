// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Doctor;

/// <summary>What taskstats said when they were asked as the agent asks them.</summary>
/// <param name="Fault">What is in the way.</param>
/// <param name="Version">TASKSTATS_VERSION; 0 when no message came.</param>
/// <param name="BufferBytes">Room for messages that wait, as the kernel counts it.</param>
internal readonly record struct TaskStatsAnswer(TaskStatsFault Fault, int Version, int BufferBytes)
{
    private const int Attempts = 3;

    /// <summary>
    /// Opens a socket, registers it for all CPUs, and looks for the message of a short child of our own: only that
    /// proves anything. With the socket the registration ends.
    /// </summary>
    /// <param name="bufferBytes">Room to ask for.</param>
    public static TaskStatsAnswer Ask(int bufferBytes)
    {
        var clock = TimeProvider.System;
        using var socket = TaskStatsSocket.TryOpen(bufferBytes, out var fault);
        if (socket is null)
        {
            return new(fault, 0, 0);
        }

        var join = new ExitJoin(PidSpace.Max(), new CpuEstimator(SchedulerTick.Nanoseconds()));
        join.BeginEra(ExitEnricher.Now(clock));
        var drain = new MessageDrain(socket, join, clock);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            drain.Run();
            if (ShortChild.Run(out var child) != 0 || child == 0)
            {
                // No child, no proof: the agent takes the kernel's word then, and so do we.
                return new(default, drain.Version, socket.ReceiveBufferBytes);
            }

            drain.AwaitedPid = (uint)child;
            drain.Run();
            if (drain.AwaitedPid == 0)
            {
                return new(default, drain.Version, socket.ReceiveBufferBytes);
            }
        }

        return new(new(TaskStatsObstacle.OtherNetworkNamespace, 0), 0, socket.ReceiveBufferBytes);
    }
}
