// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.Properties;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Capture;

/// <summary>The table beside a host that knows the truth: few pids, so that they are used again all the time.</summary>
public sealed class CgroupTableProperties
{
    private enum Act
    {
        Fork,
        Exec,
        Exit,
        Read,
        Lose,
    }

    private sealed record Step(Act Act, int Who, int What);

    private static Gen<Step> Steps(params Act[] acts) =>
        from act in Gen.Elements(acts)
        from who in Gen.Choose(0, 1_000)
        from what in Gen.Choose(0, 1_000)
        select new Step(act, who, what);

    /// <summary>Events come at once, processes are moved before exec, records are read when it suits.</summary>
    [Fact]
    public void EveryRecord_HasTheGroupOfItsProcess() => Holds.ForAllOf(
        Steps(Act.Fork, Act.Fork, Act.Exec, Act.Exit, Act.Read), 60, 200,
        steps => new Life(late: false).Live(steps));

    /// <summary>Events come in batches, long after; nobody is moved.</summary>
    [Fact]
    public void EveryRecord_HasTheGroupOfItsProcess_WhenEventsWait() => Holds.ForAllOf(
        Steps(Act.Fork, Act.Fork, Act.Exit, Act.Read), 60, 200, steps => new Life(late: true).Live(steps));

    /// <summary>After a loss everything is looked at anew, and what lives then is known again.</summary>
    [Fact]
    public void LostEvents_CostOnlyWhatEndedBefore() => Holds.ForAllOf(
        Steps(Act.Fork, Act.Fork, Act.Fork, Act.Exec, Act.Exit, Act.Exit, Act.Read, Act.Lose), 60, 200,
        steps => new Life(late: false).Live(steps));

    /// <summary>A host of 12 pids. Pid 1 never ends.</summary>
    private sealed class Life(bool late)
    {
        private const int Pids = 12;

        private readonly Dictionary<uint, string> truth = new() { [1] = "init.service" };
        private readonly List<Action<FakeHost>> waiting = [];
        private readonly List<(uint Pid, string Group)> records = [];

        public bool Live(Step[] steps)
        {
            using var host = new FakeHost();
            host.Lives(1, "/init.service");
            host.Table.Scan(() => host.Now);
            foreach (var step in steps)
            {
                host.Now++;
                Take(host, step);
                if (step.Act == Act.Read && !ReadAll(host))
                {
                    return false;
                }

                if (!late)
                {
                    Deliver(host);
                }
            }

            // What is left is exactly what lives: nothing leaks.
            return ReadAll(host) && host.Table.Count == truth.Count;
        }

        private void Take(FakeHost host, Step step)
        {
            var pid = truth.Keys.Order().ElementAt(step.Who % truth.Count);
            switch (step.Act)
            {
                case Act.Fork when truth.Count < Pids:
                    var free = Enumerable.Range(1, Pids).Select(number => (uint)number)
                        .Where(number => !truth.ContainsKey(number)).ToArray();
                    var child = free[step.What % free.Length];
                    truth[child] = truth[pid];
                    host.Lives(child, $"/{truth[child]}");
                    Happens(host => host.Fork(pid, child));
                    break;
                case Act.Exec when pid != 1:
                    truth[pid] = $"g{step.What % 4}.service";
                    host.Lives(pid, $"/{truth[pid]}");
                    Happens(host => host.Exec(pid));
                    break;
                case Act.Exit when pid != 1:
                    records.Add((pid, truth[pid]));
                    truth.Remove(pid);
                    host.Lives(pid, null);
                    Happens(host => host.Exit(pid, gone: false));
                    break;
                case Act.Lose:
                    // Of what ended before nobody asks: the capture knows the time of the scan.
                    waiting.Clear();
                    records.Clear();
                    host.Table.Scan(() => host.Now);
                    break;
                default:
                    break;
            }
        }

        private void Happens(Action<FakeHost> act) => waiting.Add(act);

        private void Deliver(FakeHost host)
        {
            foreach (var act in waiting)
            {
                act(host);
            }

            waiting.Clear();
        }

        private bool ReadAll(FakeHost host)
        {
            Deliver(host);
            foreach (var (pid, group) in records)
            {
                if (host.Record(pid) != group)
                {
                    return false;
                }
            }

            records.Clear();
            return true;
        }
    }
}
