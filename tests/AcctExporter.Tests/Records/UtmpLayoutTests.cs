// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>The layout of a login file is found from its bytes, also where they are few or damaged.</summary>
public sealed class UtmpLayoutTests
{
    private const int Sample = UtmpLayout.SampleRecords * UtmpLayout.WideSize;

    public static TheoryData<string> Fixtures => [.. WtmpFixture.Names];

    /// <summary>Whether a record is wide and big-endian.</summary>
    public static TheoryData<bool, bool> Layouts =>
        new() { { false, false }, { true, false }, { false, true }, { true, true } };

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Fixtures_AreOfTheirLayout(string name)
    {
        var bytes = WtmpFixture.Bytes(name);
        var expected = new UtmpLayout(name.StartsWith("arm64", StringComparison.Ordinal), false);
        Assert.Equal(expected, UtmpLayout.Detect(bytes, bytes.Length));
        Assert.Equal(expected, UtmpLayout.Detect(bytes, -1));
    }

    /// <summary>1 record is not divisible by the other size; 9,600 bytes are by both; a pipe has no length.</summary>
    [Theory]
    [MemberData(nameof(Layouts))]
    public void AnyNumberOfRecords_IsEnough(bool isWide, bool isBigEndian)
    {
        var layout = new UtmpLayout(isWide, isBigEndian);
        for (var records = 1; records <= 80; records++)
        {
            var bytes = WtmpFixture.Made(records, layout);
            var head = bytes.AsSpan(0, Math.Min(bytes.Length, Sample));
            Assert.Equal(layout, UtmpLayout.Detect(head, bytes.Length));
            Assert.Equal(layout, UtmpLayout.Detect(head, -1));
            if (records > 1)
            {
                Assert.Equal(layout, UtmpLayout.Detect(bytes.AsSpan(0, head.Length - 100), bytes.Length - 100));
            }
        }
    }

    /// <summary>Bytes lost at the beginning, noise, or zeros: the rest of the sample, or the end, tells.</summary>
    [Theory]
    [MemberData(nameof(Layouts))]
    public void DamagedHead_DoesNotMatter(bool isWide, bool isBigEndian)
    {
        var layout = new UtmpLayout(isWide, isBigEndian);
        var good = WtmpFixture.Made(100, layout);
        var noise = new byte[Sample];
        new Random(5).NextBytes(noise);

        byte[] shifted = [.. good.AsSpan(133)];
        Assert.Equal(layout, UtmpLayout.Detect(shifted.AsSpan(0, Sample), shifted.Length));
        foreach (var head in new[] { noise, new byte[Sample] })
        {
            byte[] file = [.. head, .. good];
            Assert.Equal(layout, UtmpLayout.Detect(head, file.Length, file.AsSpan(file.Length - Sample)));
            Assert.Equal(layout, UtmpLayout.Detect(head, file.Length + 7, file.AsSpan(file.Length - Sample)));
        }
    }

    [Fact]
    public void WithoutGoodRecords_TheLengthTells()
    {
        Assert.Equal(UtmpLayout.Usual, UtmpLayout.Detect([], 0));
        Assert.Equal(UtmpLayout.Usual, UtmpLayout.Detect(new byte[768], 768));
        Assert.Equal(new(true, false), UtmpLayout.Detect(new byte[800], 800));
        Assert.Equal(UtmpLayout.Usual, UtmpLayout.Detect(new byte[9600], 9600));
    }

    /// <summary>A utmp has slots that were never used, and some of the day before.</summary>
    [Theory]
    [MemberData(nameof(Layouts))]
    public void EmptySlots_TellNothing(bool isWide, bool isBigEndian)
    {
        var layout = new UtmpLayout(isWide, isBigEndian);
        byte[] file = [.. new byte[layout.Size * 7], .. WtmpFixture.Made(1, layout), .. new byte[layout.Size * 4]];
        Assert.Equal(layout, UtmpLayout.Detect(file, file.Length));
        Assert.Equal(layout, UtmpLayout.Detect(file, -1));
    }
}
