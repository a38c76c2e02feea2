// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Cli;

/// <summary>
/// Standard error for messages. One that cannot be written (the disk is full, nobody listens any more) is lost, and
/// nothing else: the work goes on, and the exit code still tells how it went.
/// </summary>
/// <param name="errors">Standard error itself.</param>
internal sealed class MessageWriter(TextWriter errors) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => errors.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => errors.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => errors.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => errors.Write(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(() => errors.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(errors.Flush);

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // There is nobody to tell.
        }
    }
}
