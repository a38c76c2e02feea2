// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using AcctExporter.Kernel;

namespace AcctExporter.Reports;

/// <summary>
/// Names of terminals as GNU acct's programs show them: <c>__</c> for none, the name that a character device of the
/// number has below /dev on this machine, <c>pts/N</c>, and <c>[major,minor]</c> for what is none of these. Each is
/// made once. Any thread may ask.
/// </summary>
/// <param name="folder">Where the devices are.</param>
internal sealed class TerminalNames(string folder = "/dev")
{
    private const int FirstPseudoTerminal = 136 << 8;
    private const int PseudoTerminals = 2048;

    private readonly byte[]?[] names = new byte[ushort.MaxValue + 1][];
    private readonly ulong[] columns = new ulong[ushort.MaxValue + 1];
    private readonly Lock scanning = new();
    private Dictionary<uint, byte[]>? devices;

    /// <summary>The name of a terminal.</summary>
    /// <param name="device">Its number, <c>major &lt;&lt; 8 | minor</c>.</param>
    public byte[] Of(ushort device) => names[device] ??= Make(device);

    /// <summary>
    /// The name in a column of eight bytes (<c>%-8.8s</c>), as eight bytes in the order of memory.
    /// </summary>
    /// <param name="device">Its number.</param>
    public ulong Column(ushort device)
    {
        // No text is eight zeros.
        var column = columns[device];
        return column != 0 ? column : columns[device] = AsColumn(Of(device));
    }

    /// <summary>A text cut or padded to eight bytes, in the order of memory.</summary>
    public static ulong AsColumn(ReadOnlySpan<byte> text)
    {
        Span<byte> column = stackalloc byte[sizeof(ulong)];
        column.Fill((byte)' ');
        text[..Math.Min(text.Length, column.Length)].CopyTo(column);
        return MemoryMarshal.Read<ulong>(column);
    }

    private byte[] Make(ushort device)
    {
        if (device == 0)
        {
            return "__"u8.ToArray();
        }

        if (device is >= FirstPseudoTerminal and < FirstPseudoTerminal + PseudoTerminals)
        {
            return Ascii($"pts/{device - FirstPseudoTerminal}");
        }

        return Devices().GetValueOrDefault(device) ?? Ascii($"[{device >> 8},{device & 0xff}]");
    }

    private Dictionary<uint, byte[]> Devices()
    {
        lock (scanning)
        {
            if (devices is null)
            {
                devices = [];
                foreach (var place in (string[])[folder, Path.Combine(folder, "pty"), Path.Combine(folder, "ptym")])
                {
                    Scan(place, devices);
                }
            }

            return devices;
        }
    }

    /// <summary>Of two files of a number the one counts that the folder lists later.</summary>
    private static void Scan(string place, Dictionary<uint, byte[]> found)
    {
        try
        {
            foreach (var file in new DirectoryInfo(place).EnumerateFileSystemInfos())
            {
                // /dev/stdin and its like are whatever this program was given, not what the terminal is called.
                if (file.LinkTarget?.StartsWith("/proc/self/", StringComparison.Ordinal) != true
                    && FileIdentity.TryOfPath(file.FullName, out var identity, out _) && identity.IsCharacterDevice)
                {
                    found[identity.OwnDevice] = Encoding.UTF8.GetBytes(file.Name);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A folder that is not there, or closed to us, names none: the numbers are shown.
        }
    }

    private static byte[] Ascii(FormattableString text) =>
        Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture));
}
