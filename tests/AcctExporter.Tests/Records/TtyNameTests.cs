// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

public sealed class TtyNameTests
{
    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(136, 0, "pts/0")]
    [InlineData(136, 255, "pts/255")]
    [InlineData(137, 44, "pts/300")]
    [InlineData(143, 255, "pts/2047")]
    [InlineData(135, 255, "135:255")]
    [InlineData(144, 0, "144:0")]
    [InlineData(4, 0, "tty0")]
    [InlineData(4, 63, "tty63")]
    [InlineData(4, 64, "ttyS0")]
    [InlineData(4, 255, "ttyS191")]
    [InlineData(5, 1, "console")]
    [InlineData(5, 0, "5:0")]
    [InlineData(166, 3, "ttyACM3")]
    [InlineData(188, 0, "ttyUSB0")]
    [InlineData(204, 64, "ttyAMA0")]
    [InlineData(204, 80, "204:80")]
    [InlineData(229, 0, "hvc0")]
    [InlineData(0, 1, "0:1")]
    [InlineData(255, 255, "255:255")]
    public void Of_NamesWhatCanBeTold(int major, int minor, string? name) =>
        Assert.Equal(name, TtyName.Of((ushort)((major << 8) | minor)));

    [Fact]
    public void TryRead_LeadsBack()
    {
        for (var device = 1; device <= ushort.MaxValue; device++)
        {
            var name = TtyName.Of((ushort)device)!;
            Assert.True(TtyName.TryRead(name, out var read) && read == device, name);
        }
    }

    [Theory]
    [InlineData("/dev/pts/3", (136 << 8) + 3)]
    [InlineData("-", 0)]
    [InlineData("0:0", 0)]
    [InlineData("136:3", (136 << 8) + 3)]
    [InlineData("", -1)]
    [InlineData("pts/", -1)]
    [InlineData("pts/03", -1)]
    [InlineData("pts/99999999999", -1)]
    [InlineData("tty64", -1)]
    [InlineData("console0", -1)]
    [InlineData("256:0", -1)]
    [InlineData("1:-1", -1)]
    [InlineData("/dev/null", -1)]
    public void TryRead_TakesWhatPeopleWrite(string name, int device)
    {
        Assert.Equal(device >= 0, TtyName.TryRead(name, out var read));
        Assert.Equal(Math.Max(device, 0), read);
    }
}
