// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Kernel;

/// <summary>Why a wait ended; no flag when its time was up.</summary>
[Flags]
internal enum WaitResult : byte
{
    TimedOut = 0,

    /// <summary>Another thread called <see cref="Waiter.Wake"/>, once or more.</summary>
    Woken = 1,

    /// <summary>The file watch has events to drain.</summary>
    Events = 2,

    /// <summary>A socket has datagrams, or the error that says that it dropped some.</summary>
    Datagrams = 4,
}

/// <summary>
/// Where the thread that reads accounting sleeps: until a watched file changes, a socket has datagrams, another thread
/// wakes it, or time is up (poll(2) over inotify(7), netlink(7) and eventfd(2)). Nothing is allocated by a wait.
/// </summary>
internal sealed class Waiter : IDisposable
{
    private const short Readable = 1;

    /// <summary>poll(2) passes over negative descriptors.</summary>
    private const int Nothing = -1;

    private readonly SafeFileHandle wakeups;

    /// <exception cref="IOException">The system is out of files.</exception>
    public Waiter()
    {
        var descriptor = Libc.eventfd(0, Libc.NonBlocking | Libc.CloseOnExec);
        wakeups = descriptor >= 0
            ? new(descriptor, ownsHandle: true)
            : throw Errno.Fault("make", "an eventfd", Errno.Last);
    }

    /// <summary>
    /// Waits. A wake-up from before the call ends it at once, and all that came are taken together.
    /// </summary>
    /// <param name="watch">Null: wait for time and wake-ups only.</param>
    /// <param name="timeout">Rounded up to milliseconds; <see cref="Timeout.InfiniteTimeSpan"/> for no end.</param>
    /// <param name="first">A socket to wait for as well, or null.</param>
    /// <param name="second">Another.</param>
    public unsafe WaitResult Wait(
        FileWatch? watch, TimeSpan timeout, NetlinkSocket? first = null, NetlinkSocket? second = null)
    {
        using var own = new BorrowedDescriptor(wakeups);
        using var files = new BorrowedDescriptor(watch?.Handle ?? wakeups);
        using var firstSocket = new BorrowedDescriptor(first?.Handle ?? wakeups);
        using var secondSocket = new BorrowedDescriptor(second?.Handle ?? wakeups);
        const int count = 4;
        var entries = stackalloc PollEntry[count];
        entries[0] = Entry(own.Number);
        entries[1] = Entry(watch is null ? Nothing : files.Number);
        entries[2] = Entry(first is null ? Nothing : firstSocket.Number);
        entries[3] = Entry(second is null ? Nothing : secondSocket.Number);
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (Libc.poll(entries, count, Remaining(start, timeout)) >= 0)
            {
                break;
            }

            if (Errno.Last != Errno.EINTR)
            {
                throw Errno.Fault("wait for", "accounting records", Errno.Last);
            }
        }

        var result = WaitResult.TimedOut;
        if (entries[0].Seen != 0)
        {
            // One read takes all wake-ups: an eventfd is a sum.
            ulong sum;
            _ = Libc.read(own.Number, (byte*)&sum, sizeof(ulong));
            result |= WaitResult.Woken;
        }

        if (entries[1].Seen != 0)
        {
            result |= WaitResult.Events;
        }

        return (entries[2].Seen | entries[3].Seen) != 0 ? result | WaitResult.Datagrams : result;
    }

    /// <summary>
    /// Ends the wait that is under way, or the next one. From any thread; after the end it does nothing.
    /// </summary>
    public unsafe void Wake()
    {
        try
        {
            using var own = new BorrowedDescriptor(wakeups);
            var one = 1ul;

            // It can fail only when the sum is full, and then the sleeper wakes anyway.
            _ = Libc.write(own.Number, (byte*)&one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // A scrape that comes while the agent stops wakes nobody.
        }
    }

    public void Dispose() => wakeups.Dispose();

    private static PollEntry Entry(int descriptor) => new() { Descriptor = descriptor, Asked = Readable };

    private static int Remaining(long start, TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return -1;
        }

        var left = Math.Ceiling((timeout - Stopwatch.GetElapsedTime(start)).TotalMilliseconds);
        return (int)Math.Clamp(left, 0, int.MaxValue);
    }
}
