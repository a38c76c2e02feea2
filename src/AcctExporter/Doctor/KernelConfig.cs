// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;

namespace AcctExporter.Doctor;

/// <summary>How the running kernel was built, where that can be read: /proc/config.gz, or a file in /boot.</summary>
internal sealed class KernelConfig
{
    private readonly HashSet<string> set = [];

    private KernelConfig(string source) => Source = source;

    /// <summary>The file.</summary>
    public string Source { get; }

    /// <summary>Reads it; null when there is none to read.</summary>
    public static KernelConfig? TryRead(HostView host, string release)
    {
        string[] places =
            ["/proc/config.gz", $"/boot/config-{release}", $"/lib/modules/{release}/config", "/boot/config"];
        foreach (var place in places)
        {
            try
            {
                using var file = new FileStream(host.PathOf(place), FileMode.Open, FileAccess.Read);
                using Stream plain = place.EndsWith(".gz", StringComparison.Ordinal)
                    ? new GZipStream(file, CompressionMode.Decompress) : file;
                return Parse(place, new StreamReader(plain));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                // The next may be there.
            }
        }

        return null;
    }

    /// <summary>True when an option is built in (<c>=y</c>) or a module (<c>=m</c>).</summary>
    public bool Has(string option) => set.Contains(option);

    private static KernelConfig Parse(string source, StreamReader lines)
    {
        var config = new KernelConfig(source);
        while (lines.ReadLine() is { } line)
        {
            if (line.EndsWith("=y", StringComparison.Ordinal) || line.EndsWith("=m", StringComparison.Ordinal))
            {
                config.set.Add(line[..^2]);
            }
        }

        return config;
    }
}
