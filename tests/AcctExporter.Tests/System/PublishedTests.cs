// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AcctExporter.Tests.Push;
using AcctExporter.Tests.Tidy;
using ZstdSharp;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// What is shipped: that nothing was trimmed away which it needs, and that it is as small in memory as is promised.
/// </summary>
[Trait("Lane", "peers")]
public sealed class PublishedTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly string Fixtures = Path.Combine(AppContext.BaseDirectory, "Fixtures");
    private static readonly string[] HalfCompressed = ["identity", "gzip"];

    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    /// <summary>
    /// A warning of the trimmer is an error of the build, in the shipped form and in that of a native compiler, whose
    /// packages are not everywhere: what it asks of the code is checked by each build.
    /// </summary>
    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public void EachFormOfTheBuild_IsAnalyzed_AndForgivesNothing(string nativeAot)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet",
            [
                "msbuild", Path.Combine(Repository.Root, "src/AcctExporter"), "-p:Shipped=true",
                $"-p:PublishAot={nativeAot}", "-nodeReuse:false",
                "-getProperty:IsAotCompatible,EnableTrimAnalyzer,EnableAotAnalyzer,EnableSingleFileAnalyzer,"
                + "TreatWarningsAsErrors,ILLinkTreatWarningsAsErrors,SuppressTrimAnalysisWarnings,PublishTrimmed,"
                + "TrimMode,SelfContained,PublishSingleFile,PublishReadyToRun,PublishAot",
            ]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        using var evaluated = JsonDocument.Parse(output);
        var properties = evaluated.RootElement.GetProperty("Properties");
        string Of(string name) => properties.GetProperty(name).GetString()!.ToLowerInvariant();
        Assert.All(
            (string[])
            [
                "IsAotCompatible", "EnableTrimAnalyzer", "EnableAotAnalyzer", "EnableSingleFileAnalyzer",
                "TreatWarningsAsErrors", "PublishTrimmed", "SelfContained",
            ],
            name => Assert.Equal("true", Of(name)));
        Assert.NotEqual("false", Of("ILLinkTreatWarningsAsErrors"));
        Assert.NotEqual("true", Of("SuppressTrimAnalysisWarnings"));
        Assert.Equal("full", Of("TrimMode"));
        Assert.Equal(nativeAot, Of("PublishAot"));
        // Both are what a native program has no use for.
        Assert.Equal(nativeAot == "true" ? "" : "true", Of("PublishSingleFile"));
        Assert.Equal(nativeAot == "true" ? "" : "true", Of("PublishReadyToRun"));
    }

    /// <summary>Each of the libraries in it is used: the parsers of commands and YAML, SQLite, zstd.</summary>
    [Fact]
    public void Commands_DoTheirWork()
    {
        Assert.Matches(@"^0\.\d+\.\d+", Run("--version"));
        Assert.Contains("runacct", Run("--help"), StringComparison.Ordinal);
        var file = Path.Combine(Fixtures, "pacct/real-behaviours.pacct");
        var packed = lab.Of("pacct.zst");
        using (var compressor = new Compressor())
        {
            File.WriteAllBytes(packed, compressor.Wrap(File.ReadAllBytes(file)).ToArray());
        }

        var sums = Run("sa", "-i", file);
        Assert.Equal(sums, Run("sa", "-i", packed));
        Assert.True(sums.Split('\n').Length > 5, sums);
        Assert.Contains("alice", Run("last", "-f", Path.Combine(Fixtures, "wtmpdb/wtmp.db")), StringComparison.Ordinal);
        var yaml = lab.File("agent.yml");
        File.WriteAllText(yaml, "pairs:\n  limit: 77\n");
        Assert.Contains("77", Run("config", $"--config.file={yaml}"), StringComparison.Ordinal);
        File.WriteAllText(yaml, "pairs:\n  limt: 77\n");
        Assert.Contains("agent.yml:2:3", Run(["config", $"--config.file={yaml}"], 2), StringComparison.Ordinal);
    }

    /// <summary>The agent with accounting of its own, a journal, and both protocols of OTLP.</summary>
    [Theory]
    [InlineData("http/protobuf", "gzip")]
    [InlineData("grpc", "none")]
    public void Agent_CountsAndPushes(string protocol, string compression)
    {
        using var receiver = new OtlpReceiver();
        var agent = Serve(
            $"--otlp.endpoint={(protocol == "grpc" ? receiver.GrpcEndpoint : receiver.HttpEndpoint)}",
            $"--otlp.protocol={protocol}", $"--otlp.compression={compression}", "--otlp.interval=1s",
            "--accounting.canary-interval=off");
        lab.Exit(1000);
        agent.HasCounted(1000);
        receiver.Until(it => it.Last().TryGetValue(("acct.exits", ""), out var exits) && exits.Value == 1000, "all");
        Assert.Equal(0, agent.Stop());
        Assert.Equal(1000, FaultLab.Ready(Start()).Exits(), 2.0);
    }

    /// <summary>
    /// The budget: below 64 MiB, and 96 with a push, of 1,000 pairs, when it has been asked often enough that its code
    /// is compiled for good; and not more after as many scrapes again.
    /// </summary>
    [Theory]
    [InlineData(false, 64)]
    [InlineData(true, 96)]
    public void Memory_IsWithinItsBudget_AndStays(bool pushes, int budgetMebibytes)
    {
        using var receiver = new OtlpReceiver();
        string[] push = pushes ? [$"--otlp.endpoint={receiver.HttpEndpoint}", "--otlp.interval=1s"] : [];
        var agent = Serve([.. push, "--pairs.limit=1000", "--accounting.canary-interval=off"]);
        for (var name = 0; name < 1000; name += 50)
        {
            lab.Inside.Run("bash", "-c",
                $"for i in {{{name}..{name + 49}}}; do (exec -a x; printf '%s' pair-$i > /proc/$BASHPID/comm); done");
        }

        agent.Until(() => agent.Scrape()["acct_exporter_pairs"] >= 1000, "1,000 pairs");
        Ask(agent, 300);
        var once = Resident(agent);
        Ask(agent, 300);
        var twice = Resident(agent);
        Assert.InRange(once, 20, budgetMebibytes);
        Assert.InRange(twice, 20, budgetMebibytes);
        if (pushes)
        {
            receiver.Until(it => it.Requests.Count > 1, "pushes");
        }
    }

    private static void Ask(AgentProcess agent, int times)
    {
        using var client = new HttpClient { BaseAddress = new Uri(agent.Address) };
        for (var i = 0; i < times; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, i % 10 == 0 ? "" : "metrics");
            request.Headers.TryAddWithoutValidation("Accept-Encoding", HalfCompressed[i % 2]);
            using var answer = client.Send(request);
            answer.EnsureSuccessStatusCode();
            _ = answer.Content.ReadAsByteArrayAsync().Result;
        }
    }

    private static double Resident(AgentProcess agent) => File.ReadLines($"/proc/{agent.Pid}/status")
        .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture) / 1024).Single();

    private static string Run(params string[] arguments) => Run(arguments, 0);

    private static string Run(string[] arguments, int code)
    {
        using var process = Process.Start(new ProcessStartInfo(PublishedProgram.Program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(Limit));
        Assert.True(process.ExitCode == code,
            $"{string.Join(' ', arguments)}: {process.ExitCode}: {output}{errors.Result}");
        return output + errors.Result;
    }

    /// <summary>The shipped program in place of the one that was built for the tests.</summary>
    private AgentProcess Start(params string[] flags) => lab.StartThrough(
        ["sh", "-c", "shift; exec \"$0\" \"$@\"", PublishedProgram.Program], flags);

    private AgentProcess Serve(params string[] flags) => FaultLab.Ready(Start(flags));
}
