// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Tests.Capture;

/// <summary>
/// What is known of the processes of a tape from whoever started them (the lines are those of
/// Fixtures/tape/README.md), against what the agent makes of the tape.
/// </summary>
internal sealed class TapeTruth
{
    /// <summary>After an era's begin messages are set aside for a second, and for one pass.</summary>
    private const long Quarantine = 1_300_000;

    private const long TickMicroseconds = 10_000;

    private readonly string[][] lines;
    private readonly TapePlayer player;
    private readonly List<(ProcessExit Exit, TaskFigures Figures, byte[] Raw)> journal;
    private readonly HashSet<int> taken = [];

    public TapeTruth(TapePlayer player, IEnumerable<string> lines)
    {
        this.player = player;
        this.lines = [.. lines.Select(line => line.Split(' '))];
        journal = player.Journal();
    }

    /// <summary>How many of the processes that are known were joined, and how many were not.</summary>
    public (int Joined, int Unjoined) Known { get; private set; }

    /// <summary>Every record of the tape is counted once, and what is not joined is counted as such.</summary>
    public void RecordsAreCountedOnce(Tape tape)
    {
        var raw = journal.SelectMany(one => one.Raw).ToArray();
        Assert.Equal(tape.File[..raw.Length], raw);
        Assert.InRange(tape.File.Length - raw.Length, 0, 2 * AcctRecord.Size);
        var snapshot = new LedgerSnapshot();
        player.Store.Store.Ledger.CopyTo(snapshot);
        Assert.Equal((ulong)journal.Count, snapshot.Host.Exits);
        Assert.Equal((ulong)journal.Count(one => !one.Figures.IsKnown), snapshot.Tallies[Tallies.Unenriched]);
        Assert.Equal((ulong)journal.Count(one => one.Figures.IsIncomplete), snapshot.Tallies[Tallies.Incomplete]);
        Assert.Equal(
            journal.Aggregate(0UL, (sum, one) => sum + one.Figures.WrittenBytes), snapshot.HostTasks.WrittenBytes);
    }

    /// <summary>Whatever was joined has the name, bytes and times of the process that it is.</summary>
    public void JoinedProcessesAreThemselves()
    {
        foreach (var line in lines)
        {
            if (line[0] == "process")
            {
                Check(line);
            }
            else
            {
                CheckChildren(line);
            }
        }
    }

    /// <summary>Exits of processes that began when the first quarantine was over, and that are not joined.</summary>
    public int Missed(Tape tape)
    {
        var missed = 0;
        var (from, index) = (tape.Passes[0].At + Quarantine, 0);
        var previous = tape.Passes[0].At;
        foreach (var pass in tape.Passes)
        {
            for (var record = 0; record < pass.Grown.Length / AcctRecord.Size && index < journal.Count; record++)
            {
                var (exit, figures, _) = journal[index++];
                var begin = previous - (long)exit.ElapsedMicroseconds;
                missed += begin > from && !figures.IsKnown ? 1 : 0;
            }

            previous = pass.At;
        }

        return missed;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>What is not joined bears the name of the thread that ended last.</summary>
    private static bool IsNamed(in ProcessExit exit, string name, bool byThread) =>
        NameOf(exit) == name || (byThread && NameOf(exit).StartsWith("worker-", StringComparison.Ordinal));

    private static string NameOf(in ProcessExit exit)
    {
        Span<byte> name = stackalloc byte[CommandName.Size];
        return Encoding.Latin1.GetString(name[..exit.Command.CopyTo(name)]);
    }

    /// <summary>process PID NAME STATUS THREADS WRITTEN_KIB MOST_US CPU_US</summary>
    private void Check(string[] line)
    {
        var (pid, status, threads, kib) = (Number(line[1]), Number(line[3]), Number(line[4]), Number(line[5]));
        var (atMost, cpu) = (Number(line[6]), Number(line[7]));
        // Generators have the name of their children, who never execute a program: those alone have a CPU time.
        var forked = cpu >= 0 ? AcctFlags.ForkedWithoutExec : AcctFlags.None;
        var index = Enumerable.Range(0, journal.Count).FirstOrDefault(at => !taken.Contains(at)
            && journal[at].Exit.Pid == pid && journal[at].Exit.ExitCode == status
            && (journal[at].Exit.Flags & AcctFlags.ForkedWithoutExec) == forked
            && IsNamed(journal[at].Exit, line[2], threads > 1 && !journal[at].Figures.IsKnown), -1);
        var text = string.Join(' ', line);
        Assert.True(index >= 0, $"no exit of {text}");
        taken.Add(index);
        var (exit, figures, _) = journal[index];
        var elapsed = (long)exit.ElapsedMicroseconds;
        Assert.True(elapsed <= atMost + TickMicroseconds, $"{text}: took {elapsed} us");
        Known = figures.IsKnown ? (Known.Joined + 1, Known.Unjoined) : (Known.Joined, Known.Unjoined + 1);
        if (!figures.IsKnown || figures.IsIncomplete)
        {
            return;
        }

        Assert.True(kib < 0 || figures.WrittenBytes == (ulong)kib << 10, $"{text}: wrote {figures.WrittenBytes} bytes");
        if (cpu >= 0)
        {
            // A thread is seen by ticks of 4 ms: none is wrong by more than two, this or that way.
            var (found, doubt) = ((long)(exit.UserMicroseconds + exit.SystemMicroseconds), 8_000 * threads);
            Assert.True(Math.Abs(found - cpu) <= doubt + (cpu / 4), $"{text}: used {found} us");
        }
    }

    /// <summary>children PPID UID xNAME_IN_HEX COUNT SIGNALLED</summary>
    private void CheckChildren(string[] line)
    {
        var all = journal.Where(one => one.Exit.Ppid == Number(line[1]) && one.Exit.Uid == Number(line[2])
            && "x" + Convert.ToHexStringLower(Encoding.Latin1.GetBytes(NameOf(one.Exit))) == line[3]).ToArray();
        Assert.Equal(Number(line[4]), all.Length);
        Assert.Equal(Number(line[5]), all.Count(one => (one.Exit.ExitCode & 0x7f) != 0));
        Assert.All(all, one => Assert.Equal(0UL, one.Figures.WrittenBytes));
    }
}
