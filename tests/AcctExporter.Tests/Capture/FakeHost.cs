// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Kernel;
using AcctExporter.Ledger;
using AcctExporter.Records;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Capture;

/// <summary>
/// A host of a test: processes in a folder that stands for /proc (in memory: thousands of files come and go), events as
/// the kernel would send them.
/// </summary>
internal sealed class FakeHost : IDisposable
{
    private const long Second = 1_000_000_000;

    private readonly string root =
        $"{(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath())}/proc-test-{Guid.NewGuid():N}";
    private readonly ProcessCgroups files;

    public FakeHost(int processes = CgroupTable.Most, int numbers = CgroupScopes.Most)
    {
        Directory.CreateDirectory(root);
        files = new ProcessCgroups(root);
        Scopes = new CgroupScopes(OptionalLabels.Unit, numbers);
        Table = new CgroupTable(files, Scopes, processes);
    }

    public CgroupScopes Scopes { get; }

    public CgroupTable Table { get; }

    /// <summary>The monotonic clock; not 0, when nothing ever happened.</summary>
    public long Now { get; set; } = 100 * Second;

    /// <summary>A process lives in a group; without one, it is gone.</summary>
    public void Lives(uint pid, string? path)
    {
        Directory.CreateDirectory($"{root}/{pid}");
        if (path is null)
        {
            File.Delete($"{root}/{pid}/cgroup");
            return;
        }

        File.WriteAllText($"{root}/{pid}/cgroup", $"0::{path}\n");
    }

    public void Fork(uint parent, uint child) => Apply(1, parent, parent, child, child);

    public void Exec(uint pid) => Apply(2, pid, pid);

    public void Exit(uint pid, bool gone = true)
    {
        if (gone)
        {
            Lives(pid, null);
        }

        Apply(0x8000_0000, pid, pid, 0, 17, 1, 1);
    }

    public void Pass(int seconds)
    {
        Now += seconds * Second;
        Table.Tick(Now);
    }

    public void Apply(uint what, params ReadOnlySpan<uint> part) =>
        Table.Apply(ProcessEvent.Read(ProcessEventTests.Message(what, (ulong)Now, part)));

    /// <summary>The unit that the record of a process gets.</summary>
    public string Record(uint pid) => Scopes[Table.TakeForRecord(pid)].Unit;

    public void Dispose()
    {
        files.Dispose();
        Directory.Delete(root, recursive: true);
    }
}
