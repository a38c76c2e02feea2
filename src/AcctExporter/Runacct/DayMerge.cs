// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// The states MERGE, FEES, DISK and QUEUEACCT: <c>nite/daytacct</c>. Each makes it anew of all that belongs to it so
/// far, so that nothing is added twice.
/// </summary>
/// <param name="context">The day.</param>
internal sealed class DayMerge(DayContext context)
{
    /// <summary>The group of a user whom this host does not know.</summary>
    private const uint NoGroup = uint.MaxValue;

    /// <summary>Writes it as it is behind a state.</summary>
    /// <returns>How that state came out.</returns>
    /// <exception cref="RunFault">One of the files that it is made of is damaged.</exception>
    /// <exception cref="IOException">Something cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public string Do(RunState state)
    {
        var (processes, rest) = (new UserTable<TacctSums>(), new UserTable<TacctSums>());
        var has = Merge(processes, rest, state == RunState.Merge);
        for (var step = RunState.Fees; step <= state; step++)
        {
            has = step switch
            {
                RunState.Fees => AddFees(rest, step == state),
                RunState.Disk => TacctFiles.Add(
                    context.Nite("disktacct"), rest, ": move it away, and go on; dodisk makes another"),
                _ => AddPrints(rest, step == state),
            };
        }

        if (context.Options.Suite.Groups)
        {
            Put(GroupsPath(context), OfGroups(rest));
        }

        foreach (var (uid, name, sums) in rest.Sorted())
        {
            processes.Of(uid, name).Add(sums);
        }

        Put(context.Paths.DayTacct, processes);
        return has ? StateOutcome.Ok : StateOutcome.Empty;
    }

    /// <summary>The same by group.</summary>
    public static string GroupsPath(DayContext context) => Path.Combine(context.Paths.Nite, "gdaytacct");

    private static void Put(string path, UserTable<TacctSums> sums) =>
        SuiteFile.Put(path, file => TacctFile.Write(file, sums));

    /// <summary>Processes by the group that each ran as, the rest by the user's own group.</summary>
    private UserTable<TacctSums> OfGroups(UserTable<TacctSums> rest)
    {
        var groups = new UserTable<TacctSums>();
        foreach (var (_, path) in DayProcess.Stage(context).Files(ProcessStage.GroupsName, context.Day))
        {
            TacctFiles.Add(path, groups, Remedy(RunState.Process));
        }

        foreach (var (uid, _, sums) in rest.Sorted())
        {
            var gid = UserDatabase.TryGetPrimaryGroup(uid, out var known, out _) ? known : NoGroup;
            groups.Of(gid, NamesOfHost.Group(gid)).Add(sums);
        }

        return groups;
    }

    private bool Merge(UserTable<TacctSums> processes, UserTable<TacctSums> rest, bool tells)
    {
        var has = TacctFiles.Add(context.Nite("ctacct"), rest, Remedy(RunState.Connect));
        if (!has && tells)
        {
            Missing(context.Nite("ctacct"), RunState.Connect);
        }

        var parts = DayProcess.Stage(context).Files(ProcessStage.UsersName, context.Day);
        foreach (var (_, path) in parts)
        {
            TacctFiles.Add(path, processes, Remedy(RunState.Process));
        }

        if (parts.Count == 0 && tells)
        {
            Missing(context.Nite("ptacct1"), RunState.Process);
        }

        return has && parts.Count > 0;
    }

    private string Remedy(RunState maker) =>
        $": go on with `runacct {context.Mmdd} {RunMarks.WordOf(maker)}`, which makes it anew";

    private void Missing(string path, RunState maker) => context.Log.Warn(
        $"{path} is not there: {RunMarks.WordOf(maker)} was left out, and what it charges is missing in this day");

    private bool AddFees(UserTable<TacctSums> day, bool tells)
    {
        var bad = new List<long>();
        var has = false;
        using (var file = SuiteFile.TryOpen(context.Nite("fee")))
        {
            has = file is not null && FeeFile.Read(file, day, bad.Add) > 0;
        }

        var folder = context.Nite("fees");
        var drop = Directory.Exists(folder) ? FeeDrop.Read(folder, DaySetup.UidOf, day) : default;
        if (tells)
        {
            TellBad(context.Nite("fee"), bad, "is no charge");
            if (drop.Rejected > 0)
            {
                context.Log.Warn($"{folder}: {drop.Rejected} lines are no charges, the first: {drop.FirstReason}");
            }
        }

        return has || drop.Charges > 0;
    }

    private bool AddPrints(UserTable<TacctSums> day, bool tells)
    {
        var bad = new List<long>();
        using var file = SuiteFile.TryOpen(context.Nite("qacct"));
        var has = file is not null && QacctFile.Read(file, day, bad.Add) > 0;
        if (tells)
        {
            TellBad(context.Nite("qacct"), bad, "is no printed job");
        }

        return has;
    }

    private void TellBad(string path, List<long> lines, string what)
    {
        if (lines.Count > 0)
        {
            var more = lines.Count > 1 ? $" and {lines.Count - 1} more" : "";
            context.Log.Warn($"{path}: line {lines[0]}{more} {what}: left out");
        }
    }
}
