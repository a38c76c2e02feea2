// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.InteropServices;
using AcctExporter.Kernel;
using AcctExporter.Tests.Web;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// Once its sources are open, every thread of a real agent has the few rights that the configuration goes on needing,
/// and what it was started for works on.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class FewerRightsTests : IDisposable
{
    private const string Needed = "+sys_pacct,+net_admin,+sys_ptrace,+lease,+dac_read_search";

    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void Root_KeepsOneCapability_InEveryThread()
    {
        var agent = lab.Serve("--accounting.on-exit=off");
        Assert.Contains("capabilities from now on: CAP_SYS_PACCT\"", agent.Log);
        Has(agent, "CAP_SYS_PACCT");
        Assert.All(Threads(agent), thread => Assert.Equal(thread["CapPrm"], thread["CapBnd"]));

        // It counts, goes to new segments, and ends as it should.
        lab.Exit(40);
        agent.HasCounted(40);
        Assert.True(agent.IsActive());
        Assert.Equal(0, agent.Stop());
        Assert.Contains("accounting is off again", agent.Log);
    }

    /// <summary>As a unit with AmbientCapabilities= starts it.</summary>
    [Fact]
    public void UserWithAmbientCapabilities_KeepsOne()
    {
        File.SetUnixFileMode(lab.State, (UnixFileMode)0x1ff); // 0777
        // Where another program's accounting file is, it keeps what it takes to look at that.
        lab.Inside.RunBeside("mount", "-t", "tmpfs", "none", "/var/log");
        var agent = FaultLab.Ready(lab.StartThrough(
            [.. FaultLab.AsNobody, $"--inh-caps={Needed}", $"--ambient-caps={Needed}", $"--bounding-set=-all,{Needed}"],
            "--logins.source=off"));
        Has(agent, "CAP_SYS_PACCT");
        lab.Exit(30);
        agent.HasCounted(30);
    }

    /// <summary>A mount namespace that ends, a theft, a full segment, a reload: all with what is left.</summary>
    [Fact]
    public void Accounting_IsTakenBack_AndGoesToNewSegments()
    {
        var config = lab.File("agent.yml");
        var agent = FaultLab.Ready(lab.StartThrough(
            ["unshare", "--mount"], $"--config.file={config}", "--accounting.segment-size=4096"));
        Has(agent, "CAP_SYS_PACCT");
        lab.Exit(200);
        agent.HasCounted(200);
        Assert.True(agent.Own("rotations") > 0);

        lab.Inside.Run("accton", lab.File("thief"));
        agent.Until(() => agent.Own("accounting_taken") == 1 && agent.IsActive(), "taken back");

        agent.Signal("HUP");
        agent.Until(() => agent.Log.Contains("the configuration was read anew", StringComparison.Ordinal), "read anew");
        Has(agent, "CAP_SYS_PACCT");
    }

    /// <summary>The program lies where root may go only by passing over modes, as in the clone of a user.</summary>
    [Fact]
    public void ProgramInAnothersFolder_KeepsTheRightToReadIt()
    {
        var agent = FaultLab.Ready(lab.StartThrough(FromFolderOf("65534")));
        Has(agent, "CAP_DAC_READ_SEARCH", "CAP_SYS_PACCT");
        lab.Exit(30);
        agent.HasCounted(30);
    }

    /// <summary>Root without CAP_DAC_OVERRIDE reads no key of another user's: it keeps the right to.</summary>
    [Fact]
    public void KeyOfAnother_KeepsTheRightToReadIt()
    {
        using var server = TestCertificate.Server();
        File.WriteAllText(lab.Of("s.crt"), server.Pem);
        File.WriteAllText(lab.Of("s.key"), server.KeyPem);
        File.WriteAllText(lab.Of("web.yml"), "tls_server_config: {cert_file: s.crt, key_file: s.key}\n");
        File.SetUnixFileMode(lab.Of("s.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        lab.Inside.RunBeside("chown", "65534", lab.Of("s.key"));
        var agent = lab.Start($"--web.config.file={lab.Of("web.yml")}");
        Assert.StartsWith("https://", agent.Address, StringComparison.Ordinal);
        Has(agent, "CAP_DAC_READ_SEARCH", "CAP_SYS_PACCT");
    }

    /// <summary>Without /sys, as in a bare chroot, registering for taskstats has no list of CPUs.</summary>
    [Fact]
    public void WithoutSys_ItCounts_AndSaysWhatIsMissing()
    {
        lab.Inside.RunBeside("mount", "-t", "tmpfs", "none", "/sys");
        var agent = lab.Serve();
        Assert.Contains("mount -t sysfs", agent.Log, StringComparison.Ordinal);
        lab.Exit(30);
        agent.HasCounted(30);
    }

    [Fact]
    public void FolderOfAnother_IsRefused_WithTheWayOut()
    {
        Directory.CreateDirectory(lab.Of("storage"), (UnixFileMode)0x1c0); // 0700
        lab.Inside.RunBeside("chown", "65534", lab.Of("storage"));
        var agent = lab.Start();
        Assert.Equal(1, agent.WaitForEnd());
        Assert.Contains($"user 0 may not write in {lab.Of("storage")}, which is another's", agent.Log);
        Assert.Contains("--storage.path", agent.Log);
        Assert.Empty(Directory.GetFileSystemEntries(lab.Of("storage")));
    }

    /// <summary>But one that is missing is made, wherever it is to be.</summary>
    [Fact]
    public void MissingFolder_IsMade_InAnothers()
    {
        Directory.CreateDirectory(lab.Of("home"), (UnixFileMode)0x1ed); // 0755
        lab.Inside.RunBeside("chown", "65534", lab.Of("home"));
        var agent = lab.Serve($"--storage.path={lab.Of("home/state")}", $"--accounting.path={lab.Of("home/run")}");
        Has(agent, "CAP_SYS_PACCT");
        lab.Exit(30);
        agent.HasCounted(30);
    }

    /// <summary>A filter of system calls that refuses capset(2): the agent says so and counts.</summary>
    [Fact]
    public void RefusedCapset_IsSaid_AndCountingGoesOn()
    {
        var agent = FaultLab.Ready(lab.StartThrough(RefusingCapset()));
        Assert.Contains("could not be given up: capset: Operation not permitted", agent.Log);
        lab.Exit(30);
        agent.HasCounted(30);
    }

    /// <summary>Only its own program is given the descriptors: a text from elsewhere is nothing.</summary>
    [Theory]
    [InlineData("1;directory,0,1,2F,")]
    [InlineData("0")]
    [InlineData("x;taskstats,9,9,9;;,")]
    public void ForgedHandOver_IsNothing(string text)
    {
        var agent = FaultLab.Ready(lab.StartThrough(["env", $"_ACCT_EXPORTER_OPENED={text}"]));
        Has(agent, "CAP_SYS_PACCT");
        lab.Exit(30);
        agent.HasCounted(30);
    }

    /// <summary>Where nothing is held, nothing is given up, and it starts once.</summary>
    [Fact]
    public void WithoutCapabilities_ItStartsOnce()
    {
        var agent = lab.FollowAsNobody(lab.File("pacct"));
        Assert.DoesNotContain("_ACCT_EXPORTER_OPENED", File.ReadAllText($"/proc/{agent.Pid}/environ"));
        Assert.Contains("capabilities from now on: none", agent.Log);
    }

    /// <summary>No door for debuggers is left open for programs of the same user, nor one that leads nowhere.</summary>
    [Fact]
    public void NoDoors_AreLeftInTmp()
    {
        var doors = lab.Of("doors");
        Directory.CreateDirectory(doors);
        var agent = FaultLab.Ready(lab.StartThrough(["env", $"TMPDIR={doors}"]));
        Assert.Empty(Directory.GetFileSystemEntries(doors));
        Assert.Equal(0, agent.Stop());
    }

    private string[] FromFolderOf(string user)
    {
        var home = lab.Of("home");
        Directory.CreateDirectory(Path.Combine(home, "app"), (UnixFileMode)0x1ed); // 0755
        lab.Inside.RunBeside("mount", "--bind", AppContext.BaseDirectory, Path.Combine(home, "app"));
        lab.Inside.RunBeside("chown", user, home);
        lab.Inside.RunBeside("chmod", "0700", home);
        return ["sh", "-c", $"shift; exec {home}/app/acct-exporter \"$@\"", "sh"];
    }

    /// <summary>A program that refuses capset(2) with EPERM (seccomp(2)) to itself and to what it becomes.</summary>
    private static string[] RefusingCapset()
    {
        var arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        // Load the number; equal: errno 1; else allowed. struct sock_filter is 8 bytes, struct sock_fprog 16.
        var program = $"my $f = pack('SCCL', 0x20, 0, 0, 0) . pack('SCCL', 0x15, 0, 1, {(arm ? 91 : 126)})"
            + " . pack('SCCL', 6, 0, 0, 0x50001) . pack('SCCL', 6, 0, 0, 0x7fff0000);"
            + " my $p = pack('Sx6P', 4, $f);"
            + $" syscall({(arm ? 167 : 157)}, 22, 2, $p, 0, 0) == 0 or die $!; exec @ARGV or die $!;";
        return ["perl", "-e", program];
    }

    private static void Has(AgentProcess agent, params string[] names)
    {
        var wanted = names.Aggregate(0UL, (bits, name) => bits | 1UL << CapabilitySets.Number(name));
        var threads = Threads(agent);
        Assert.True(threads.Count > 3);
        Assert.All(threads, thread =>
        {
            foreach (var set in (string[])["CapPrm", "CapEff", "CapInh", "CapAmb"])
            {
                var held = ulong.Parse(thread[set], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                Assert.Equal(CapabilitySets.Text(wanted), CapabilitySets.Text(held));
            }

            Assert.Equal("1", thread["NoNewPrivs"]);
        });
    }

    private static List<Dictionary<string, string>> Threads(AgentProcess agent) =>
    [
        .. Directory.GetDirectories($"/proc/{agent.Pid}/task").Select(thread => File.ReadLines($"{thread}/status")
            .Select(line => line.Split(':', 2)).ToDictionary(field => field[0], field => field[1].Trim())),
    ];
}
