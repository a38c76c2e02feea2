// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Records;
using AcctExporter.Tests.Properties;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Records;

/// <summary>Paths as systemd, the container runtimes and Kubernetes make them.</summary>
public sealed class CgroupPathTests
{
    private const string Id = "4f1c9a0b7d2e8f3a5b6c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f00";
    private const string Outer = "00ffeeddccbbaa99887766554433221100ffeeddccbbaa998877665544332211";
    private const string Short = "4f1c9a0b7d2e";
    private const string Pod = "3f9a2b1c-0d4e-4f5a-8b6c-7d8e9f0a1b2c";
    private const string PodInSlice = "3f9a2b1c_0d4e_4f5a_8b6c_7d8e9f0a1b2c";
    private const string StaticPod = "5b9d1c0e2f3a4b5c6d7e8f9a0b1c2d3e";

    [Theory]
    // systemd
    [InlineData("/", "", "", "")]
    [InlineData("/init.scope", "init.scope", "", "")]
    [InlineData("/system.slice/nginx.service", "nginx.service", "", "")]
    [InlineData("/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service", "", "")]
    [InlineData(@"/system.slice/dev-disk-by\x2duuid.service", @"dev-disk-by\x2duuid.service", "", "")]
    [InlineData("/user.slice/user-1000.slice/session-3.scope", "session-3.scope", "", "")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice/foo.service", "foo.service", "", "")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/init.scope", "init.scope", "", "")]
    [InlineData("/system.slice/containerd.service/below/deeper", "containerd.service", "", "")]
    [InlineData("/machine.slice/machine-deb.scope/payload", "machine-deb.scope", "", "")]
    // Docker, Podman, CRI-O, containerd, nerdctl; drivers with and without systemd
    [InlineData("/system.slice/docker-" + Id + ".scope", "docker-" + Id + ".scope", Short, "")]
    [InlineData("/docker/" + Id, "", Short, "")]
    [InlineData("/docker/" + Id + "/init.scope", "init.scope", Short, "")]
    [InlineData("/machine.slice/libpod-" + Id + ".scope/container", "libpod-" + Id + ".scope", Short, "")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" + Id + ".scope",
        "libpod-" + Id + ".scope", Short, "")]
    [InlineData("/libpod_parent/libpod-" + Id, "", Short, "")]
    [InlineData("/system.slice/web.service/libpod-payload-" + Id, "web.service", Short, "")]
    [InlineData("/system.slice/nerdctl-" + Id + ".scope", "nerdctl-" + Id + ".scope", Short, "")]
    [InlineData("/ecs/0123456789abcdef0123456789abcdef/" + Id, "", Short, "")]
    // The runtime's watcher beside the container is not in it.
    [InlineData("/machine.slice/libpod-conmon-" + Id + ".scope", "libpod-conmon-" + Id + ".scope", "", "")]
    [InlineData("/machine.slice/crio-conmon-" + Id + ".scope", "crio-conmon-" + Id + ".scope", "", "")]
    // Kubernetes
    [InlineData("/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + PodInSlice
        + ".slice/cri-containerd-" + Id + ".scope", "cri-containerd-" + Id + ".scope", Short, Pod)]
    [InlineData("/kubepods.slice/kubepods-pod" + PodInSlice + ".slice/crio-" + Id + ".scope",
        "crio-" + Id + ".scope", Short, Pod)]
    [InlineData("/kubepods/besteffort/pod" + Pod + "/" + Id, "", Short, Pod)]
    [InlineData("/kubepods/pod" + Pod, "", "", Pod)]
    [InlineData("/kubepods/burstable/pod" + StaticPod + "/" + Id, "", Short, StaticPod)]
    [InlineData("/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort-pod" + PodInSlice
        + ".slice/cri-containerd-" + Id + ".scope", "cri-containerd-" + Id + ".scope", Short, Pod)]
    [InlineData("/system.slice/containerd.service/kubepods-burstable-pod" + PodInSlice + ".slice:cri-containerd:" + Id,
        "containerd.service", Short, Pod)]
    // Nested: the innermost container. A node that is a container is not in the pod that it runs.
    [InlineData("/docker/" + Outer + "/docker/" + Id, "", Short, "")]
    [InlineData("/system.slice/docker-" + Outer + ".scope/system.slice/docker-" + Id + ".scope",
        "docker-" + Id + ".scope", Short, "")]
    [InlineData("/docker/" + Outer + "/kubelet/kubepods/besteffort/pod" + Pod + "/" + Id, "", Short, Pod)]
    [InlineData("/docker/" + Outer + "/kubelet/kubepods/besteffort/pod" + Pod, "", "", Pod)]
    [InlineData("/docker/" + Id + "/system.slice/nginx.service", "nginx.service", Short, "")]
    // A view from another cgroup namespace.
    [InlineData("/../../system.slice/nginx.service", "nginx.service", "", "")]
    // Nothing known, or nothing true
    [InlineData("", "", "", "")]
    [InlineData("no/slash", "", "", "")]
    [InlineData("//..//.service/.scope", "", "", "")]
    [InlineData("/docker/4f1c9a0b7d2e", "", "", "")]
    [InlineData("/docker/X" + Id, "", "", "")]
    [InlineData("/evil-" + Id + ".scope", "evil-" + Id + ".scope", "", "")]
    [InlineData("/kubepods/podkin", "", "", "")]
    [InlineData("/pod3f9a2b1c-0d4e-4f5a-8b6c-7d8e9f0a1b2C", "", "", "")]
    [InlineData("/user-pod" + PodInSlice + ".slice", "", "", "")]
    [InlineData("/lxc.payload.web/system.slice/cron.service", "cron.service", "", "")]
    [InlineData("/a b\u0001\"\\.service", "a b\u0001\"\\.service", "", "")]
    public void Path_GivesUnitContainerPod(string path, string unit, string container, string pod) =>
        Assert.Equal((unit, container, pod), Parse(Encoding.UTF8.GetBytes(path)));

    /// <summary>An id with a capital, or one digit more or less, is none.</summary>
    [Theory]
    [InlineData("/docker/4F1c9a0b7d2e8f3a5b6c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f00")]
    [InlineData("/docker/" + Id + "0")]
    [InlineData("/docker/f1c9a0b7d2e8f3a5b6c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f00")]
    public void NearlyAnId_IsNone(string path) => Assert.Equal("", Parse(Encoding.UTF8.GetBytes(path)).Container);

    [Fact]
    public void Name_ThatNoFileSystemHolds_IsNoUnit()
    {
        Assert.Equal(255, Parse(Encoding.UTF8.GetBytes($"/{new string('u', 247)}.service")).Unit.Length);
        Assert.Equal("", Parse(Encoding.UTF8.GetBytes($"/{new string('u', 248)}.service")).Unit);
    }

    [Theory]
    [InlineData("0::/system.slice/nginx.service\n", "/system.slice/nginx.service")]
    [InlineData("0::/\n", "/")]
    // Hybrid: systemd's own hierarchy of v1 is asked when the unified one says nothing.
    [InlineData("9:name=systemd:/system.slice/cron.service\n8:pids:/\n4:memory:/a/b\n0::/\n",
        "/system.slice/cron.service")]
    [InlineData("9:name=systemd:/system.slice/cron.service\n0::/system.slice/ssh.service\n",
        "/system.slice/ssh.service")]
    [InlineData("9:name=systemd:/\n8:pids:/x\n0::/\n", "/")]
    // v1 alone
    [InlineData("12:pids:/docker/1\n1:name=systemd:/docker/2\n", "/docker/2")]
    [InlineData("1:name=systemd:/\n", "/")]
    // A group that is gone, and one that ends in the mark by name only.
    [InlineData("0::/user.slice/x.scope (deleted)\n", "/user.slice/x.scope")]
    [InlineData("0::/user.slice/x (deleted).scope\n", "/user.slice/x (deleted).scope")]
    // Names may hold colons.
    [InlineData("0::/a:b:cri-containerd:c\n", "/a:b:cri-containerd:c")]
    // None of it
    [InlineData("", "")]
    [InlineData("0::/cut/sho", "")]
    [InlineData("0::relative\n", "")]
    [InlineData("::/x\n:name=systemd:/x\n\n", "")]
    [InlineData("3:cpuset:/\n", "")]
    public void File_GivesThePath(string file, string path) =>
        Assert.Equal(path, Encoding.UTF8.GetString(CgroupPath.OfProcess(Encoding.UTF8.GetBytes(file))));

    [Fact]
    public void OwnFile_IsUnderstood() =>
        Assert.StartsWith("/", Encoding.UTF8.GetString(CgroupPath.OfProcess(File.ReadAllBytes("/proc/self/cgroup"))),
            StringComparison.Ordinal);

    /// <summary>Pieces of paths in any order: nothing is made up, and nothing is thrown.</summary>
    [Fact]
    public void AnyBytes_GiveParts() => Holds.ForAll(
        Gen.OneOf(
                Gen.Choose(0, 255).Select(value => new[] { (byte)value }),
                Gen.Elements("/", ".service", ".scope", ".slice", "pod", "-pod", "kubepods", Id, Pod, PodInSlice,
                        "docker-", ":cri-containerd:", "0::/", "name=systemd:", "\n", "1:", " (deleted)")
                    .Select(Encoding.UTF8.GetBytes))
            .ArrayOf().Select(parts => parts.SelectMany(part => part).ToArray()),
        20_000,
        bytes =>
        {
            var path = CgroupPath.OfProcess(bytes);
            var (unit, container, pod) = Parse(bytes);
            return (path.IsEmpty || path[0] == '/') && bytes.AsSpan().IndexOf(path) >= 0
                && (container.Length is 0 or CgroupPath.ContainerDigits)
                && pod.Length is 0 or 32 or CgroupPath.LongestPod && !pod.Contains('_', StringComparison.Ordinal)
                && (unit.Length == 0 || unit.EndsWith("service", StringComparison.Ordinal)
                    || unit.EndsWith("scope", StringComparison.Ordinal));
        });

    private static (string Unit, string Container, string Pod) Parse(byte[] path)
    {
        var group = CgroupPath.Parse(path);
        var pod = new byte[CgroupPath.LongestPod];
        return (Encoding.Latin1.GetString(group.Unit), Encoding.Latin1.GetString(group.Container),
            Encoding.Latin1.GetString(pod, 0, group.CopyPodTo(pod)));
    }
}
