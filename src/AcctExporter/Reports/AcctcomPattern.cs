// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// A regular expression as System V's regcmp(3) has it, looked for anywhere in a command's name: <c>. [a-z] [^a-z] * +
/// {m} {m,} {m,n} (...) ^ $ \</c>; there is no <c>|</c> and no <c>?</c>. What each part leads to is worked out for all
/// places of the name at once, so that no pattern and no name can make it slow.
/// </summary>
internal sealed class AcctcomPattern
{
    /// <summary>Bytes of a pattern at most.</summary>
    public const int LongestBytes = 256;

    /// <summary>Distinct names whose answer is kept.</summary>
    private const int KeptNames = 65_536;

    /// <summary>Places between the bytes of a name, and so the most steps that can lead anywhere.</summary>
    private const int Places = CommandName.Size + 1;

    private readonly Dictionary<CommandName, bool> known = [];
    private readonly Part part;
    private readonly bool fromStart;
    private readonly bool toEnd;
    private readonly bool asClassic;

    private AcctcomPattern(Part part, bool fromStart, bool toEnd, bool asClassic)
    {
        this.part = part;
        this.fromStart = fromStart;
        this.toEnd = toEnd;
        this.asClassic = asClassic;
    }

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The pattern.</param>
    /// <param name="asClassic">Look at the first 8 bytes of a name only, up to its first blank.</param>
    /// <param name="pattern">The pattern, when true.</param>
    /// <param name="fault">When false: what is wrong with it.</param>
    public static bool TryRead(
        string text, bool asClassic, [NotNullWhen(true)] out AcctcomPattern? pattern, out string fault)
    {
        pattern = null;
        fault = "";
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > LongestBytes)
        {
            fault = $"it is longer than {LongestBytes} bytes";
            return false;
        }

        var fromStart = bytes is [(byte)'^', ..];
        var toEnd = bytes.Length > (fromStart ? 1 : 0) && bytes[^1] == '$' && !(bytes is [.., (byte)'\\', _]);
        var reader = new Reader(bytes[(fromStart ? 1 : 0)..(toEnd ? ^1 : ^0)]);
        if (reader.Read() is not { } part)
        {
            fault = reader.Fault;
            return false;
        }

