// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

/// <summary>acct(2) where it refuses: none of these changes anything.</summary>
public class ProcessAccountingTests
{
    [Fact]
    [Trait("Lane", "kernel")]
    public void Switch_SaysWhyItCannot()
    {
        using var directory = new TemporaryDirectory();
        Assert.Equal(Errno.EISDIR, ProcessAccounting.Switch(directory.Path));
        Assert.Equal(Errno.ENOENT, ProcessAccounting.Switch(directory.Of("missing")));
        Assert.Equal(Errno.ENOTDIR, ProcessAccounting.Switch(directory.File("file") + "/below"));
        Assert.Equal(Errno.EACCES, ProcessAccounting.Switch("/dev/null"));
        Assert.Equal(Errno.ENAMETOOLONG, ProcessAccounting.Switch("/" + new string('x', 5000)));
    }

    [Fact]
    public void Switch_TakesNoPathWithANul_WhichTheKernelWouldCutOff() =>
        Assert.Throws<ArgumentException>(() => ProcessAccounting.Switch("/nowhere\0/else"));

    [Theory]
    [InlineData(Errno.EPERM, "Operation not permitted (EPERM)", "CAP_SYS_PACCT")]
    [InlineData(Errno.ENOSYS, "Function not implemented (ENOSYS)", "CONFIG_BSD_PROCESS_ACCT")]
    [InlineData(Errno.EROFS, "Read-only file system (EROFS)", "ReadWritePaths=")]
    [InlineData(Errno.EACCES, "Permission denied (EACCES)", "regular file")]
    [InlineData(Errno.EINVAL, "Invalid argument (EINVAL)", "tmpfs")]
    [InlineData(200, "(errno 200)", "does not document")]
    public void Explain_NamesTheErrorAndTheRemedy(int errno, string name, string remedy)
    {
        var text = ProcessAccounting.Explain(errno, "/var/acct/1");
        Assert.StartsWith("process accounting cannot be switched to /var/acct/1: ", text);
        Assert.Contains(name, text);
        Assert.Contains(remedy, text);
    }
}
