// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Records;
using AcctExporter.Tests.RealSystem;
using AcctExporter.Tests.Web;

namespace AcctExporter.Tests.Config;

/// <summary>The real agent, following a file, reads its web configuration anew when a file changes.</summary>
public sealed class WebConfigReloadTests : IDisposable
{
    private const string First = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"; // U*U
    private const string Second = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"; // U*U*
    private const string Tls = "tls_server_config: {cert_file: s.crt, key_file: s.key}\n";

    private readonly TemporaryDirectory temporary = new();
    private AgentProcess? agent;

    public WebConfigReloadTests() => File.WriteAllBytes(temporary.Of("pacct"), new AcctFileGenerator(1).File(10));

    private AgentProcess Agent => agent!;

    public void Dispose()
    {
        agent?.Dispose();
        temporary.Dispose();
    }

    [Fact]
    public void Users_AreReadAnew_WhenTheFileChanges()
    {
        Put("web.yml", Users(First));
        Start();
        Agent.Until(() => Ask("prom:U*U").Status == 200, "answers");
        Assert.Equal((401, 401), (Ask("prom:U*U*").Status, Ask(null).Status));

        Put("web.yml", Users(Second));
        Agent.Until(() => Ask("prom:U*U*").Status == 200, "the new password");
        Assert.Equal(401, Ask("prom:U*U").Status);
        Agent.Until(() => Agent.Log.Contains("the web configuration was read anew from"), "said");

        // A fault changes nothing, is said once, counted, and mended.
        Put("web.yml", "basic_auth_users: {prom: secret}\nx: 1\n");
        Agent.Until(() => Figures("prom:U*U*")["acct_exporter_web_config_last_reload_successful"] == 0, "failed");
        Agent.Until(() => Agent.Log.Contains("(faults: 2)"), "told");
        for (var i = 0; i < 3; i++)
        {
            Thread.Sleep(700);
            Assert.Equal(1, Figures("prom:U*U*")["acct_exporter_web_config_reload_failures_total"]);
        }

        Assert.Single(Agent.Log.Split('\n'), line => line.Contains("web.yml:2:1: x: there is no such key"));
        Assert.DoesNotContain("secret", Agent.Log, StringComparison.Ordinal);

        Put("web.yml", Users(First));
        Agent.Until(() => Ask("prom:U*U").Status == 200, "mended");
        var figures = Figures("prom:U*U");
        Assert.Equal((1, 3, 1), (figures["acct_exporter_web_config_last_reload_successful"],
            figures["acct_exporter_web_config_reloads_total"],
            figures["acct_exporter_web_config_reload_failures_total"]));
        Assert.True(figures["acct_exporter_web_refusals_total{reason=\"password\"}"] >= 3);
    }

    [Fact]
    public void SigHup_ReadsItToo_AndAFaultIsTold()
    {
        Put("web.yml", Users(First));
        Put("agent.yml", "pairs.limit: 5\n");
        Start($"--config.file={temporary.Of("agent.yml")}");
        Agent.Until(() => Ask("prom:U*U").Status == 200, "answers");
        Put("web.yml", "x: 1\n");
        Put("agent.yml", "pairs.limit: 6\n");
        Agent.Signal("HUP");
        Agent.Until(() => Agent.Log.Contains("the configuration is faulty (faults: 1)"), "told");
        Assert.Equal(5, Figures("prom:U*U")["acct_exporter_pairs_limit"]);
        Put("web.yml", Users(First));
        Agent.Signal("HUP");
        Agent.Until(() => Figures("prom:U*U")["acct_exporter_pairs_limit"] == 6, "mended");
    }

