// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// A real curl and a real Prometheus against an agent with TLS, certificates of clients and passwords. The certificates
/// are openssl's, the hashes Perl's.
/// </summary>
[Trait("Lane", "peers")]
public sealed class WebSecurityTests : IDisposable
{
    private readonly FaultLab lab = new();
    private readonly int port = PeerServer.FreePort();

    public WebSecurityTests()
    {
        // An issuer, the server's certificate, that of a client, and that of a client of another issuer.
        Authority("ca");
        Authority("other-ca");
        Certificate("server", "ca", "subjectAltName=DNS:localhost,IP:127.0.0.1");
        Certificate("client", "ca", "subjectAltName=DNS:prometheus.example\nextendedKeyUsage=clientAuth");
        Certificate("stranger", "other-ca", "subjectAltName=DNS:prometheus.example\nextendedKeyUsage=clientAuth");
    }

    private string Tls => "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n";

    public void Dispose() => lab.Dispose();

    [Fact]
    public void Curl_IsAnswered_AsVersionsAndCiphersSay()
    {
        Serve(Tls);
        Assert.Equal("200 2", Curl(out _));
        Assert.Equal("200 1.1", Curl(out _, "--http1.1"));
        Assert.Equal("200 2", Curl(out _, "--tls-max", "1.2"));
        Assert.Equal("200 2", Curl(out _, "--tlsv1.3"));
        Assert.StartsWith("000", Curl(out _, "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"), Ordinal);
        // Of an issuer that is not known, and in plain text.
        Assert.StartsWith("000", Curl(out var said, "--cacert", lab.Of("other-ca.crt")), Ordinal);
        Assert.Contains("certificate", said, Ordinal);
        Assert.NotEqual("200", Run("curl", $"-s -o /dev/null -w %{{http_code}} "
            + $"http://127.0.0.1:{port}/metrics", out _));

        // Only what the file allows, read anew while it runs; without HTTP/2.
        Put(Tls + "  min_version: TLS12\n  max_version: TLS12\n  cipher_suites: "
            + "[TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\n"
            + "http_server_config: {http2: false}\n");
        Until(() => Curl(out _).StartsWith("200 1.1", Ordinal));
        Assert.StartsWith("000", Curl(out _, "--tlsv1.3"), Ordinal);
        Assert.StartsWith("000", Curl(out _, "--ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256"), Ordinal);
        Assert.Equal("200 1.1", Curl(out _, "--ciphers", "ECDHE-ECDSA-AES256-GCM-SHA384", "--http2"));
        Put(Tls + "  min_version: TLS13\n");
        Until(() => Curl(out _).StartsWith("200 2", Ordinal));
        Assert.StartsWith("000", Curl(out _, "--tls-max", "1.2"), Ordinal);
    }

