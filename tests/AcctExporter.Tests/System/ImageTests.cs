// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using AcctExporter.Tests.Tidy;
using Xunit.Abstractions;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// The Dockerfile, built by buildah over a clean Debian: the SDK and the packages are this machine's, mounted for the
/// build. Then started, as root with few capabilities and as its own user, in a PID namespace of the test's.
/// </summary>
[Trait("Lane", "peers")]
public sealed class ImageTests(ITestOutputHelper output) : IDisposable
{
    private const string Name = "localhost/acct-exporter";
    private const string Revision = "0123456789abcdef0123456789abcdef01234567";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    private readonly string folder = Directory.CreateTempSubdirectory("acct-image").FullName;

    public void Dispose()
    {
        // What buildah unpacked has files that only rm is strong enough for.
        using var remove = Process.Start("rm", ["-rf", "--one-file-system", folder]);
        remove.WaitForExit();
        Assert.Equal(0, remove.ExitCode);
    }

    [Fact]
    public void Dockerfile_IsBuilt_AndTheImageServes()
    {
        Tools.RequireDefaultPort();
        var before = Outside();
        MakeBases();
        Build();

        using var inspected = JsonDocument.Parse(Buildah("inspect", "--type", "image", Name));
        var image = inspected.RootElement.GetProperty("Docker").GetProperty("config");
        var labels = image.GetProperty("Labels");
        string Label(string name) => labels.GetProperty("org.opencontainers.image." + name).GetString()!;
        Assert.Equal("acct-exporter", Label("title"));
        Assert.Equal("Apache-2.0", Label("licenses"));
        Assert.Equal(Revision, Label("revision"));
        Assert.Equal("https://example.org/acct-exporter", Label("source"));
        Assert.Contains("counted once", Label("description"), StringComparison.Ordinal);
        Assert.Equal("acct-exporter", image.GetProperty("User").GetString());
        Assert.Equal("SIGTERM", image.GetProperty("StopSignal").GetString());
        Assert.True(image.GetProperty("ExposedPorts").TryGetProperty("9810/tcp", out _));
        Assert.True(image.GetProperty("Volumes").TryGetProperty("/var/lib/acct-exporter", out _));
        Assert.Equal(["/usr/bin/acct-exporter"], Words(image.GetProperty("Entrypoint")));
        Assert.Equal(["serve"], Words(image.GetProperty("Cmd")));
        var health = Words(image.GetProperty("Healthcheck").GetProperty("Test"))[1..];

        var container = Buildah("from", Name).Trim();
        var (_, version) = Run(container, [], "acct-exporter", "--version");
        // The label says what the program says; and the program knows its commit.
        Assert.StartsWith(Label("version") + "+" + Revision, version, StringComparison.Ordinal);
        Assert.Equal("9810:9810", Run(container, [], "sh", "-c", "echo $(id -u):$(id -g)").Said.Trim());

        var root = Buildah("mount", container).Trim();
        var program = new FileInfo(root + "/usr/lib/acct-exporter/acct-exporter");
        Assert.Equal(["acct-exporter", "libe_sqlite3.so"],
            Directory.GetFiles(program.DirectoryName!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        output.WriteLine($"the program has {program.Length / 1e6:F1} MB, the image's root "
            + Shell($"du -sm --one-file-system '{root}' | cut -f1").Trim() + " MB");

        ServesTheTruth(container, health);
        RefusesWithoutRights(container);
        Assert.Equal(before, Outside());
    }

    /// <summary>What buildah could have written or changed where it is not told to.</summary>
    private static string Outside() => Shell(
        "find /var/lib/containers /run/containers ~/.local/share/containers -printf '%p %T@\\n' 2> /dev/null | sort");

    /// <summary>
    /// In a PID namespace: 20 processes end while the agent serves. The health check of the image says that it is well,
    /// and that nothing is when it has ended.
    /// </summary>
    private void ServesTheTruth(string container, string[] health)
    {
        var script = $$"""
            set -e
            mkdir -p {{folder}}/segments {{folder}}/storage
            {{BuildahLine}} run --isolation chroot --user 0 --cap-add CAP_SYS_PACCT --cap-add CAP_SYS_PTRACE \
              -v {{folder}}/segments:{{folder}}/segments -v {{folder}}/storage:/var/lib/acct-exporter {{container}} \
              acct-exporter serve --accounting.path={{folder}}/segments --accounting.on-exit=off \
              --accounting.canary-interval=off --web.listen-address=127.0.0.1:9810 > {{folder}}/log 2>&1 &
            for i in $(seq 600); do curl -sf -o {{folder}}/first http://127.0.0.1:9810/metrics && break; sleep 0.1; done
            for i in $(seq 20); do /bin/true; done
            for i in $(seq 100); do
              curl -sf http://127.0.0.1:9810/metrics > {{folder}}/second
              grep -q 'acct_process_exits_total{.*command="true".* 20$' {{folder}}/second && break
              sleep 0.1
            done
            grep 'acct_process_exits_total{.*command="true"' {{folder}}/second
            {{Quoted(health)}} && echo well
            pkill -TERM -x acct-exporter
            wait
            {{Quoted(health)}} 2> /dev/null || echo ended
            """;
        var said = Shell(
            $"unshare --pid --fork --mount-proc --kill-child bash -c {Quoted([script])} || cat {folder}/log");
        output.WriteLine(said);
        Assert.Matches(new Regex("acct_process_exits_total\\{.*command=\"true\".* 20\nwell\nended\n"), said);
    }

    /// <summary>Its own user cannot switch accounting on, and is told what it takes.</summary>
    private void RefusesWithoutRights(string container)
    {
        var (code, said) = Run(container, ["--cap-drop", "all"], "acct-exporter", "serve");
        Assert.Equal(1, code);
        Assert.Contains("CAP_SYS_PACCT", said, StringComparison.Ordinal);
    }

    /// <summary>The clean Debian, and the same with what the SDK asks of its surroundings.</summary>
    private void MakeBases()
    {
        Directory.CreateDirectory(folder + "/temporary");
        var container = Buildah("from", "scratch").Trim();
        Buildah("add", "-q", container, Tools.DebianRoot, "/");
        Buildah("commit", "-q", container, "localhost/runtime");
        Buildah("config", "--env", "HOME=/root", "--env", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1",
            "--env", "PATH=/sdk:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", container);
        Buildah("commit", "-q", container, "localhost/sdk");
        Buildah("rm", container);
    }

    private void Build()
    {
        Buildah(
            "bud", "--isolation", "chroot", "--network", "host", "--layers=false", "--format", "docker",
            "-v", $"{Tools.Sdk}:/sdk:ro", "-v", $"{Tools.Packages}:/root/.nuget/packages",
            "-v", $"{Sources()}:/root/.nuget/NuGet:ro",
            "--build-arg", "BUILD_IMAGE=localhost/sdk", "--build-arg", "RUNTIME_IMAGE=localhost/runtime",
            "--build-arg", $"REVISION={Revision}", "--build-arg", "SOURCE=https://example.org/acct-exporter",
            "-t", Name, Repository.Root);
    }

    /// <summary>Where this machine has its packages from: a folder of our own with a copy.</summary>
    private string Sources()
    {
        var copy = Directory.CreateDirectory(folder + "/sources").FullName;
        var file = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/NuGet/NuGet.Config");
        if (File.Exists(file))
        {
            File.Copy(file, copy + "/NuGet.Config");
        }

        return copy;
    }

    private string BuildahLine => Quoted(BuildahWords);

    /// <summary>
    /// It keeps what it knows of layers in /var/lib/containers, wherever its images are: here this is nobody else's.
    /// </summary>
    private string[] BuildahWords =>
    [
        "unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /var/lib && exec \"$@\"", "sh",
        "env", $"TMPDIR={folder}/temporary",
        "buildah", "--storage-driver", "vfs", "--root", $"{folder}/images", "--runroot", $"{folder}/run",
    ];

    private string Buildah(params string[] arguments) => Shell(Quoted([.. BuildahWords, .. arguments]));

    private (int Code, string Said) Run(string container, string[] options, params string[] command)
    {
        // In a PID namespace: should it ever switch accounting on, it is not the host's.
        var line = Quoted([
            "unshare", "--pid", "--fork", "--mount-proc", "--kill-child", .. BuildahWords, "run",
            "--isolation", "chroot", .. options, container, "--", .. command,
        ]);
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", line + " 2>&1"])
        {
            RedirectStandardOutput = true,
        })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }

    private static string Shell(string line)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", line])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{line}: not at its end after {Limit}");
        }

        return process.ExitCode == 0 ? output.Result
            : throw new InvalidOperationException(
                $"{line} ended with {process.ExitCode}: {output.Result}{errors.Result}");
    }

    private static string Quoted(IEnumerable<string> words) =>
        string.Join(' ', words.Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));

    private static string[] Words(JsonElement list) => [.. list.EnumerateArray().Select(word => word.GetString()!)];
}
