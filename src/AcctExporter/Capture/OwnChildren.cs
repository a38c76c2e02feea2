// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// Children of our own that end to prove that a source works (<see cref="ShortChild"/>). Nobody on the host asked for
/// them, so their records are told from all others by pid and parent, and are not counted as exits.
/// </summary>
internal sealed class OwnChildren
{
    /// <summary>More than can be on their way at once; the oldest is forgotten, and counted as any exit.</summary>
    private const int Most = 8;

    private readonly uint self = (uint)Environment.ProcessId;
    private readonly uint[] expected = new uint[Most];
    private int next;

    /// <summary>Starts a child and waits for its end: its record is expected from then on.</summary>
    /// <param name="pid">Its pid; 0 when it had none that we know.</param>
    /// <returns>False when none could be started.</returns>
    public bool Run(out uint pid)
    {
        var started = ShortChild.Run(out var child) == 0;
        pid = (uint)child;
        if (pid != 0)
        {
            expected[next] = pid;
            next = (next + 1) % Most;
            AnyExpected = true;
        }

        return started;
    }

    /// <summary>False while no record of a child can come: the usual case, asked for each batch.</summary>
    public bool AnyExpected { get; private set; }

    /// <summary>True, once, for the record of such a child.</summary>
    public bool Take(in ProcessExit exit)
    {
        if (exit.Pid == 0 || exit.Ppid != self)
        {
            return false;
        }

        var found = Array.IndexOf(expected, exit.Pid);
        if (found < 0)
        {
            return false;
        }

        expected[found] = 0;
        AnyExpected = Array.Exists(expected, pid => pid != 0);
        return true;
    }
}
