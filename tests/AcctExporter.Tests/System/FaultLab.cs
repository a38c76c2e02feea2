// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// What a test of a fault needs: a namespace with accounting of its own, a directory for the agent's state, agents that
/// end with the test, and exits whose number is known.
/// </summary>
internal sealed class FaultLab : IDisposable
{
    /// <summary>Where Debian's acct keeps accounting; see <see cref="MountUsualFile"/>.</summary>
    public const string UsualFile = "/var/log/account/pacct";

    /// <summary>Runs a program as a user without any privilege.</summary>
    public static readonly string[] AsNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

    private readonly TemporaryDirectory temporary = new();
    private readonly List<AgentProcess> agents = [];

    /// <summary>The namespace.</summary>
    public AccountingNamespace Inside { get; } = new();

    /// <summary>Holds <c>segments</c> and <c>storage</c>, and whatever else the test wants.</summary>
    public string State => temporary.Path;

    /// <summary>A path in <see cref="State"/>.</summary>
    public string Of(string name) => temporary.Of(name);

    /// <summary>An empty file in <see cref="State"/>, as an accounting file must be there before it is used.</summary>
    public string File(string name) => temporary.File(name);

    /// <summary>Starts an agent inside; it may refuse.</summary>
    public AgentProcess Start(params string[] flags) => Keep(new AgentProcess(Inside, State, null, flags));

    /// <summary>Starts an agent inside and waits until it is ready.</summary>
    public AgentProcess Serve(params string[] flags) => Ready(Start(flags));

    /// <summary>The same through another program: see <see cref="AgentProcess.Through"/>.</summary>
    public AgentProcess StartThrough(string[] wrapper, params string[] flags) =>
        Keep(AgentProcess.Through(wrapper, Inside, State, flags));

    /// <summary>An agent outside of the namespace that follows a file of it.</summary>
    public AgentProcess Follow(string file, params string[] flags) =>
        Ready(Keep(new AgentProcess(null, State, null, [$"--source={file}", .. flags])));

    /// <summary>The same as a user without any privilege.</summary>
    public AgentProcess FollowAsNobody(string file)
    {
        const UnixFileMode forAll = (UnixFileMode)0x1ed; // 0755
        System.IO.File.SetUnixFileMode(State, forAll);
        Directory.CreateDirectory(Of("storage"));
        Inside.RunBeside("chown", "-R", "65534:65534", Of("storage"));
        return Ready(Keep(AgentProcess.Through(AsNobody, null, State, $"--source={file}")));
    }

    /// <summary>Waits until an agent is ready.</summary>
    public static AgentProcess Ready(AgentProcess agent)
    {
        agent.WaitUntilReady();
        return agent;
    }

    /// <summary>So many processes end inside.</summary>
    public void Exit(int count)
    {
        if (count > 20)
        {
            // The storm's own end is one of them.
            Inside.Run(Tools.Storm, "--count", $"{count - 1}", "--cores", "0");
            return;
        }

        for (var i = 0; i < count; i++)
        {
            Inside.Run("true");
        }
    }

    /// <summary>Mounts a small file system on a directory of <see cref="State"/>, seen inside only.</summary>
    public void MountSmall(string name, string size)
    {
        Directory.CreateDirectory(Of(name));
        Inside.RunBeside("mount", "-t", "tmpfs", "-o", $"mode=0700,size={size}", "small", Of(name));
    }

    /// <summary>Makes an empty <see cref="UsualFile"/>, seen inside only.</summary>
    public void MountUsualFile()
    {
        Inside.RunBeside("mount", "-t", "tmpfs", "usual", "/var/log");
        Directory.CreateDirectory(Inside.PathOf(Path.GetDirectoryName(UsualFile)!));
        System.IO.File.WriteAllText(Inside.PathOf(UsualFile), "");
    }

    /// <summary>Leaves only so many blocks free on a small file system.</summary>
    public void Fill(string name, int blocksLeft)
    {
        var path = Inside.PathOf(Of(name));
        System.IO.File.Delete($"{path}/filler");
        Assert.True(FreeSpace.TryRead(path, out var space));
        System.IO.File.WriteAllBytes(
            $"{path}/filler", new byte[((long)space.BlocksAvailable - blocksLeft) * (long)space.BlockBytes]);
    }

    /// <summary>Undoes <see cref="Fill"/>.</summary>
    public void Free(string name) => System.IO.File.Delete($"{Inside.PathOf(Of(name))}/filler");

    /// <summary>The segments that are there now, oldest first, as paths for this process.</summary>
    public string[] Segments()
    {
        var directory = Inside.PathOf(Of("segments"));
        var files = Directory.Exists(directory) ? Directory.GetFiles(directory, "pacct-*") : [];
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    /// <summary>Every good record of an accounting file.</summary>
    public static List<ProcessExit> Records(string file)
    {
        var bytes = System.IO.File.ReadAllBytes(file);
        var exits = new List<ProcessExit>();
        for (var at = 0; at + AcctRecord.Size <= bytes.Length; at += AcctRecord.Size)
        {
            if (AcctRecord.TryReadExit(bytes.AsSpan(at), out var exit) == DecodeStatus.Ok)
            {
                exits.Add(exit);
            }
        }

        return exits;
    }

    public void Dispose()
    {
        foreach (var agent in agents)
        {
            agent.Dispose();
        }

        Inside.Dispose();
        temporary.Dispose();
    }

    private AgentProcess Keep(AgentProcess agent)
    {
        agents.Add(agent);
        return agent;
    }
}

/// <summary>Series of a scrape by what they mean.</summary>
internal static class FaultSeries
{
    public static double Exits(this AgentProcess agent) => agent.Scrape()["acct_exits_total"];

    /// <summary>
    /// So many exits are counted, and no more. A scrape waits 50 ms for the rest; the first may need longer.
    /// </summary>
    public static void HasCounted(this AgentProcess agent, int exits)
    {
        SpinWait.SpinUntil(() => agent.Exits() >= exits, TimeSpan.FromSeconds(10));
        Assert.Equal(exits, agent.Exits());
    }

    public static double Gaps(this AgentProcess agent, string reason) =>
        agent.Scrape()[$"acct_exporter_gaps_total{{reason=\"{reason}\"}}"];

    /// <summary>Gaps for any reason.</summary>
    public static double Gaps(this AgentProcess agent) => agent.Scrape().Sum("acct_exporter_gaps_total");

    public static double Own(this AgentProcess agent, string name) => agent.Scrape()[$"acct_exporter_{name}_total"];

    public static bool IsActive(this AgentProcess agent) => agent.Scrape()["acct_accounting_active"] > 0;
}
