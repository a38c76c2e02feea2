// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Kernel;

/// <summary>
/// What this process itself uses, for the metrics that every exporter has about itself. A scrape allocates nothing.
/// </summary>
internal sealed class OwnUsage : IDisposable
{
    private const int Self = 0;
    private const int OpenFilesResource = 7;
    private const int ClockTicksName = 2;

    /// <summary><c>struct rusage</c> (getrusage(2)): two times of two words, then 14 words.</summary>
    private const int UsageWords = 18;

    private readonly SafeFileHandle statm;

    /// <exception cref="IOException">/proc is not there.</exception>
    public OwnUsage()
    {
        var ticksPerSecond = Math.Max(1, Libc.sysconf(ClockTicksName));
        StartUnixSeconds = ReadStart(File.ReadAllText("/proc/self/stat"), File.ReadLines("/proc/stat"), ticksPerSecond);
        statm = File.OpenHandle("/proc/self/statm");
    }

    /// <summary>When this process started, by the wall clock as it is set at the start of the agent.</summary>
    public double StartUnixSeconds { get; }

    /// <summary>How many files it may have open; the largest number when there is no limit.</summary>
    public static unsafe long OpenFilesMax()
    {
        var limits = stackalloc ulong[2];
        var known = Libc.getrlimit(OpenFilesResource, limits) == 0;
        return known && limits[0] < long.MaxValue ? (long)limits[0] : long.MaxValue;
    }

    /// <summary>CPU time of all threads so far.</summary>
    public static unsafe void ReadCpu(out long userMicroseconds, out long systemMicroseconds)
    {
        var words = stackalloc long[UsageWords];
        _ = Libc.getrusage(Self, words);
        userMicroseconds = words[0] * 1_000_000 + words[1];
        systemMicroseconds = words[2] * 1_000_000 + words[3];
    }

    /// <summary>Memory that is resident, and address space. False when /proc no longer answers.</summary>
    public unsafe bool TryReadMemory(out long residentBytes, out long virtualBytes)
    {
        residentBytes = virtualBytes = 0;
        Span<byte> text = stackalloc byte[128];
        using var descriptor = new BorrowedDescriptor(statm);
        nint length;
        fixed (byte* bytes = text)
        {
            length = Libc.pread(descriptor.Number, bytes, (nuint)text.Length, 0);
        }

        // "size resident shared ...", in pages: proc_pid_statm(5).
        text = text[..(int)Math.Max(length, 0)];
        if (!Utf8Parser.TryParse(text, out long size, out var used)
            || text.Length <= used
            || !Utf8Parser.TryParse(text[(used + 1)..], out long resident, out _))
        {
            return false;
        }

        virtualBytes = size * Environment.SystemPageSize;
        residentBytes = resident * Environment.SystemPageSize;
        return true;
    }

    /// <summary>How many files are open now. It walks a directory: for once a scrape at most.</summary>
    public static int CountOpenFiles() =>
        // The walk holds one descriptor itself.
        Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() - 1;

    public void Dispose() => statm.Dispose();

    /// <summary>
    /// Boot time and the ticks from there to the start: fields btime (proc_stat(5)) and 22 (proc_pid_stat(5)).
    /// </summary>
    internal static double ReadStart(string stat, IEnumerable<string> system, long ticksPerSecond)
    {
        const string boot = "btime ";
        var line = system.FirstOrDefault(line => line.StartsWith(boot, StringComparison.Ordinal))
            ?? throw new IOException("/proc/stat says no boot time");

        // The name, field 2, may hold blanks and brackets; what follows its last bracket begins with field 3.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(line.AsSpan(boot.Length), CultureInfo.InvariantCulture)
            + (double)long.Parse(fields[22 - 3], CultureInfo.InvariantCulture) / ticksPerSecond;
    }
}
