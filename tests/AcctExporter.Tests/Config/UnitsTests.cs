// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Config;

namespace AcctExporter.Tests.Config;

public sealed class UnitsTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("off", 0)]
    [InlineData("0s", 0)]
    [InlineData("20ms", 200_000)]
    [InlineData("0.5ms", 5_000)]
    [InlineData("1s", 10_000_000)]
    [InlineData("1.5s", 15_000_000)]
    [InlineData("2m", 1_200_000_000)]
    [InlineData("1h", 36_000_000_000)]
    [InlineData("31d", 26_784_000_000_000)]
    [InlineData("1w", 6_048_000_000_000)]
    public void TryParseDuration_Reads(string text, long ticks)
    {
        Assert.True(Units.TryParseDuration(text, out var duration));
        Assert.Equal(ticks, duration.Ticks);
    }

    /// <summary>No binary fraction comes between: 1.001s is not 1.0009999s.</summary>
    [Fact]
    public void TryParseDuration_IsExact()
    {
        for (var milliseconds = 1; milliseconds < 10_000; milliseconds++)
        {
            Assert.True(Units.TryParseDuration($"{milliseconds}ms", out var duration));
            Assert.Equal(TimeSpan.TicksPerMillisecond * milliseconds, duration.Ticks);
            Assert.True(Units.TryParseDuration($"{milliseconds / 1000}.{milliseconds % 1000:000}s", out duration));
            Assert.Equal(TimeSpan.TicksPerMillisecond * milliseconds, duration.Ticks);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("1")]
    [InlineData("00")]
    [InlineData("-1s")]
    [InlineData("+1s")]
    [InlineData("1 s")]
    [InlineData(" 1s")]
    [InlineData("1S")]
    [InlineData("1,5s")]
    [InlineData("1e3s")]
    [InlineData(".s")]
    [InlineData("NaNs")]
    [InlineData("1us")]
    [InlineData("1y")]
    [InlineData("1h30m")]
    [InlineData("Off")]
    [InlineData("99999999999999999999d")]
    public void TryParseDuration_Refuses(string text) => Assert.False(Units.TryParseDuration(text, out _));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("off", 0)]
    [InlineData("65536", 65_536)]
    [InlineData("7B", 7)]
    [InlineData("1K", 1_024)]
    [InlineData("1KiB", 1_024)]
    [InlineData("1kB", 1_000)]
    [InlineData("8MiB", 8_388_608)]
    [InlineData("8M", 8_388_608)]
    [InlineData("8MB", 8_000_000)]
    [InlineData("1GiB", 1_073_741_824)]
    [InlineData("1G", 1_073_741_824)]
    [InlineData("2GB", 2_000_000_000)]
    [InlineData("1TiB", 1_099_511_627_776)]
    [InlineData("8388607TiB", 9_223_370_937_343_148_032)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void TryParseSize_Reads(string text, long bytes)
    {
        Assert.True(Units.TryParseSize(text, out var size));
        Assert.Equal(bytes, size);
    }

    [Theory]
    [InlineData("")]
    [InlineData("B")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1 MiB")]
    [InlineData("1.5GiB")]
    [InlineData("1mib")]
    [InlineData("1kb")]
    [InlineData("0x10")]
    [InlineData("OFF")]
    [InlineData("8388608TiB")]
    [InlineData("9223372036854775808")]
    public void TryParseSize_Refuses(string text) => Assert.False(Units.TryParseSize(text, out _));

    [Theory]
    [InlineData("off", 0)]
    [InlineData("20ms", 0.02)]
    [InlineData("90s", 90)]
    [InlineData("5m", 300)]
    [InlineData("36h", 129_600)]
    [InlineData("31d", 2_678_400)]
    public void Duration_ShowsItself_AsItIsWritten(string text, double seconds)
    {
        Assert.Equal(text, new Duration(TimeSpan.FromSeconds(seconds)).ToString());
        Assert.True(Units.TryParseDuration(text, out var read));
        Assert.Equal(seconds, read.TotalSeconds);
    }

    [Theory]
    [InlineData("off", 0)]
    [InlineData("1000", 1000)]
    [InlineData("20KiB", 20_480)]
    [InlineData("8MiB", 8_388_608)]
    [InlineData("1GiB", 1_073_741_824)]
    public void ByteSize_ShowsItself_AsItIsWritten(string text, long bytes)
    {
        Assert.Equal(text, new ByteSize(bytes).ToString());
        Assert.True(Units.TryParseSize(text, out var read));
        Assert.Equal(bytes, read);
    }
}
