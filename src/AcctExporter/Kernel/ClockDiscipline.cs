// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Kernel;

/// <summary>
/// Whether anybody keeps the wall clock right, as the kernel knows it (adjtimex(2)). It is only asked.
/// </summary>
internal enum ClockState : byte
{
    /// <summary>The kernel does not tell: a container's seccomp filter may forbid the question.</summary>
    Unknown,

    /// <summary>A time service has set it right, and goes on doing so.</summary>
    Synchronized,

    /// <summary><c>STA_UNSYNC</c>: nobody has, or not for a day.</summary>
    NotSynchronized,
}

/// <inheritdoc cref="ClockState"/>
internal static class ClockDiscipline
{
    /// <summary><c>sizeof(struct timex)</c> of 64-bit systems.</summary>
    private const int StateBytes = 208;

    private const int StatusOffset = 40;
    private const int Unsynchronized = 0x40; // STA_UNSYNC

    /// <summary>The state now. With <c>modes</c> of 0 the call reads only, and takes no privilege.</summary>
    public static unsafe ClockState Read()
    {
        Span<byte> state = stackalloc byte[StateBytes];
        state.Clear();
        fixed (byte* bytes = state)
        {
            if (Libc.adjtimex(bytes) < 0)
            {
                return ClockState.Unknown;
            }
        }

        return (MemoryMarshal.Read<int>(state[StatusOffset..]) & Unsynchronized) != 0
            ? ClockState.NotSynchronized : ClockState.Synchronized;
    }
}
