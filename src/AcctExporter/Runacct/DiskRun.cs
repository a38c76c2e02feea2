// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// The disk run (<c>dodisk</c>): walks over file systems, and leaves what each user has on them for the next daily run:
/// <c>dtmp</c>, <c>nite/disksample</c> and, last, <c>nite/disktacct</c>. Each is replaced whole or stays as it was.
/// <c>diskdiag</c> has what was said.
/// </summary>
/// <param name="options">The suite's settings.</param>
/// <param name="run">What to look at.</param>
/// <param name="clock">What time it is.</param>
/// <param name="say">Takes messages, a line each.</param>
internal sealed class DiskRun(RunOptions options, DiskRunOptions run, TimeProvider clock, Action<string> say)
{
    private readonly SuitePaths paths = options.Paths;
    private readonly List<string> said = [];
    private readonly DiskUsage total = new();
    private readonly List<DiskSample> samples = [];

    /// <summary>Names of owners: those of this host.</summary>
    public DiskOwners Owners { get; init; } = DiskOwners.OfHost();

    /// <summary>Users with login directories: those of this host.</summary>
    public Func<IEnumerable<UserEntry>> Users { get; init; } = UserEntry.OfHost;

    /// <summary>What was found, by file system and user; good when it was written.</summary>
    public IReadOnlyList<DiskSample> Samples => samples;

    /// <summary>Does it.</summary>
    /// <param name="stop">Ends it early: what was there before stands.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public DiskRunResult Run(CancellationToken stop)
    {
        paths.MakeFolders();
        using var held = AccountingLock.TryTake(paths.DiskLock, out var holder);
        if (held is null)
        {
            say($"{paths.DiskLock} is held by {(holder is null ? "another process" : "process " + holder)}: "
                + "a disk run is at work. Nothing was changed; wait for its end");
            return DiskRunResult.Locked;
        }

        var result = Walk(stop);
        if (result != DiskRunResult.Failed)
        {
            SuiteFile.Put(paths.Dtmp, output => DiskReport.Write(output, ReportFormat.Text, Charged()));
            SuiteFile.Put(paths.DiskSample, DiskSampleFile.Format(samples));
            SuiteFile.Put(paths.DiskTacct, output => TacctFile.Write(output, Charges()));
        }
        else
        {
            Say("nothing was charged: the files of the last disk run stand");
        }

        SuiteFile.Put(paths.DiskDiag, output =>
        {
            using var text = new StreamWriter(output, leaveOpen: true);
            said.ForEach(text.WriteLine);
        });
        return result;
    }

    private DiskRunResult Walk(CancellationToken stop)
    {
        var roots = Roots();
        roots.Notes.ForEach(Say);
        if (roots.Paths.Count == 0)
        {
            Say("there is no local file system that is mounted to be written to: name what to walk over");
            return DiskRunResult.Failed;
        }

        var scan = new DiskScan(run.LinkShare ? new HomeFolders(Users(), UserEntry.RealPath) : null);
        var faults = 0L;
        foreach (var root in roots.Paths)
        {
            var usage = new DiskUsage();
            var walk = scan.Walk(root, usage, stop);
            if (walk.RootErrno != 0)
            {
                Say(DiskFaultText.OfRoot(root, walk.RootErrno));
                return DiskRunResult.Failed;
            }

            foreach (var fault in DiskFaultText.Of(walk.Faults))
            {
                Say(fault);
            }

            faults += walk.Faults.Count;
            Sample(root, usage);
            total.Add(usage);
        }

        if (Owners.Failures > 0)
        {
            Say($"the user database did not answer for {Owners.Failures} owners: they are charged by their numbers");
        }

        return faults > 0 ? DiskRunResult.WithFaults : DiskRunResult.Done;
    }

    private DiskRoots Roots()
    {
        var named = run.Paths.Count > 0 ? run.Paths : [.. options.Suite.DiskPaths.Select(Encoding.UTF8.GetBytes)];
        return named.Count > 0 ? DiskRoots.Of(named, run.CrossesMounts)
            : run.CrossesMounts ? DiskRoots.Of(["/"u8.ToArray()], crosses: true) : DiskRoots.Local();
    }

    private void Sample(byte[] root, DiskUsage usage)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var before = samples.Count;
        foreach (var (uid, bytes, _) in usage.ByUser())
        {
            if (!run.Compat || Owners.NameOf(uid) != null)
            {
                samples.Add(new(now, root, uid, Owners.NameOrNumber(uid), bytes));
            }
        }

        if (samples.Count == before)
        {
            samples.Add(new(now, root, 0, [], 0));
        }
    }

    private IEnumerable<(DiskCharge Charge, byte[] Name)> Charged() => total.ByUser()
        .Where(user => !run.Compat || Owners.NameOf(user.Uid) != null)
        .Select(user => (user, Owners.NameOrNumber(user.Uid)));

    private UserTable<TacctSums> Charges()
    {
        var table = new UserTable<TacctSums>();
        foreach (var (charge, name) in Charged())
        {
            table.Of(charge.Uid, name).Add(new TacctSums { DiskBytes = charge.Bytes, DiskSamples = 1 });
        }

        return table;
    }

    private void Say(string line)
    {
        said.Add(line);
        say(line);
    }
}
