// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Kernel;

/// <summary>Texts as the C library takes a program's arguments and environment, and as /proc shows them.</summary>
internal static unsafe class CStringList
{
    /// <summary>The environment that this process was started with; what .NET was told since is not in it.</summary>
    public static List<byte[]> OwnVariables() => Split(File.ReadAllBytes("/proc/self/environ"));

    /// <summary>The words that this process was started with, the program's name first.</summary>
    public static List<byte[]> OwnArguments() => Split(File.ReadAllBytes("/proc/self/cmdline"));

    /// <summary>
    /// Pointers to texts and, behind them in the same memory, the texts; to be freed by <see cref="NativeMemory"/>.
    /// </summary>
    /// <param name="texts">Bytes without a NUL.</param>
    public static byte** Make(IReadOnlyList<byte[]> texts)
    {
        var pointerBytes = (texts.Count + 1) * sizeof(byte*);
        var memory = (byte*)NativeMemory.Alloc((nuint)(pointerBytes + texts.Sum(text => text.Length + 1)));
        var pointers = (byte**)memory;
        var next = memory + pointerBytes;
        for (var i = 0; i < texts.Count; i++)
        {
            pointers[i] = next;
            texts[i].CopyTo(new Span<byte>(next, texts[i].Length));
            next[texts[i].Length] = 0;
            next += texts[i].Length + 1;
        }

        pointers[texts.Count] = null;
        return pointers;
    }

    private static List<byte[]> Split(byte[] texts)
    {
        var list = new List<byte[]>();
        for (var rest = texts.AsSpan(); rest.IndexOf((byte)0) is >= 0 and var end; rest = rest[(end + 1)..])
        {
            list.Add(rest[..end].ToArray());
        }

        return list;
    }
}
