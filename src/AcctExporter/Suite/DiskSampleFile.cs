// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AcctExporter.Suite;

/// <summary>What a user had on a file system when it was last walked.</summary>
/// <param name="TakenUnixSeconds">When the walk ended.</param>
/// <param name="FileSystem">Where it began: a mount point, or a configured path.</param>
/// <param name="Uid">The user's number.</param>
/// <param name="Name">The user's name.</param>
/// <param name="Bytes">What is allocated.</param>
internal sealed record DiskSample(long TakenUnixSeconds, byte[] FileSystem, uint Uid, byte[] Name, long Bytes);

/// <summary>
/// The file <c>nite/disksample</c>: what the last disk run found on each file system. A line for each user on each:
/// seconds since 1970, file system, number, name, bytes, with tabs between. A byte below the blank and a backslash are
/// written as <c>\011</c> in the second and the fourth. A file system on which nobody has anything has one line, with
/// user 0, no name, and 0 bytes.
/// </summary>
internal static class DiskSampleFile
{
    /// <summary>The bytes of the file.</summary>
    public static byte[] Format(IEnumerable<DiskSample> samples)
    {
        var bytes = new List<byte>();
        foreach (var sample in samples)
        {
            Number(bytes, sample.TakenUnixSeconds, '\t');
            Text(bytes, sample.FileSystem);
            Number(bytes, sample.Uid, '\t');
            Text(bytes, sample.Name);
            Number(bytes, sample.Bytes, '\n');
        }

        return [.. bytes];
    }

    /// <summary>What is in the file.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="badLines">How many lines are none, and left out.</param>
    public static List<DiskSample> Parse(ReadOnlySpan<byte> bytes, out int badLines)
    {
        var samples = new List<DiskSample>();
        badLines = 0;
        foreach (var range in bytes.Split((byte)'\n'))
        {
            var line = bytes[range];
            if (line.IsEmpty)
            {
                continue;
            }

            if (ParseLine(line) is { } sample)
            {
                samples.Add(sample);
            }
            else
            {
                badLines++;
            }
        }

        return samples;
    }

    private static DiskSample? ParseLine(ReadOnlySpan<byte> line)
    {
        Span<Range> fields = stackalloc Range[6];
        var count = 0;
        foreach (var field in line.Split((byte)'\t'))
        {
            if (count == fields.Length)
            {
                return null;
            }

            fields[count++] = field;
        }

        return count == 5 && IsNumber(line[fields[0]], out var taken) && IsNumber(line[fields[2]], out var uid)
            && uid <= uint.MaxValue && IsNumber(line[fields[4]], out var used)
            ? new(taken, Plain(line[fields[1]]), (uint)uid, Plain(line[fields[3]]), used) : null;
    }

    private static bool IsNumber(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out var length) && length == text.Length && value >= 0;

    private static void Number(List<byte> to, long value, char end) =>
        to.AddRange(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{value}{end}")));

    private static void Text(List<byte> to, byte[] text)
    {
        foreach (var value in text)
        {
            if (value is < (byte)' ' or (byte)'\\')
            {
                to.Add((byte)'\\');
                to.Add((byte)('0' + (value >> 6)));
                to.Add((byte)('0' + ((value >> 3) & 7)));
                to.Add((byte)('0' + (value & 7)));
            }
            else
            {
                to.Add(value);
            }
        }

        to.Add((byte)'\t');
    }

    private static byte[] Plain(ReadOnlySpan<byte> text)
    {
        var plain = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isCoded = text[i] == '\\' && i + 3 < text.Length;
            plain.Add(isCoded
                ? (byte)(((text[i + 1] - '0') << 6) | ((text[i + 2] - '0') << 3) | (text[i + 3] - '0')) : text[i]);
            i += isCoded ? 3 : 0;
        }

        return [.. plain];
    }
}
