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
    private readonly byte[] text;
    private readonly bool fromStart;
    private readonly bool toEnd;
    private readonly bool asClassic;

    private AcctcomPattern(byte[] text, bool fromStart, bool toEnd, bool asClassic)
    {
        this.text = text;
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
        bytes = bytes[(fromStart ? 1 : 0)..(toEnd ? ^1 : ^0)];
        var trial = new Trial(bytes, []);
        trial.Run();
        if (trial.Fault.Length > 0)
        {
            fault = trial.Fault;
            return false;
        }

        pattern = new AcctcomPattern(bytes, fromStart, toEnd, asClassic);
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
        var ways = new Trial(text, name).Run();
        for (var from = 0; from <= (fromStart ? 0 : name.Length); from++)
        {
            if (toEnd ? (ways[from] & (1u << name.Length)) != 0 : ways[from] != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// A pattern tried on a name while it is read. Each part gives its ways: for each place in the name, the places
    /// that it can lead to from there, as bits.
    /// </summary>
    private ref struct Trial(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        /// <summary>Brackets in brackets at most.</summary>
        private const int Deepest = 16;

        private const int LargestCount = 255;
        private readonly ReadOnlySpan<byte> text = text;
        private readonly ReadOnlySpan<byte> name = name;
        private int at;

        /// <summary>What is wrong with the pattern, after <see cref="Run"/>; empty when nothing is.</summary>
        public string Fault { get; private set; } = "";

        /// <summary>The ways of the whole.</summary>
        public uint[] Run()
        {
            var ways = Sequence(0);
            if (at < text.Length && Fault.Length == 0)
            {
                Fault = "there is a ) without a (";
            }

            return ways;
        }

        /// <summary>Each place leads to itself.</summary>
        private static uint[] Standing()
        {
            var ways = new uint[Places];
            for (var place = 0; place < Places; place++)
            {
                ways[place] = 1u << place;
            }

            return ways;
        }

        /// <summary>One after the other.</summary>
        private static uint[] Then(uint[] first, uint[] second)
        {
            var ways = new uint[Places];
            for (var place = 0; place < Places; place++)
            {
                for (var left = first[place]; left != 0; left &= left - 1)
                {
                    ways[place] |= second[BitOperations.TrailingZeroCount(left)];
                }
            }

            return ways;
        }

        /// <summary>A part several times. More times than there are places lead nowhere else.</summary>
        private static uint[] Repeated(uint[] once, int least, int most)
        {
            var ways = Standing();
            for (var i = 0; i < Math.Min(least, Places); i++)
            {
                ways = Then(ways, once);
            }

            var all = (uint[])ways.Clone();
            for (var i = least; i < Math.Min(most, least + Places); i++)
            {
                ways = Then(ways, once);
                for (var place = 0; place < Places; place++)
                {
                    all[place] |= ways[place];
                }
            }

            return all;
        }

        private uint[] Sequence(int depth)
        {
            var (whole, last) = (Standing(), (uint[]?)null);
            while (at < text.Length && text[at] != ')' && Fault.Length == 0)
            {
                // With nothing before it, it stands for itself.
                if (last is not null && text[at] is (byte)'*' or (byte)'+' or (byte)'{')
                {
                    last = Times(last);
                }
                else
                {
                    whole = last is null ? whole : Then(whole, last);
                    last = One(depth);
                }
            }

            return last is null ? whole : Then(whole, last);
        }

        private uint[] One(int depth)
        {
            Span<bool> set = stackalloc bool[256];
            set.Clear();
            var next = text[at++];
            switch (next)
            {
                case (byte)'(':
                    return Group(depth);
                case (byte)'.':
                    set.Fill(true);
                    break;
                case (byte)'[':
                    ReadSet(set);
                    break;
                case (byte)'\\' when at == text.Length:
                    Fault = "nothing follows the \\ at its end";
                    break;
                default:
                    set[next == '\\' ? text[at++] : next] = true;
                    break;
            }

            var ways = new uint[Places];
            for (var place = 0; place < name.Length; place++)
            {
                ways[place] = set[name[place]] ? 2u << place : 0;
            }

            return ways;
        }

        private uint[] Group(int depth)
        {
            if (depth == Deepest)
            {
                Fault = $"more than {Deepest} ( in one another";
                return Standing();
            }

            var group = Sequence(depth + 1);
            if (at++ >= text.Length && Fault.Length == 0)
            {
                Fault = "there is a ( without a )";
            }

            // (...)$n keeps what was found for the caller of regex(3): here there is none.
            if (at + 1 < text.Length && text[at] == '$' && char.IsAsciiDigit((char)text[at + 1]))
            {
                at += 2;
            }

            return group;
        }

        private void ReadSet(scoped Span<bool> set)
        {
            var isWithout = at < text.Length && text[at] == '^';
            at += isWithout ? 1 : 0;
            set.Fill(isWithout);
            var first = at;
            for (; at < text.Length && (text[at] != ']' || at == first); at++)
            {
                int low = text[at];
                var high = low;
                if (at + 2 < text.Length && text[at + 1] == '-' && text[at + 2] != ']')
                {
                    high = text[at + 2];
                    at += 2;
                }

                // Of a range that ends before it begins, its end alone.
                set[(low > high ? high : low)..(high + 1)].Fill(!isWithout);
            }

            Fault = at++ < text.Length ? Fault : "there is a [ without a ]";
        }

        private uint[] Times(uint[] once)
        {
            switch (text[at++])
            {
                case (byte)'*':
                    return Repeated(once, 0, LargestCount);
                case (byte)'+':
                    return Repeated(once, 1, LargestCount);
            }

            var end = text[at..].IndexOf((byte)'}');
            var words = end < 0 ? [] : Encoding.UTF8.GetString(text.Slice(at, end)).Split(',');
            at = end < 0 ? text.Length : at + end + 1;
            if (words.Length is 1 or 2 && TryReadCount(words[0], out var least))
            {
                var most = words is [_, ""] ? LargestCount : least;
                if (words is not [_, { Length: > 0 }] || (TryReadCount(words[1], out most) && most >= least))
                {
                    return Repeated(once, least, most);
                }
            }

            Fault = $"how often? {{m}}, {{m,}} or {{m,n}}, up to {LargestCount}";
            return once;
        }

        private static bool TryReadCount(string word, out int count) =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count <= LargestCount;
    }
}