        pattern = new AcctcomPattern(part, fromStart, toEnd, asClassic);
        return true;
    }

    /// <summary>True when it is in the name.</summary>
    public bool Matches(CommandName name)
    {
        if (!known.TryGetValue(name, out var matches))
        {
            Span<byte> bytes = stackalloc byte[CommandName.Size];
            bytes = bytes[..name.CopyTo(bytes)];
            if (asClassic)
            {
                bytes = bytes[..Math.Min(bytes.Length, AcctcomNames.ClassicBytes)];
                bytes = bytes.IndexOf((byte)' ') is >= 0 and var blank ? bytes[..blank] : bytes;
            }

            matches = IsIn(bytes);
            if (known.Count == KeptNames)
            {
                known.Clear();
            }

            known.Add(name, matches);
        }

        return matches;
    }

    private bool IsIn(ReadOnlySpan<byte> name)
    {
        var ways = part.Ways(name);
        for (var from = 0; from <= (fromStart ? 0 : name.Length); from++)
        {
            if (toEnd ? (ways[from] & (1u << name.Length)) != 0 : ways[from] != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A part of a pattern.</summary>
    private abstract class Part
    {
        /// <summary>For each place in the name, the places that it can lead to from there, as bits.</summary>
        public abstract uint[] Ways(ReadOnlySpan<byte> name);

        /// <summary>Each place leads to itself.</summary>
        protected static uint[] Standing()
        {
            var ways = new uint[Places];
            for (var at = 0; at < Places; at++)
            {
                ways[at] = 1u << at;
            }

            return ways;
        }

        /// <summary>One after the other.</summary>
        protected static uint[] Then(uint[] first, uint[] second)
        {
            var ways = new uint[Places];
            for (var at = 0; at < Places; at++)
            {
                for (var left = first[at]; left != 0; left &= left - 1)
                {
                    ways[at] |= second[BitOperations.TrailingZeroCount(left)];
                }
            }

            return ways;
        }
    }

    /// <summary>One byte of some.</summary>
    private sealed class OneOf(bool[] bytes) : Part
    {
        public override uint[] Ways(ReadOnlySpan<byte> name)
        {
            var ways = new uint[Places];
            for (var at = 0; at < name.Length; at++)
            {
                ways[at] = bytes[name[at]] ? 2u << at : 0;
            }

            return ways;
        }
    }

    /// <summary>Parts one after the other; none is the empty text.</summary>
    private sealed class Sequence(List<Part> parts) : Part
    {
        public override uint[] Ways(ReadOnlySpan<byte> name)
        {
            var ways = Standing();
            foreach (var part in parts)
            {
                ways = Then(ways, part.Ways(name));
            }

            return ways;
        }
    }

    /// <summary>A part several times.</summary>
    private sealed class Repeated(Part part, int least, int most) : Part
    {
        public override uint[] Ways(ReadOnlySpan<byte> name)
        {
            var once = part.Ways(name);
            var ways = Standing();
            // More times than there are places lead nowhere else.
            for (var i = 0; i < Math.Min(least, Places); i++)
            {
                ways = Then(ways, once);
            }

            var all = (uint[])ways.Clone();
            for (var i = least; i < Math.Min(most, least + Places); i++)
            {
                ways = Then(ways, once);
                for (var at = 0; at < Places; at++)
                {
                    all[at] |= ways[at];
                }
            }

            return all;
        }
    }

    /// <summary>Makes parts of a text.</summary>
    private sealed class Reader(byte[] text)
    {
        /// <summary>Brackets in brackets at most.</summary>
        private const int Deepest = 16;

        private const int LargestCount = 255;
        private int at;

        public string Fault { get; private set; } = "";

        /// <summary>The whole; null when something is wrong with it.</summary>
        public Sequence? Read()
        {
            var whole = ReadSequence(0);
            if (whole is not null && at < text.Length)
            {
                Fault = "there is a ) without a (";
            }

            return Fault.Length > 0 ? null : whole;
        }

        private Sequence? ReadSequence(int depth)
        {
            var parts = new List<Part>();
            while (at < text.Length && text[at] != ')' && Fault.Length == 0)
            {
                // With nothing before it, it stands for itself.
                if (parts.Count > 0 && text[at] is (byte)'*' or (byte)'+' or (byte)'{')
                {
                    parts[^1] = ReadTimes(parts[^1]);
                }
                else if (ReadOne(depth) is { } part)
                {
                    parts.Add(part);
                }
            }

            return Fault.Length > 0 ? null : new Sequence(parts);
        }

        private Part? ReadOne(int depth)
        {
            var next = text[at++];
            switch (next)
            {
                case (byte)'.':
                    var any = new bool[256];
                    Array.Fill(any, true);
                    return new OneOf(any);
                case (byte)'[':
                    return ReadSet();
                case (byte)'(':
                    return ReadGroup(depth);
                case (byte)'\\' when at == text.Length:
                    Fault = "nothing follows the \\ at its end";
                    return null;
                case (byte)'\\':
                    next = text[at++];
                    break;
            }

            var one = new bool[256];
            one[next] = true;
            return new OneOf(one);
        }

        private Sequence? ReadGroup(int depth)
        {
            if (depth == Deepest)
            {
                Fault = $"more than {Deepest} ( in one another";
                return null;
            }

            var group = ReadSequence(depth + 1);
            if (at++ >= text.Length)
            {
                Fault = Fault.Length > 0 ? Fault : "there is a ( without a )";
            }

            // (...)$n keeps what was found for the caller of regex(3): here there is none.
            if (at + 1 < text.Length && text[at] == '$' && char.IsAsciiDigit((char)text[at + 1]))
            {
                at += 2;
            }

            return group;
        }

        private OneOf? ReadSet()
        {
            var set = new bool[256];
            var isWithout = at < text.Length && text[at] == '^';
            at += isWithout ? 1 : 0;
            var first = at;
            for (; at < text.Length && (text[at] != ']' || at == first); at++)
            {
                var last = text[at];
                if (at + 2 < text.Length && text[at + 1] == '-' && text[at + 2] != ']')
                {
                    last = text[at + 2];
                    for (int each = text[at]; each <= last; each++)
                    {
                        set[each] = true;
                    }

                    at += 2;
                }

                set[last] = true;
            }

            Fault = at++ < text.Length ? Fault : "there is a [ without a ]";
            return new OneOf(isWithout ? [.. set.Select(each => !each)] : set);
        }

        private Part ReadTimes(Part part)
        {
            switch (text[at++])
            {
                case (byte)'*':
                    return new Repeated(part, 0, LargestCount);
                case (byte)'+':
                    return new Repeated(part, 1, LargestCount);
            }

            var end = Array.IndexOf(text, (byte)'}', at);
            var words = end < 0 ? [] : Encoding.UTF8.GetString(text[at..end]).Split(',');
            at = end < 0 ? text.Length : end + 1;
            if (words.Length is 1 or 2 && TryReadCount(words[0], out var least))
            {
                var most = words is [_, ""] ? LargestCount : least;
                if (words is not [_, { Length: > 0 }] || (TryReadCount(words[1], out most) && most >= least))
                {
                    return new Repeated(part, least, most);
                }
            }

            Fault = $"how often? {{m}}, {{m,}} or {{m,n}}, up to {LargestCount}";
            return part;
        }

        private static bool TryReadCount(string word, out int count) =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count <= LargestCount;
    }
}
