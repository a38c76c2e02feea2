// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using AcctExporter.Reports;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Reports;

/// <summary>Which exits of a file are of a command's family: by pid, parent and time.</summary>
public sealed class TimexFamilyTests : IDisposable
{
    private const int Ancestor = 100;
    private const uint Since = 1_795_300_000;

    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Exits in the order of the file: name:pid:parent:begin:end, in seconds since timex began.</summary>
    [Theory]
    [InlineData("sh:101:100:0:5", "sh")]
    [InlineData("ls:102:101:1:2 sh:101:100:0:5", "ls sh")]
    [InlineData("c:103:102:1:2 b:102:101:1:3 a:101:100:0:5", "c b a")]
    [InlineData("x:200:1:1:2 ls:102:101:1:2 y:201:200:1:3 sh:101:100:0:5 init:1:0:0:6", "ls sh")]
    // A parent that ends just before its child, in its file; and a whole family the wrong way round.
    [InlineData("sh:101:100:0:5 ls:102:101:1:5", "sh ls")]
    [InlineData("a:101:100:0:5 b:102:101:1:5 c:103:102:1:5", "a b c")]
    // Whose parent ended is adopted by timex.
    [InlineData("p:102:101:1:2 sh:101:100:0:3 late:103:100:1:5", "p sh late")]
    // The pid was another's before: its child ended long before this one began.
    [InlineData("old:300:102:0:1 ls:102:101:20:21 sh:101:100:0:30", "ls sh")]
    // An hour ago timex's own pid was another's.
    [InlineData("before:99:100:-3700:-3600 sh:101:100:0:5", "sh")]
    // Pids are the host's: parent 0 is nobody's.
    [InlineData("init:1:0:0:5", "")]
    public void TheFamily_IsFound(string exits, string expected)
    {
        var file = folder.Of("pacct");
        File.WriteAllBytes(file, [.. exits.Split(' ').SelectMany(Record)]);
        Assert.Equal(expected, string.Join(' ', Names(file)));
    }

    /// <summary>More strangers than are remembered do not hide a family whose order is sound.</summary>
    [Fact]
    public void AFamilyAmongMany_IsFound()
    {
        var exits = Enumerable.Range(0, 20_000)
            .Select(i => i % 1000 == 0 ? $"a{i}:{1000 + i}:101:1:2" : $"x:{1000 + i}:7:1:2").Append("sh:101:100:0:5");
        var file = folder.Of("pacct");
        File.WriteAllBytes(file, [.. exits.SelectMany(Record)]);
        Assert.Equal(
            [.. Enumerable.Range(0, 20).Select(i => $"a{i * 1000}"), "sh"], Names(file));
    }

    private static IEnumerable<string> Names(string file)
    {
        using var none = new MemoryStream();
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var found = TimexFamily.Find(
            new ExitInputOptions { Files = [file], StoragePath = "/nowhere" },
            new ReportIo(none, none, errors, TimeProvider.System), "timex", Ancestor, Since, out var result);
        Assert.Equal((ReadResult.Whole, ""), (result, errors.ToString()));
        return found.Select(exit =>
        {
            var name = new byte[16];
            return Encoding.ASCII.GetString(name, 0, TimexFamily.Member.Entry(exit).Command.CopyTo(name));
        });
    }

    private static byte[] Record(string exit)
    {
        var parts = exit.Split(':');
        var (begin, end) = (Number(3), Number(4));
        var record = new byte[64];
        record[1] = 3;
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(16), (uint)Number(1));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(20), (uint)Number(2));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(24), (uint)(Since + begin));
        BinaryPrimitives.WriteSingleLittleEndian(record.AsSpan(28), (end - begin) * 100);
        Encoding.ASCII.GetBytes(parts[0]).CopyTo(record, 48);
        return record;

        int Number(int part) => int.Parse(parts[part], CultureInfo.InvariantCulture);
    }
}