    [Fact]
    public void Curl_NeedsItsCertificateAndPassword_AndBothAreReadAnew()
    {
        var agent = Serve(Tls + "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.crt\n");
        string[] client = ["--cert", lab.Of("client.crt"), "--key", lab.Of("client.key")];
        string[] stranger = ["--cert", lab.Of("stranger.crt"), "--key", lab.Of("stranger.key")];
        Assert.Equal("200 2", Curl(out _, client));
        Assert.StartsWith("000", Curl(out _), Ordinal);
        Assert.StartsWith("000", Curl(out _, stranger), Ordinal);
        Assert.StartsWith("000", Curl(out _, [.. stranger, "--tls-max", "1.2"]), Ordinal);

        // Another issuer from now on: who was in is out.
        File.Copy(lab.Of("other-ca.crt"), lab.Of("ca.crt"), overwrite: true);
        Until(() => Curl(out _, ["--cacert", lab.Of("true-ca.crt"), .. stranger]).StartsWith("200", Ordinal));
        Assert.StartsWith("000", Curl(out _, ["--cacert", lab.Of("true-ca.crt"), .. client]), Ordinal);
        File.Copy(lab.Of("true-ca.crt"), lab.Of("ca.crt"), overwrite: true);

        Put($"{Tls}basic_auth_users: {{prom: \"{Hash("it's a secret", "$2y$10$")}\"}}\n");
        Until(() => Curl(out _, "-u", "prom:it's a secret") == "200 2");
        Assert.Equal("401 2", Curl(out _));
        Assert.Equal("401 2", Curl(out _, "-u", "prom:it's no secret"));
        Assert.Equal("401 2", Curl(out _, "-u", "root:it's a secret"));
        Put($"{Tls}basic_auth_users: {{prom: \"{Hash("another", "$2b$08$")}\"}}\n");
        Until(() => Curl(out _, "-u", "prom:another") == "200 2");
        Assert.Equal("401 2", Curl(out _, "-u", "prom:it's a secret"));
        Assert.Equal(0, agent.Stop());
    }

    [Fact]
    public void Prometheus_ScrapesWithCertificateAndPassword_AndReadsTheTruth()
    {
        Serve(Tls + "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.crt\n"
            + "  client_allowed_sans: [prometheus.example]\n"
            + $"basic_auth_users: {{prom: \"{Hash("scrape me", "$2y$10$")}\"}}\n");
        using var prometheus = new PrometheusServer(new PrometheusSetup($"localhost:{port}")
        {
            ScrapeConfiguration = $"""
                    scheme: https
                    basic_auth: {"{"}username: prom, password: scrape me{"}"}
                    tls_config:
                      ca_file: {lab.Of("ca.crt")}
                      cert_file: {lab.Of("client.crt")}
                      key_file: {lab.Of("client.key")}
                """,
        });
        lab.Exit(37);
        prometheus.UntilScraped();
        prometheus.Until(() => prometheus.Value("acct_exits_total") == 37, "37 exits");
        Assert.Equal(1, prometheus.Value("acct_exporter_web_config_last_reload_successful"));
        Assert.Equal(0, prometheus.Value("sum(acct_exporter_web_refusals_total)"));
    }

    private static StringComparison Ordinal => StringComparison.Ordinal;

    private AgentProcess Serve(string config)
    {
        File.Copy(lab.Of("ca.crt"), lab.Of("true-ca.crt"));
        Put(config);
        var agent = lab.Start($"--web.listen-address=127.0.0.1:{port}", $"--web.config.file={lab.Of("web.yml")}");
        Assert.StartsWith("https://", agent.Address, Ordinal);
        return agent;
    }

    private void Put(string config)
    {
        File.WriteAllText(lab.Of("web.yml.new"), config);
        File.Move(lab.Of("web.yml.new"), lab.Of("web.yml"), overwrite: true);
    }

    /// <summary>Status and version of HTTP that curl gets from /metrics; what it says besides.</summary>
    private string Curl(out string said, params string[] arguments)
    {
        string[] usual =
        [
            "-sS", "-o", "/dev/null", "-w", "%{http_code} %{http_version}", "--max-time", "30", "--cacert",
            lab.Of("ca.crt"),
        ];
        return Start("curl", [.. usual, .. arguments, $"https://localhost:{port}/metrics"], "", out said);
    }

    private void Until(Func<bool> condition) => Assert.True(
        SpinWait.SpinUntil(() => condition() || Wait(), TimeSpan.FromSeconds(60)), "not read anew");

    private static bool Wait()
    {
        Thread.Sleep(200);
        return false;
    }

    private void Authority(string name) => Run("openssl",
        $"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 2 -subj /CN={name} "
        + $"-keyout {lab.Of(name)}.key -out {lab.Of(name)}.crt", out _);

    private void Certificate(string name, string issuer, string extensions)
    {
        lab.File($"{name}.ext");
        File.WriteAllText(lab.Of($"{name}.ext"), extensions + "\n");
        Run("openssl", "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc "
            + $"-subj /CN={name} -keyout {lab.Of(name)}.key -out {lab.Of(name)}.csr", out _);
        Run("openssl", $"x509 -req -in {lab.Of(name)}.csr -CA {lab.Of(issuer)}.crt -CAkey {lab.Of(issuer)}.key "
            + $"-CAcreateserial -days 2 -extfile {lab.Of(name)}.ext -out {lab.Of(name)}.crt", out _);
        Assert.True(File.Exists(lab.Of($"{name}.crt")));
    }

    private static string Hash(string password, string method)
    {
        var hash = Start("perl", ["-e", "$p = <STDIN>; chomp $p; print crypt($p, $ARGV[0])",
            $"{method}Oe8.vBnWZWlGuw5eRUbP3u"], password + "\n", out var said);
        Assert.True(hash.Length == 60, hash + said);
        return hash;
    }

    private static string Run(string program, string arguments, out string said) =>
        Start(program, arguments.Split(' '), "", out said);

    private static string Start(string program, string[] arguments, string input, out string said)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        said = errors.Result;
        return output;
    }
}
