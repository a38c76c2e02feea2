// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;
using AcctExporter.Records;

namespace AcctExporter.Tests.Journal;

/// <summary>A journal in a folder of its own, gone with the test, and blocks to put into it.</summary>
internal sealed class TestJournal : IDisposable
{
    private static readonly string[] Commands =
        ["sh", "grep", "sed", "sort", "cron", "git", "make", "cc1plus", "python3"];

    private readonly string root = Directory.CreateTempSubdirectory("journal-test").FullName;

    public TestJournal() => Options = new JournalOptions { Directory = Path.Combine(root, "journal") };

    public JournalOptions Options { get; set; }

    public string[] Files => [.. JournalFiles.List(Options.Directory).Select(f => f.Path)];

    public string NewestFile => Files[^1];

    public JournalWriter Open() => JournalWriter.Open(Options, out _);

    public JournalReader Reader() => new(Options.Directory);

    /// <summary>Appends one block of <paramref name="exits"/> exits and returns the file's size.</summary>
    public long Append(JournalWriter writer, int exits, int seed, long unixMicroseconds = 1_000_000)
    {
        writer.Append(Block(exits, seed, unixMicroseconds));
        return new FileInfo(NewestFile).Length;
    }

    public static JournalBlock Block(int exits, int seed, long unixMicroseconds = 1_000_000)
    {
        var block = new JournalBlock();
        Fill(block, exits, seed, unixMicroseconds);
        return block;
    }

    /// <summary>Exits as a busy host has them: few programs and users, pids that rise, small times.</summary>
    public static void Fill(JournalBlock block, int exits, int seed, long unixMicroseconds = 1_000_000)
    {
        var random = new Xorshift((uint)seed + 1);
        block.Clear();
        block.UnixMicroseconds = unixMicroseconds;
        var bootId = new Guid(seed, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        block.Position = new SourcePosition(bootId, (ulong)seed, 77, (ulong)exits * 64);
        Span<byte> raw = stackalloc byte[AcctRecord.Size];
        Span<byte> name = stackalloc byte[CommandName.Size];
        var pid = 1000u + ((uint)seed * 31);
        for (var i = 0; i < exits; i++)
        {
            var program = random.Below(Commands.Length);
            var length = System.Text.Encoding.ASCII.GetBytes(Commands[program], name);
            pid += 1 + (uint)random.Below(3);
            var record = new AcctRecord
            {
                Version = 3,
                Flags = random.Below(4) == 0 ? AcctFlags.ForkedWithoutExec : AcctFlags.None,
                ExitCode = random.Below(10) == 0 ? 256u : 0,
                Uid = (uint)random.Below(3) * 500,
                Gid = 100,
                Pid = pid,
                Ppid = pid - (uint)random.Below(20),
                BeginUnixSeconds = 1_700_000_000 + (uint)(i / 50),
                ElapsedTicks = (ulong)random.Below(300),
                UserTicks = (ulong)random.Below(5),
                SystemTicks = (ulong)random.Below(3),
                MemoryKib = 5000 + ((ulong)program * 900) + (ulong)random.Below(50),
                MinorFaults = 100 + (ulong)random.Below(200),
                TicksPerSecond = 100,
                Command = CommandName.From(name[..length]),
            };
            AcctEncoder.Write(record, raw);
            block.Add(raw, program, []);
        }
    }

    /// <summary>The position and content of a block as one text, to compare with.</summary>
    public static string Describe(JournalBlock block)
    {
        var text = new System.Text.StringBuilder();
        text.Append(block.Sequence).Append(' ').Append(block.UnixMicroseconds).Append(' ').Append(block.Position);
        text.Append(' ').Append(Convert.ToHexString(block.Decisions.WrittenSpan));
        for (var i = 0; i < block.Count; i++)
        {
            text.Append('\n').Append(block.PairOf(i)).Append(' ').Append(Convert.ToHexString(block.RecordOf(i)));
            text.Append(' ').Append(Convert.ToHexString(block.ExtensionOf(i)));
        }

        return text.ToString();
    }

    public List<string> ReadForward(ulong after = 0)
    {
        using var reader = Reader();
        if (after == 0)
        {
            reader.SeekToStart();
        }
        else
        {
            reader.SeekAfter(after);
        }

        var block = new JournalBlock();
        List<string> seen = [];
        while (reader.TryReadNext(block))
        {
            seen.Add(Describe(block));
        }

        return seen;
    }

    public List<string> ReadBackward()
    {
        using var reader = Reader();
        reader.SeekToEnd();
        var block = new JournalBlock();
        List<string> seen = [];
        while (reader.TryReadPrevious(block))
        {
            seen.Add(Describe(block));
        }

        return seen;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    /// <summary>Numbers that are the same in every run and cost no allocation.</summary>
    private struct Xorshift(uint state)
    {
        private uint state = state * 2654435761 | 1;

        public int Below(int limit)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            return (int)(state % (uint)limit);
        }
    }
}
