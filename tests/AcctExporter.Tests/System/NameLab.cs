// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// A <see cref="FaultLab"/> with users and groups of its own: its /etc/passwd, /etc/group and /etc/nsswitch.conf are
/// seen inside only, and behind the files there is a directory that does what the test says (tests/tools/nss_slow.c).
/// </summary>
internal sealed class NameLab : IDisposable
{
    public const string Root = "root:x:0:0::/:/bin/sh\n";

    private readonly FaultLab lab = new();

    /// <param name="services">Where names are looked for, in the words of nsswitch.conf(5).</param>
    public NameLab(string services = "files slow")
    {
        Users(Root);
        Groups("root:x:0:\n");
        Mount("nsswitch.conf", $"passwd: {services}\ngroup: {services}\n");
        Mount("passwd");
        Mount("group");
        Directory("answer");
    }

    /// <summary>Where files of the test may be.</summary>
    public FaultLab Lab => lab;

    /// <summary>The lines of /etc/passwd, from now on.</summary>
    public void Users(string lines) => File.WriteAllText(lab.Of("passwd"), lines);

    /// <summary>One user by number and name.</summary>
    public static string User(uint uid, string name) => $"{name}:x:{uid}:{uid}::/:/bin/sh\n";

    /// <summary>The lines of /etc/group, from now on.</summary>
    public void Groups(string lines) => File.WriteAllText(lab.Of("group"), lines);

    /// <summary>What the directory does from now on: a line of tests/tools/nss_slow.c.</summary>
    public void Directory(string order)
    {
        // As one act: the module must not read half of it.
        File.WriteAllText(lab.Of("order.new"), order + "\n");
        File.Move(lab.Of("order.new"), lab.Of("order"), overwrite: true);
    }

    /// <summary>
    /// Starts an agent that asks the directory, and waits until it is ready. It has no HOME, as a service has none:
    /// what a library may ask the directory for in its place, it asks for here too.
    /// </summary>
    public AgentProcess Serve(params string[] flags) => FaultLab.Ready(lab.StartThrough(
        ["env", "-u", "HOME", $"LD_LIBRARY_PATH={Tools.SlowDirectory}", $"NSS_SLOW={lab.Of("order")}"], flags));

    /// <summary>Processes end, and one called <c>named</c> of root after them; returns how many in all.</summary>
    public int End(params (uint Id, string Command, int Count)[] processes) => End(
        [.. processes.Select(one => (one.Id, one.Id, Encoding.UTF8.GetBytes(one.Command), one.Count))]);

    /// <summary>The same with groups of their own, and names of any bytes.</summary>
    public int End(params (uint Uid, uint Gid, byte[] Command, int Count)[] processes)
    {
        File.WriteAllLines(lab.Of("list"), processes.Select(one => string.Create(CultureInfo.InvariantCulture,
            $"{one.Uid} {one.Gid} {one.Count} {(one.Command.Length == 0 ? "-" : Convert.ToHexString(one.Command))}")));
        lab.Inside.Run(Tools.Named, "list", lab.Of("list"));
        return processes.Sum(one => one.Count) + 1;
    }

    /// <summary>How long it took until so many exits in all were counted, from now.</summary>
    public static TimeSpan TimeToCount(AgentProcess agent, int exits)
    {
        var clock = Stopwatch.StartNew();
        agent.Until(() => agent.Exits() >= exits, $"{exits} exits");
        var elapsed = clock.Elapsed;
        Assert.Equal(exits, agent.Exits());
        return elapsed;
    }

    /// <summary>Every pair, as <c>user/command=exits</c> or <c>user:group/command=exits</c>, sorted.</summary>
    public static string Pairs(Scraped scrape, Func<string, bool>? user = null) => string.Join(' ', scrape.Series
        .Where(one => one.Key.StartsWith("acct_process_exits_total{", StringComparison.Ordinal))
        .Select(one => (Labels: Scraped.Labels(one.Key), one.Value))
        .Where(one => user?.Invoke(one.Labels["user"]) != false)
        .Select(one => $"{one.Labels["user"]}{Group(one.Labels)}/{one.Labels["command"]}={one.Value}")
        .Order(StringComparer.Ordinal));

    /// <summary>The pairs of all users but root.</summary>
    public static string UserPairs(AgentProcess agent) => Pairs(agent.Scrape(), user => user is not ("root" or "0"));

    public static double Timeouts(AgentProcess agent) => agent.Own("user_lookup_timeouts");

    public void Dispose() => lab.Dispose();

    private static string Group(Dictionary<string, string> labels) =>
        labels.TryGetValue("group", out var group) ? $":{group}" : "";

    private void Mount(string name, string? content = null)
    {
        if (content is not null)
        {
            File.WriteAllText(lab.Of(name), content);
        }

        lab.Inside.RunBeside("mount", "--bind", lab.Of(name), $"/etc/{name}");
    }
}
