// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Tests.Properties;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Capture;

public sealed class SegmentNameTests
{
    private const string Boot = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void TryParse_ReadsWhatToStringWrote() => Holds.ForAll(
        from sequence in RecordGen.Seeds
        from high in RecordGen.Seeds
        from low in RecordGen.Seeds
        select new SegmentName(sequence * 5, new Guid([.. BitConverter.GetBytes(high), .. BitConverter.GetBytes(low)])),
        1_000,
        name => SegmentName.TryParse(name.ToString(), out var read) && read == name);

    [Fact]
    public void ToString_SortsBySequence()
    {
        ulong[] sequences = [1, 2, 9, 10, 99, 100, 12345678901, ulong.MaxValue];
        var names = sequences.Select(sequence => new SegmentName(sequence, Guid.Parse(Boot)).ToString()).ToArray();
        Assert.Equal(names, names.Order(StringComparer.Ordinal));
        Assert.Equal($"pacct-00000000000000000001-{Boot}", names[0]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("pacct")]
    [InlineData("pacct-1-" + Boot)]
    [InlineData("pacct-00000000000000000001")]
    [InlineData("pacct-00000000000000000001-")]
    [InlineData("pacct-00000000000000000001_" + Boot)]
    [InlineData("pacct-0000000000000000000x-" + Boot)]
    [InlineData("pacct--0000000000000000001-" + Boot)]
    [InlineData("pacct-99999999999999999999-" + Boot)]
    [InlineData("pacct-00000000000000000001-" + Boot + "0")]
    [InlineData("pacct-00000000000000000001-" + Boot + " ")]
    [InlineData("pacct-00000000000000000001-0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("pacct-00000000000000000001-" + Boot + ".gz")]
    [InlineData("Pacct-00000000000000000001-" + Boot)]
    [InlineData("xpacct-00000000000000000001-" + Boot)]
    public void TryParse_RefusesOtherFiles(string file) => Assert.False(SegmentName.TryParse(file, out _));
}
