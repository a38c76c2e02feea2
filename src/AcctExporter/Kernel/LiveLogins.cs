// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AcctExporter.Kernel;

/// <summary>
/// Whether a login that no record ends can still be there: it is of this boot, of a user that exists, and its process,
/// or else its terminal, is that user's.
/// </summary>
/// <param name="nowSeconds">What time it is, in seconds since 1970.</param>
/// <param name="processes">Where processes are shown.</param>
/// <param name="devices">Where terminals are.</param>
internal sealed class LiveLogins(long nowSeconds, string processes = "/proc", string devices = "/dev")
{
    /// <summary><c>STATX_UID</c>, and where it is (linux/stat.h).</summary>
    private const uint OwnerWanted = 0x8;

    private const int OwnerAt = 20;
    private const int StatxBytes = 256;

    private long? bootSeconds;

    /// <summary>Judges one login.</summary>
    /// <param name="user">Its user.</param>
    /// <param name="pid">Its process.</param>
    /// <param name="line">Its line, below /dev.</param>
    /// <param name="seconds">When it was, in seconds since 1970.</param>
    public bool IsLive(ReadOnlySpan<byte> user, int pid, ReadOnlySpan<byte> line, long seconds)
    {
        bootSeconds ??= nowSeconds - (long)Math.Ceiling(Uptime());
        if (seconds < bootSeconds || !UserDatabase.TryGetId(user, out var uid, out _))
        {
            return false;
        }

        // The audit's login uid, which no process can change again; kernels without audit do not have it.
        try
        {
            var text = File.ReadAllBytes($"{processes}/{(uint)pid}/loginuid");
            return Utf8Parser.TryParse(text, out uint loginUid, out _) && loginUid == uid;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return OwnerOf(line) == uid;
        }
    }

    private double Uptime()
    {
        try
        {
            var text = File.ReadAllText($"{processes}/uptime");
            return double.Parse(text.AsSpan(0, text.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private unsafe uint? OwnerOf(ReadOnlySpan<byte> line)
    {
        byte[] path = [.. Encoding.UTF8.GetBytes(devices), (byte)'/', .. line, 0];
        Span<byte> fields = stackalloc byte[StatxBytes];
        fixed (byte* name = path, result = fields)
        {
            return Libc.statx(Libc.CurrentDirectory, name, 0, OwnerWanted, result) == 0
                ? MemoryMarshal.Read<uint>(fields[OwnerAt..]) : null;
        }
    }
}
