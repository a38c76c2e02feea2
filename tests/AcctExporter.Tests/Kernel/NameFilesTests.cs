// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Tests.Properties;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Kernel;

public sealed class NameFilesTests : IDisposable
{
    private readonly TemporaryDirectory temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Read_GivesEachLineThatIsOne()
    {
        Assert.Equal(
            ["0=root", "1=daemon", "1=twin", "4294967294=nobody", "7=l\u00f6we", "50=staff"],
            Read("root:x:0:0:root:/root:/bin/sh\ndaemon::1:1::/:\ntwin:x:1:1::/:\nnobody:*:4294967294:1::/:\n"
                + "# comment:x:5:5\n+nis:x:6:6::/:\n-out:x:6:6::/:\n+::::::\n\n:x:8:8::/:\nshort:x\nshort:x:9\n"
                + "minus:x:-1:0::/:\nbig:x:4294967296:0::/:\nword:x:ten:0::/:\nl\u00f6we:x:7:7::/:\nstaff:x:50:a,b"));
        Assert.Empty(NameFiles.Read(temporary.Of("missing")));
        Assert.Empty(NameFiles.Read(temporary.Path));
        Assert.Empty(Read(""));
    }

    [Fact]
    public void Read_AgreesWithNss_AboutThisHost() => Assert.All(
        NameFiles.Read(NameFiles.Users).DistinctBy(user => user.Id),
        user =>
        {
            Span<byte> name = stackalloc byte[256];
            Assert.True(UserDatabase.TryGetName(user.Id, name, out var length, out _));
            Assert.Equal(user.Name, name[..length].ToArray());
        });

    [Fact]
    public void Read_LeavesAFileOfTheSizeOfADirectoryAlone()
    {
        var line = "user:x:1000:1000::/:/bin/sh\n";
        File.WriteAllText(temporary.Of("big"), string.Concat(Enumerable.Repeat(line, (4 << 20) / line.Length + 1)));
        Assert.Empty(NameFiles.Read(temporary.Of("big")));
    }

    [Fact]
    public void Read_TakesAnyBytes() => Holds.ForAllOf(Gen.Elements(":\n0x9+"u8.ToArray()), 60, 1000, bytes =>
    {
        File.WriteAllBytes(temporary.Of("any"), bytes);
        return NameFiles.Read(temporary.Of("any"))
            .TrueForAll(user => user.Name.Length > 0 && !user.Name.AsSpan().ContainsAny((byte)':', (byte)'\n'));
    });

    private IEnumerable<string> Read(string text)
    {
        File.WriteAllText(temporary.Of("file"), text);
        return NameFiles.Read(temporary.Of("file")).Select(user => $"{user.Id}={Encoding.UTF8.GetString(user.Name)}");
    }
}
