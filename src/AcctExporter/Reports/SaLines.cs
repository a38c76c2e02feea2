// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>Exits as <c>sa -u</c> prints them: <c>root       0.05 cpu    29280k mem      0 io cc</c>.</summary>
/// <param name="options">Which, and how names are shown.</param>
internal sealed class SaLines(SaOptions options) : ExitLines
{
    private const int UserColumns = 8;

    private readonly OwnerNames owners = new();

    /// <inheritdoc/>
    public override bool Shows(in AcctEntry entry) => options.Selection.IsAll || options.Selection.Matches(entry);

    /// <inheritdoc/>
    protected override int Write(in AcctEntry entry, Span<byte> line)
    {
        ref readonly var record = ref entry.Record;
        line = line[..LongestBytes];
        line[..UserColumns].Fill((byte)' ');
        var user = owners.User(record.Uid);
        user.AsSpan(0, Math.Min(user.Length, UserColumns)).CopyTo(line);
        if (!options.PrintControls)
        {
            SafeText.MakeSafe(line[..UserColumns]);
        }

        var one = SaTally.Of(entry);
        var at = UserColumns;
        line[at++] = (byte)' ';
        at += FixedText.Write(one.Cpu, 6, 2, line[at..]);
        at += Put(" cpu "u8, line[at..]);
        at += FixedText.Write(one.Memory, 8, 0, line[at..]);
        at += Put("k mem "u8, line[at..]);
        at += FixedText.Write(one.Io, 6, 0, line[at..]);
        at += Put(" io "u8, line[at..]);
        CommandField.Write(record, options.PrintControls, line[at..]);
        at += CommandName.Size;
        at += Put((record.Flags & (byte)AcctFlags.ForkedWithoutExec) != 0 ? "*\n"u8 : "\n"u8, line[at..]);
        return at;
    }

    private static int Put(ReadOnlySpan<byte> text, Span<byte> line)
    {
        text.CopyTo(line);
        return text.Length;
    }
}
