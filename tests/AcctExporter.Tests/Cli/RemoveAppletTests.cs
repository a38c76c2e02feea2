// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Cli;
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Suite;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Cli;

/// <summary>remove and nulladm.</summary>
public sealed class RemoveAppletTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Remove_TakesWhatIsNobodys_AndNotWhileARunIsAtWork()
    {
        var paths = new SuitePaths(folder.Of("suite"));
        Assert.Equal((0, ""), Run(RemoveApplet.Create, "--storage.path", folder.Path));
        paths.MakeFolders();
        foreach (var name in (string[])["nite/wtmp.0702.new", "sum/pacct0702", "sum/wtmp0702", "nite/tmpwtmp", "fee"])
        {
            File.WriteAllText(Path.Combine(paths.Root, name), "x");
        }

        using (AccountingLock.TryTake(paths.Lock, out _))
        {
            var (code, errors) = Run(RemoveApplet.Create, "--storage.path", folder.Path);
            Assert.Equal(1, code);
            Assert.Contains("is at work: nothing was removed", errors, StringComparison.Ordinal);
        }

        Assert.True(File.Exists(Path.Combine(paths.Nite, "wtmp.0702.new")));
        Assert.Equal((0, ""), Run(RemoveApplet.Create, "--storage.path", folder.Path));
        Assert.Equal(["lock", "tmpwtmp"], Directory.GetFiles(paths.Nite).Select(Path.GetFileName).Order());
        Assert.Equal(["wtmp0702"], Directory.GetFiles(paths.Sum).Select(Path.GetFileName));
        Assert.True(File.Exists(paths.Fee));
    }

    [Fact]
    public void Nulladm_EmptiesAndMakesPlainFiles_AndNoOthers()
    {
        var full = folder.File("full", "x");
        var link = folder.Of("link");
        File.CreateSymbolicLink(link, folder.File("other", "kept"));
        Assert.Equal((0, ""), Run(RemoveApplet.CreateNull, full, folder.Of("new")));
        Assert.Equal(0, new FileInfo(full).Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.Of("new")));
        var (code, errors) = Run(RemoveApplet.CreateNull, link, folder.Path, folder.Of("last"));
        Assert.Equal(1, code);
        Assert.Equal(2, errors.Split("no plain file").Length - 1);
        Assert.Equal("kept", File.ReadAllText(folder.Of("other")));
        Assert.True(File.Exists(folder.Of("last")));
        Assert.Equal(2, Run(RemoveApplet.CreateNull, "/var/log/wtmp").Code);
        Assert.Equal(1, Run(RemoveApplet.CreateNull, folder.Of("no/such")).Code);
    }

    private static (int Code, string Errors) Run(Func<ReportIo, AppletCommand> create, params string[] arguments)
    {
        var errors = new StringWriter();
        var parsed = create(new(Stream.Null, Stream.Null, errors, TimeProvider.System)).Parse(arguments);
        Assert.Empty(parsed.Errors);
        return (parsed.Invoke(new() { EnableDefaultExceptionHandler = false }), errors.ToString());
    }
}
