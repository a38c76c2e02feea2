// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AcctExporter.Kernel;

/// <summary>
/// Runs a program to its end with this process's terminal, files and environment, and tells what it used, to the
/// microsecond: posix_spawn(3) and wait4(2), since .NET forgets a child's usage with the child. Ctrl-C and Ctrl-\ are
/// the child's meanwhile: the kernel drops them here. .NET's handlers would not do: they run on another thread, perhaps
/// only when the child has ended and nobody holds the signal back any more.
/// </summary>
internal static unsafe class TimedChild
{
    private const string Shell = "/bin/sh";

    /// <summary><c>POSIX_SPAWN_SETSIGDEF</c>.</summary>
    private const short DefaultSignals = 4;

    /// <summary>More than <c>posix_spawnattr_t</c> and <c>sigset_t</c> have in any C library.</summary>
    private const int AttributeWords = 128;
    private const int SignalWords = 16;

    /// <summary>.NET ignores SIGPIPE (13), and a child would do so, too.</summary>
    private const ulong BrokenPipe = 1UL << 12;

    private const int Interrupt = 2;
    private const int Quit = 3;

    private const int SetSubreaper = 36; // PR_SET_CHILD_SUBREAPER
    private const int AnyChild = -1;

    /// <summary><c>struct rusage</c>: two times of two words, then 14 words.</summary>
    private const int UsageWords = 18;

    /// <summary>Runs a program.</summary>
    /// <param name="path">The program.</param>
    /// <param name="words">Its arguments, the first of which is its name, as bytes without a NUL.</param>
    /// <param name="adopt">
    /// Descendants whose parents end become children of this process, as they would of the first one.
    /// </param>
    /// <param name="usage">What it used, when 0.</param>
    /// <returns>0, or the errno because of which it could not be run.</returns>
    public static int Run(string path, IReadOnlyList<byte[]> words, bool adopt, out ChildUsage usage)
    {
        usage = default;
        if (adopt)
        {
            // On a kernel without it (before 3.4), such descendants are not found: no more than that.
            _ = Libc.prctl(SetSubreaper, 1, 0, 0, 0);
        }

        using var interrupt = new IgnoredSignal(Interrupt);
        using var quit = new IgnoredSignal(Quit);
        var defaults = BrokenPipe | interrupt.OfChild | quit.OfChild;
        var start = Stopwatch.GetTimestamp();
        var errno = Start(path, words, defaults, out var pid);
        if (errno == Errno.ENOEXEC)
        {
            // A script that does not say what runs it: shells take themselves.
            errno = Start(Shell, [CString.Of("sh")[..^1], CString.Of(path)[..^1], .. words.Skip(1)], defaults, out pid);
        }

        return errno != 0 ? errno : Wait(pid, adopt ? AnyChild : pid, start, out usage);
    }

    /// <param name="path">The program.</param>
    /// <param name="words">Its arguments.</param>
    /// <param name="defaults">The signals that do to it what they do by default.</param>
    /// <param name="pid">Its pid, when 0.</param>
    private static int Start(string path, IReadOnlyList<byte[]> words, ulong defaults, out int pid)
    {
        var attributes = stackalloc ulong[AttributeWords];
        var signals = stackalloc ulong[SignalWords];
        new Span<ulong>(signals, SignalWords).Clear();
        signals[0] = defaults;
        var child = 0;
        var arguments = CStringList.Make(words);
        var settings = CStringList.Make(CStringList.OwnVariables());
        try
        {
            fixed (byte* program = CString.Of(path))
            {
                _ = Libc.posix_spawnattr_init(attributes);
                _ = Libc.posix_spawnattr_setsigdefault(attributes, signals);
                _ = Libc.posix_spawnattr_setflags(attributes, DefaultSignals);
                var errno = Libc.posix_spawn(&child, program, null, attributes, arguments, settings);
                _ = Libc.posix_spawnattr_destroy(attributes);
                pid = child;
                return errno;
            }
        }
        finally
        {
            NativeMemory.Free(arguments);
            NativeMemory.Free(settings);
        }
    }

    private static int Wait(int pid, int waited, long start, out ChildUsage usage)
    {
        var words = stackalloc long[UsageWords];
        while (true)
        {
            int status;
            var ended = Libc.wait4(waited, &status, 0, words);
            if (ended == pid)
            {
                usage = new ChildUsage(
                    pid, (uint)status, (long)Stopwatch.GetElapsedTime(start).TotalMicroseconds,
                    (words[0] * 1_000_000) + words[1], (words[2] * 1_000_000) + words[3]);
                return 0;
            }

            if (ended < 0 && Errno.Last != Errno.EINTR)
            {
                // ECHILD: whoever started us ignores SIGCHLD, and the kernel keeps nothing of a child.
                usage = default;
                return Errno.Last;
            }
        }
    }
}

/// <summary>What a child used, with the descendants that it waited for.</summary>
/// <param name="Pid">Its pid.</param>
/// <param name="Status">Its wait status (wait(2)).</param>
/// <param name="RealMicroseconds">From its start to its end.</param>
/// <param name="UserMicroseconds">CPU time in user mode.</param>
/// <param name="SystemMicroseconds">CPU time in the kernel.</param>
internal readonly record struct ChildUsage(
    int Pid, uint Status, long RealMicroseconds, long UserMicroseconds, long SystemMicroseconds);