    [Fact]
    public void ACertificate_IsReadAnew_AndTlsItselfNeedsARestart()
    {
        using var first = TestCertificate.Server();
        using var second = TestCertificate.Server(days: 60);
        Put("s.crt", first.Pem);
        Put("s.key", first.KeyPem);
        Put("web.yml", Tls);
        Start();
        Assert.StartsWith("https://", Agent.Address, StringComparison.Ordinal);
        Agent.Until(() => Ask(null).Shown == first.Certificate.Thumbprint, "the first certificate");
        Assert.Equal(new DateTimeOffset(first.Certificate.NotAfter).ToUnixTimeSeconds(),
            Figures(null)["acct_exporter_web_certificate_expiry_timestamp_seconds"]);

        // Between the two files they do not fit each other: the old pair holds.
        Put("s.crt", second.Pem);
        Agent.Until(() => Figures(null)["acct_exporter_web_config_last_reload_successful"] == 0, "no pair");
        Assert.Equal(first.Certificate.Thumbprint, Ask(null).Shown);
        Put("s.key", second.KeyPem);
        Agent.Until(() => Ask(null).Shown == second.Certificate.Thumbprint, "the second certificate");
        Assert.Equal(1, Figures(null)["acct_exporter_web_config_last_reload_successful"]);

        Put("web.yml", Users(First));
        Agent.Until(() => Ask("prom:U*U").Status == 200 && Ask(null).Status == 401, "users");
        Assert.Contains("to switch TLS off needs a restart: it stays on", Agent.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1, "--config.check")]
    public void AtTheStart_EveryFaultEndsTheAgent(int code, params string[] flags)
    {
        Put("web.yml", "basic_auth_users: {prom: secret}\nx: 1\n");
        var (ended, said) = Run([$"--web.config.file={temporary.Of("web.yml")}", "--pairs.limit=0", .. flags]);
        Assert.Equal(code, ended);
        Assert.Equal(3, said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains($"{temporary.Of("web.yml")}:2:1: x: there is no such key", said, StringComparison.Ordinal);
        Assert.Contains("--pairs.limit: '0' is no whole number", said, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
    }

    [Fact]
    public void ACheck_TellsWhatIsUnwise()
    {
        Put("web.yml", Users(First));
        var (code, said) = Run([$"--web.config.file={temporary.Of("web.yml")}", "--config.check"]);
        Assert.Equal(0, code);
        Assert.Contains("warning: ", said, StringComparison.Ordinal);
        Assert.Contains("passwords can be read by everybody", said, StringComparison.Ordinal);
    }

    private static string Users(string hash) => $"basic_auth_users: {{prom: {hash}}}\n";

    private (int Code, string Said) Run(string[] flags)
    {
        using var process = Process.Start(new ProcessStartInfo(AgentProcess.Program,
            ["serve", $"--source={temporary.Of("pacct")}", $"--storage.path={temporary.Of("storage")}", .. flags])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var said = process.StandardError.ReadToEndAsync();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        return (process.ExitCode, said.Result);
    }

    /// <summary>As administrators' tools do it: beside, and then in its place.</summary>
    private void Put(string name, string text)
    {
        temporary.File(name + ".new", text);
        File.SetUnixFileMode(temporary.Of(name + ".new"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(temporary.Of(name + ".new"), temporary.Of(name), overwrite: true);
    }

    private void Start(params string[] flags) => agent = new AgentProcess(null, temporary.Path, null,
    [
        $"--source={temporary.Of("pacct")}", $"--web.config.file={temporary.Of("web.yml")}", .. flags,
    ]);

    private Scraped Figures(string? login) => Scraped.Parse(Ask(login).Body);

    /// <summary>A request of its own connection: status, text, and the fingerprint of the certificate shown.</summary>
    private (int Status, string Body, string Shown) Ask(string? login)
    {
        var shown = "";
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            shown = certificate!.GetCertHashString();
            return certificate.Subject == "CN=server";
        };
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(60) };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(Agent.Address), "/metrics"));
        if (login is not null)
        {
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
        }

        using var answer = client.Send(request);
        return ((int)answer.StatusCode, answer.Content.ReadAsStringAsync().Result, shown);
    }
}
