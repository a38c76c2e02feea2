// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>Files of a real kernel and of GNU acct, compared with what two other decoders say about them.</summary>
public sealed partial class AcctFixtureTests
{
    /// <summary>
    /// Where we differ from dump-acct on purpose. It prints a v4 record as if it were v3, a hole as a v0 record of
    /// 1970, and flags that no kernel sets; it says "unknown acct file format" once for v6 and is silent about v5.
    /// </summary>
    private static readonly Dictionary<(string Name, int Slot), DecodeStatus> Rejected = new()
    {
        [("synth-multiversion", 6)] = DecodeStatus.UnknownVersion,
        [("synth-multiversion", 7)] = DecodeStatus.UnknownVersion,
        [("synth-multiversion", 8)] = DecodeStatus.UnknownVersion,
        [("synth-multiversion", 9)] = DecodeStatus.Hole,
        [("synth-multiversion", 15)] = DecodeStatus.BadFlags,
        // The same records converted by dump-acct, v5 and v6 left out. The hole became a v0 record of 1970 with an AHZ.
        [("synth-v0", 7)] = DecodeStatus.ImplausibleV0,
        [("synth-v0", 13)] = DecodeStatus.BadFlags,
        [("synth-v0", 15)] = DecodeStatus.ImplausibleV0, // began in 1970
        [("synth-v2", 13)] = DecodeStatus.BadFlags,
        // Made from v2 and v0, which have no pid. No kernel writes a v3 record without a pid, unless without memory
        // too.
        [("synth-v3-bigendian", 0)] = DecodeStatus.BadPid,
        [("synth-v3-bigendian", 1)] = DecodeStatus.BadPid,
        [("synth-v3-bigendian", 3)] = DecodeStatus.BadPid,
        [("synth-v3-bigendian", 13)] = DecodeStatus.BadFlags,
    };

    public static TheoryData<string> AllFiles => new(PacctFixture.Names);

    public static TheoryData<string> DecodedFiles => new(PacctFixture.Names.Where(name =>
        name is not ("synth-multiversion" or "synth-v0" or "synth-v2" or "synth-v3-bigendian")));

    [Theory]
    [MemberData(nameof(AllFiles))]
    public void EveryField_IsWhatGnuPrints_ButForTheSlotsWeReject(string name)
    {
        var theirs = new Queue<DumpAcctLine>(DumpAcctLine.Parse(PacctFixture.Bytes(name + ".dump-acct.txt")));
        var number = 0;
        foreach (var slot in PacctFixture.Slots(name))
        {
            var status = AcctRecord.TryRead(slot.Span, out var record);
            Assert.Equal((number, Rejected.GetValueOrDefault((name, number), DecodeStatus.Ok)), (number, status));
            var line = (slot.Span[1] & 0x7f) is 5 or 6 ? null : theirs.Dequeue();
            if (status == DecodeStatus.Ok)
            {
                Assert.Equal(line, DumpAcctLine.Of(record));
            }

            number++;
        }

        Assert.Empty(theirs);
        Assert.True(number > 0);
    }

    [Theory]
    [MemberData(nameof(DecodedFiles))]
    public void EveryField_IsWhatAnIndependentDecoderSays(string name)
    {
        var theirs = PacctFixture.Lines(name + ".decoded.txt").Where(line => !line.StartsWith("TRAILING")).ToArray();
        var ours = PacctFixture.Slots(name).Select((slot, number) =>
        {
            Assert.Equal(DecodeStatus.Ok, AcctRecord.TryRead(slot.Span, out var record));
            return Decoded(number * AcctRecord.Size, record);
        });
        Assert.Equal(theirs.Select(WithoutLetters), ours);
    }

    [Fact]
    public void TornEnd_IsCountedOnce_WhenTheFileIsFinal()
    {
        var bytes = PacctFixture.Bytes("synth-truncated-100bytes.pacct");
        Assert.Equal(100, bytes.Length);
        var exits = new ProcessExit[4];
        var rejected = new ulong[RejectReason.Count];

        Assert.Equal(1, AcctScanner.Read(bytes, final: false, exits, new int[4], rejected, out var consumed));
        Assert.Equal(64, consumed);
        Assert.All(rejected, count => Assert.Equal(0UL, count));

        Assert.Equal(1, AcctScanner.Read(bytes, final: true, exits, new int[4], rejected, out consumed));
        Assert.Equal(100, consumed);
        Assert.Equal(1UL, rejected[(int)DecodeStatus.Torn]);
    }

    [Fact]
    public void Scanner_FindsEveryRecordOfAFileOfAllVersions()
    {
        var bytes = PacctFixture.Bytes("synth-multiversion.pacct");
        var exits = new ProcessExit[32];
        var offsets = new int[32];
        var rejected = new ulong[RejectReason.Count];

        var count = AcctScanner.Read(bytes, final: true, exits, offsets, rejected, out var consumed);

        Assert.Equal(
            [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 16, 17], offsets[..count].Select(at => at / AcctRecord.Size));
        Assert.Equal(bytes.Length, consumed);
        Assert.Equal(3UL, rejected[(int)DecodeStatus.UnknownVersion]);
        Assert.Equal(1UL, rejected[(int)DecodeStatus.Hole]);
        Assert.Equal(1UL, rejected[(int)DecodeStatus.BadFlags]);
        Assert.Equal(5UL, rejected.Aggregate((sum, next) => sum + next));
    }

    private static string Decoded(int offset, in AcctRecord record)
    {
        Span<byte> name = stackalloc byte[CommandName.Size];
        var length = record.Command.CopyTo(name);
        return string.Create(CultureInfo.InvariantCulture,
            $"{offset,6} fl={(byte)record.Flags:x2} v{record.Version:x2} tty={record.Tty:x4} ec=0x{record.ExitCode:x} "
            + $"uid={record.Uid} gid={record.Gid} pid={record.Pid} ppid={record.Ppid} bt={record.BeginUnixSeconds} "
            + $"et={record.ElapsedTicks} ut={record.UserTicks} st={record.SystemTicks} mem={record.MemoryKib} "
            + $"io={record.IoCharacters} rw={record.BlocksReadOrWritten} minf={record.MinorFaults} "
            + $"majf={record.MajorFaults} sw={record.Swaps} comm={PythonBytes(name[..length])}");
    }

    /// <summary>The other decoder spells the flags out behind their number, in a field of 4.</summary>
    private static string WithoutLetters(string line) => FlagLetters().Replace(line, "$1 v");

    [GeneratedRegex("(fl=[0-9a-f]{2})[A-Z ]+v")]
    private static partial Regex FlagLetters();

    /// <summary>Python's <c>repr</c> of a bytes object.</summary>
    private static string PythonBytes(ReadOnlySpan<byte> bytes)
    {
        var quote = bytes.Contains((byte)'\'') && !bytes.Contains((byte)'"') ? '"' : '\'';
        var text = new StringBuilder("b").Append(quote);
        foreach (var value in bytes)
        {
            text.Append((char)value switch
            {
                '\\' => @"\\",
                '\t' => @"\t",
                '\n' => @"\n",
                '\r' => @"\r",
                _ when value == quote => $"\\{quote}",
                < ' ' or > '~' => $"\\x{value:x2}",
                var plain => plain.ToString(),
            });
        }

        return text.Append(quote).ToString();
    }
}
