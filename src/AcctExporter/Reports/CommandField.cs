// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// What each line of <c>lastcomm</c> and <c>dump-acct</c> has: the command in 16 columns, and the letters of its flags.
/// </summary>
internal static class CommandField
{
    /// <summary>Bytes that <see cref="WriteFlags"/> needs, of which 5 count.</summary>
    public const int FlagRoomBytes = sizeof(ulong);

    private static readonly ulong[] Letters = MakeLetters();

    private static readonly Vector128<byte> Places = Vector128.CreateSequence<byte>(0, 1);

    /// <summary><c>%-16.16s</c> of the command.</summary>
    /// <param name="record">Whose.</param>
    /// <param name="raw">
    /// True for its bytes as they are; otherwise what the C locale does not print is <c>?</c>, so that no name does
    /// anything to a terminal or to the lines.
    /// </param>
    /// <param name="destination">At least 16 bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(in RawV3 record, bool raw, Span<byte> destination)
    {
        var name = Vector128.Create(record.CommandLow, record.CommandHigh).AsByte();
        var ends = Vector128.Equals(name, Vector128<byte>.Zero).ExtractMostSignificantBits() | (1u << CommandName.Size);
        if (!raw)
        {
            // From the blank to the tilde.
            var shown = Vector128.LessThan(name - Vector128.Create((byte)' '), Vector128.Create<byte>(0x5f));
            name = Vector128.ConditionalSelect(shown, name, Vector128.Create((byte)'?'));
        }

        var inName = Vector128.LessThan(Places, Vector128.Create((byte)BitOperations.TrailingZeroCount(ends)));
        Vector128.ConditionalSelect(inName, name, Vector128.Create((byte)' ')).CopyTo(destination);
    }

    /// <summary>
    /// <c>SFCDX</c>: privileges used, forked without exec, compatibility, core dumped, killed by a signal; a blank for
    /// each that is not set. As the kernel set them: for threaded programs D and X are not always so.
    /// </summary>
    /// <param name="flags">The flags; other bits say nothing.</param>
    /// <param name="destination">At least <see cref="FlagRoomBytes"/>.</param>
    public static void WriteFlags(byte flags, Span<byte> destination) =>
        MemoryMarshal.Write(destination, Letters[flags & (byte)AcctFlags.All]);

    private static ulong[] MakeLetters()
    {
        (AcctFlags Flag, char Letter)[] order =
        [
            (AcctFlags.UsedPrivilege, 'S'), (AcctFlags.ForkedWithoutExec, 'F'), (AcctFlags.Compatibility, 'C'),
            (AcctFlags.DumpedCore, 'D'), (AcctFlags.KilledBySignal, 'X'),
        ];
        return [.. Enumerable.Range(0, (int)AcctFlags.All + 1).Select(flags => TerminalNames.AsColumn(
            [.. order.Select(one => (byte)((flags & (int)one.Flag) != 0 ? one.Letter : ' '))]))];
    }
}
