// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using AcctExporter.Logins;

namespace AcctExporter.Reports;

/// <summary>
/// A file that keeps the sessions open at a cut-off, so that the next run, over the records behind it, charges the rest
/// of them.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class CarriedSessions(string path)
{
    /// <summary>Tells the file from any other.</summary>
    private static ReadOnlySpan<byte> Magic => "ACCTOPEN"u8;

    /// <summary>The builder that goes on; a new one when there is no file yet.</summary>
    /// <returns>Null when the file is something else.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public SessionBuilder? Load(Action<Session> ended)
    {
        if (!File.Exists(path))
        {
            return new(ended);
        }

        var bytes = File.ReadAllBytes(path);
        var builder = bytes.AsSpan().StartsWith(Magic)
            ? SessionBuilder.Restore(bytes.AsSpan(Magic.Length), ended) : null;
        builder?.BeginPeriod();
        return builder;
    }

    /// <summary>Puts the new state in the place of the old one, whole.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Save(SessionBuilder builder)
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write(Magic);
        builder.Save(output);
        var temporary = path + ".new";
        using (var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            RandomAccess.Write(handle, output.WrittenSpan, 0);
            RandomAccess.FlushToDisk(handle);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
