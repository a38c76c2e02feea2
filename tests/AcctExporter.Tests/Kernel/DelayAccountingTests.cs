// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

public sealed class DelayAccountingTests : IDisposable
{
    private readonly TemporaryDirectory temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Read_SaysWhatIsSet()
    {
        Assert.Equal(DelayAccountingState.Off, DelayAccounting.Read(temporary.File("sysctl", "0\n")));
        Assert.Equal(DelayAccountingState.On, DelayAccounting.Read(temporary.File("sysctl", "1\n")));
        Assert.Equal(DelayAccountingState.Unknown, DelayAccounting.Read(temporary.File("sysctl", "")));
        Assert.Equal(DelayAccountingState.Unknown, DelayAccounting.Read(temporary.Of("missing")));
        Assert.Equal(DelayAccountingState.Unknown, DelayAccounting.Read(temporary.Path));
    }

    [Fact]
    public void TryEnable_WritesIt()
    {
        Assert.True(DelayAccounting.TryEnable(out var why, temporary.File("sysctl", "0\n")));
        Assert.Equal("", why);
        Assert.Equal(DelayAccountingState.On, DelayAccounting.Read(temporary.Of("sysctl")));
    }

    [Fact]
    public void TryEnable_SaysWhyNot_AndMakesNoFile()
    {
        Assert.False(DelayAccounting.TryEnable(out var why, temporary.Of("missing")));
        Assert.Contains("CONFIG_TASK_DELAY_ACCT", why);
        Assert.False(File.Exists(temporary.Of("missing")));
        Assert.False(DelayAccounting.TryEnable(out why, temporary.Path));
        Assert.Contains("CAP_SYS_ADMIN", why);
    }
}
