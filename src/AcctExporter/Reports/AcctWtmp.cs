// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Logins;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary><c>acctwtmp</c>: a record that says a reason, such as <c>acctg on</c>, for the report of reasons.</summary>
internal static class AcctWtmp
{
    /// <summary>Bytes of a reason.</summary>
    public const int ReasonBytes = 11;

    /// <summary>The reason as it is written, cut off, but not within a letter; null for control characters.</summary>
    public static byte[]? Reason(string text)
    {
        var bytes = new byte[ReasonBytes];
        var length = 0;
        foreach (var letter in text.EnumerateRunes())
        {
            if (Rune.IsControl(letter))
            {
                return null;
            }

            if (length + letter.Utf8SequenceLength > ReasonBytes)
            {
                break;
            }

            length += letter.EncodeToUtf8(bytes.AsSpan(length));
        }

        return bytes[..length];
    }

    /// <summary>The record.</summary>
    public static byte[] Record(ReadOnlySpan<byte> reason, DateTimeOffset now, UtmpLayout layout)
    {
        var record = new byte[layout.Size];
        new UtmpFields
        {
            Type = UtmpType.Accounting,
            Line = reason,
            Seconds = now.ToUnixTimeSeconds(),
            Microseconds = now.Microsecond + (now.Millisecond * 1000),
        }.Write(record, layout);
        return record;
    }

    /// <summary>Appends the record to a file in one write; makes the file when there is none.</summary>
    /// <returns>Null, or why not.</returns>
    public static string? Append(string path, ReadOnlySpan<byte> reason, DateTimeOffset now)
    {
        var layout = UtmpLayout.OfThisHost;
        if (File.Exists(path))
        {
            using var blocks = UtmpBlocks.Open(path, newestFirst: false);
            layout = blocks.Records == 0 ? layout : blocks.Layout;
            if (blocks.PartialBytes > 0)
            {
                return $"it ends with {blocks.PartialBytes} bytes of a record; wtmpfix makes a good file of it";
            }
        }

        var errno = AppendFile.Open(path, out var file);
        if (file == null)
        {
            return Errno.Describe(errno);
        }

        using (file)
        {
            var record = Record(reason, now, layout);
            var written = file.Write(record, out errno);
            return written == record.Length ? null
                : written < 0 ? Errno.Describe(errno) : "only a part of the record was written: is the disk full?";
        }
    }
}
