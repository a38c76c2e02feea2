// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Names of processes as a person asks for them: <c>*</c> stands for any bytes, <c>?</c> for one, everything else for
/// itself. The kernel keeps 15 bytes of a name: what is asked for beyond them cannot be looked at.
/// </summary>
internal sealed class CommandPattern
{
    /// <summary>What the kernel keeps (<c>TASK_COMM_LEN</c> without its NUL).</summary>
    private const int KeptBytes = 15;

    private readonly byte[] pattern;
    private readonly bool isCut;
    private readonly CommandName exact;
    private readonly bool isExact;

    /// <summary>Reads one; any bytes are one.</summary>
    public CommandPattern(ReadOnlySpan<byte> text)
    {
        var star = text.IndexOf((byte)'*');
        isCut = (star < 0 ? text.Length : star) > KeptBytes;
        pattern = (isCut ? text[..KeptBytes] : text).ToArray();
        isExact = !isCut && pattern.AsSpan().IndexOfAny((byte)'*', (byte)'?') < 0;
        exact = CommandName.From(pattern);
    }

    /// <summary>True when a name is meant.</summary>
    public bool Matches(CommandName name)
    {
        if (isExact && CommandName.IsPadded(name.Low, name.High))
        {
            return name == exact;
        }

        Span<byte> bytes = stackalloc byte[CommandName.Size];
        var length = name.CopyTo(bytes);
        return Matches(bytes[..(isCut ? Math.Min(length, KeptBytes) : length)]);
    }

    /// <summary>Goes on from the last star whenever the rest does not fit.</summary>
    private bool Matches(ReadOnlySpan<byte> name)
    {
        var (at, inPattern) = (0, 0);
        var (afterStar, retry) = (-1, 0);
        while (at < name.Length)
        {
            if (inPattern < pattern.Length && pattern[inPattern] == '*')
            {
                (afterStar, retry) = (++inPattern, at);
            }
            else if (inPattern < pattern.Length && (pattern[inPattern] == '?' || pattern[inPattern] == name[at]))
            {
                (at, inPattern) = (at + 1, inPattern + 1);
            }
            else if (afterStar >= 0)
            {
                (at, inPattern) = (++retry, afterStar);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(inPattern).IndexOfAnyExcept((byte)'*') < 0;
    }
}
