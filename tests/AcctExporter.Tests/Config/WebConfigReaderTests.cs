// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Authentication;
using AcctExporter.Config;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Web;
using AcctExporter.Web;

namespace AcctExporter.Tests.Config;

/// <summary>
/// The exporters' common web configuration: each case of the toolkit's own tests (right and wrong), and what this
/// server
/// does otherwise, which it says.
/// </summary>
public sealed class WebConfigReaderTests : IDisposable
{
    private const string Hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    private const string Head = "tls_server_config:\n  cert_file: s.crt\n  key_file: s.key\n";

    private readonly TemporaryDirectory temporary = new();
    private readonly TestCertificate authority = TestCertificate.Authority("authority");
    private readonly TestCertificate server;

    public WebConfigReaderTests()
    {
        server = TestCertificate.Server(authority);
        Put("s.crt", server.Pem + authority.Pem);
        Put("s.key", server.KeyPem);
        Put("ca.crt", authority.Pem);
    }

    public void Dispose()
    {
        server.Dispose();
        authority.Dispose();
        temporary.Dispose();
    }

    /// <summary>What is right, and says nothing besides.</summary>
    public static TheoryData<string> Right =>
    [
        "", "# nothing\n", "tls_server_config: {}\n", "tls_server_config:\n", Head,
        Head + "  client_auth_type: NoClientCert\n", Head + "  client_auth_type: RequestClientCert\n",
        Head + "  client_auth_type: RequireAnyClientCert\n", Head + "  client_auth_type: RequireClientCert\n",
        Head + "  client_auth_type: \"RequireAndVerifyClientCert\"\n  client_ca_file: ca.crt\n",
        Head + "  client_auth_type: VerifyClientCertIfGiven\n  client_ca_file: ca.crt\n  client_allowed_sans: [a, b]\n",
        Head + "  min_version: TLS12\n  max_version: TLS12\n", Head + "  min_version: TLS13\n",
        Head + "  prefer_server_cipher_suites: true\n", Head + "  curve_preferences: []\n",
        Head + "  cipher_suites:\n  - TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384\n  max_version: TLS12\n"
            + "http_server_config:\n  http2: false\n",
        Head + "  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256]\n",
        "http_server_config:\n  http2: true\n  headers:\n    X-Frame-Options: sameorigin\n    X-XSS-Protection: 1\n"
            + "    Strict-Transport-Security: max-age=31536000; includeSubDomains\n"
            + "    X-Content-Type-Options: nosniff\n    Content-Security-Policy: \"default-src 'self'\"\n",
        "http_server_config:\n  headers:\n    X-Frame-Options: \"\"\n",
        "rate_limit: {interval: 0, burst: 0}\n", "rate_limit:\n  interval: \"1s\"\n  burst: 3\n",
        Head + "basic_auth_users:\n  alice: " + Hash + "\n",
    ];

    /// <summary>What is wrong: where, and in which words.</summary>
    public static TheoryData<string, string> Wrong => new()
    {
        { "hWkNKCp3fvIx3jKnsaBI\nTuEjdwNS8A2vYdFbiKqr\n", "1:1: a web configuration is made of lines of 'key: value'" },
        { "tls_config: {}\n", "1:1: tls_config: there is no such key" },
        { "basic_auth_user: {}\n", "1:1: basic_auth_user: there is no such key; did you mean 'basic_auth_users'?" },
        { "tls_server_config:\n  cert_filse: s.crt\n  cert_file: s.crt\n  key_file: s.key\n",
            "2:3: tls_server_config.cert_filse: there is no such key; did you mean 'cert_file'?" },
        { "tls_server_config: yes\n", "1:20: tls_server_config: is a group, with keys beneath it: cert, key, "
            + "client_ca, "
            + "cert_file, key_file, client_auth_type, client_ca_file, client_allowed_sans, min_version, max_version, "
            + "cipher_suites, prefer_server_cipher_suites, curve_preferences" },
        { "tls_server_config:\n  cert_file: \"\"\n  key_file: s.key\n",
            "2:14: tls_server_config.cert_file: is missing (or cert, with the text itself)" },
        { "tls_server_config:\n  cert: \"\"\n  key_file: s.key\n",
            "2:9: tls_server_config.cert_file: is missing (or cert, with the text itself)" },
        { "tls_server_config:\n  cert_file: s.crt\n  key_file: \"\"\n",
            "3:13: tls_server_config.key_file: is missing (or key, with the text itself)" },
        { "tls_server_config:\n  cert_file: s.crt\n  key: \"\"\n",
            "3:8: tls_server_config.key_file: is missing (or key, with the text itself)" },
        { "tls_server_config:\n  cert_file: s.crt\n",
            "2:3: tls_server_config.key_file: is missing (or key, with the text itself)" },
        { "tls_server_config:\n  cert_file: nofile\n  key_file: s.key\n",
            "2:14: tls_server_config.cert_file: DIR/nofile is not there" },
        { "tls_server_config:\n  cert_file: s.crt\n  key_file: nofile\n",
            "3:13: tls_server_config.key_file: DIR/nofile is not there" },
        { "tls_server_config:\n  cert_file: s.crt\n  key_file: .\n", "3:13: tls_server_config.key_file: DIR is no "
            + "file" },
        { "tls_server_config:\n  cert_file: s.key\n  key_file: s.key\n", "2:14: tls_server_config.cert_file: there is "
            + "no certificate in it: one begins with '-----BEGIN CERTIFICATE-----'" },
        { "tls_server_config:\n  cert_file: s.crt\n  key_file: s.crt\n", "3:13: tls_server_config.key_file: there is "
            + "no private key in it: one begins with '-----BEGIN PRIVATE KEY-----'" },
        { "tls_server_config:\n  cert_file: ca.crt\n  key_file: s.key\n", "3:13: tls_server_config.key_file: the "
            + "key is "
            + "not that of the certificate, or of a kind that is not known here (RSA and ECDSA are)" },
        { "tls_server_config:\n  cert: x\n  cert_file: s.crt\n  key_file: s.key\n",
            "2:9: tls_server_config.cert: contradicts cert_file (line 3): leave one of them out" },
        { Head + "  client_auth_type: x\n", "4:21: tls_server_config.client_auth_type: 'x' is none of NoClientCert, "
            + "RequestClientCert, RequireAnyClientCert, VerifyClientCertIfGiven, RequireAndVerifyClientCert" },
        { Head + "  client_ca_file: /dev/null\n", "4:19: tls_server_config.client_ca_file: /dev/null is no file" },
        { Head + "  client_ca_file: ca.crt\n", "4:19: tls_server_config.client_auth_type: is missing: with it alone "
            + "does "
            + "the client's issuer matter (RequireAndVerifyClientCert)" },
        { Head + "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: somefile\n",
            "5:19: tls_server_config.client_ca_file: DIR/somefile is not there" },
        { Head + "  client_auth_type: RequireAnyClientCert\n  client_allowed_sans: [a]\n",
            "5:24: tls_server_config.client_allowed_sans: a certificate that nobody verifies may bear any name: it "
                + "needs "
            + "client_auth_type: RequireAndVerifyClientCert" },
        { Head + "  cipher_suites:\n  - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA2048\n",
            "5:3: tls_server_config.cipher_suites: there is no cipher suite "
                + "'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA2048'; "
            + "did you mean 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'?" },
        { Head + "  max_version: TLS12\n  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]\n",
            "5:18: tls_server_config.cipher_suites: HTTP/2 needs TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or "
            + "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: add one, or set http_server_config.http2: false" },
        { Head + "  curve_preferences: [CurveP257]\n", "4:22: tls_server_config.curve_preferences: this server cannot "
            + "choose curves: leave it out (X25519, P-256, P-384 and P-521 are spoken), or have OpenSSL choose (Groups "
            + "in the file that OPENSSL_CONF names)" },
        { Head + "  min_version: TLS111\n",
            "4:16: tls_server_config.min_version: 'TLS111' is neither TLS12 nor TLS13" },
        { Head + "  min_version: TLS10\n", "4:16: tls_server_config.min_version: TLS10 is not spoken here, for it "
            + "can be "
            + "broken (RFC 8996): TLS12 or TLS13" },
        { Head + "  min_version: TLS13\n  max_version: TLS12\n",
            "4:16: tls_server_config.min_version: is newer than max_version: no version is left" },
        { "http_server_config:\n  headers:\n    X-Content-Type-Options: sniff\n",
            "3:29: http_server_config.headers.X-Content-Type-Options: 'sniff' is not nosniff" },
        { "http_server_config:\n  headers:\n    X-Frame-Options: foo\n",
            "3:22: http_server_config.headers.X-Frame-Options: 'foo' is not deny or sameorigin" },
        { "http_server_config:\n  headers:\n    Content-Type: foo\n",
            "3:5: http_server_config.headers.Content-Type: there is no such key" },
        { "http_server_config:\n  headers:\n    X-XSS-Protection: \"1\\r\\nX-Evil: 1\"\n",
            "3:23: http_server_config.headers.X-XSS-Protection: a header has printable letters of ASCII only" },
        { "http_server_config:\n  http2: maybe\n",
            "2:10: http_server_config.http2: 'maybe' is neither true nor false" },
        { Head + "basic_auth_users:\n  john: hunter2\n", "5:9: basic_auth_users.john: is no bcrypt hash, which "
            + "begins with "
            + "$2y$, $2b$ or $2a$ and has 60 letters: make one with: htpasswd -nBC 10 USER" },
        { "basic_auth_users:\n  \"a:b\": " + Hash + "\n", "2:3: basic_auth_users: a user's name has a letter at least, "
            + "and neither colon nor control character in it" },
        { "basic_auth_users:\n  a: " + Hash.Replace("$05$", "$31$", StringComparison.Ordinal) + "\n",
            "2:6: basic_auth_users.a: its cost is 31, and must be from 4 to 18: 10 to 12 is usual" },
        { "rate_limit:\n  interval: 1s\n  burst: 0\n",
            "2:3: rate_limit.burst: with a burst of 0 every request is refused: 1 or more" },
        { "rate_limit:\n  interval: 10\n", "2:13: rate_limit.interval: '10' is no duration from 1ms to 1d (20ms, "
            + "10s, 5m, "
            + "1h, 31d, off)" },
    };

    [Theory]
    [MemberData(nameof(Right))]
    public void WhatIsRight_HasNoFault(string text)
    {
        var read = Read(text);
        Assert.Empty(read.Faults);
        Assert.Empty(read.Warnings);
        Assert.Equal(text.Contains("cert_file", StringComparison.Ordinal), read.Config!.Tls is not null);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WhatIsWrong_IsSaidWithItsPlace(string text, string fault)
    {
        var read = Read(text);
        Assert.Null(read.Config);
        var separator = char.IsAsciiDigit(fault[0]) ? ":" : ": ";
        Assert.Contains($"{temporary.Of("web.yml")}{separator}{Here(fault)}", read.Faults);
        Assert.DoesNotContain(read.Faults, one => one.Contains("hunter2", StringComparison.Ordinal));
    }

    /// <summary>What is taken and still unwise.</summary>
    [Theory]
    [InlineData(Head + "  client_auth_type: RequireAndVerifyClientCert\n", "4:21: tls_server_config.client_auth_type: "
        + "without client_ca_file a certificate of every issuer that this host trusts is taken")]
    [InlineData(Head + "  prefer_server_cipher_suites: false\n", "4:32: tls_server_config.prefer_server_cipher_suites: "
        + "has no effect: the server's order always wins, as it does in servers of Go since 1.17")]
    [InlineData("basic_auth_users:\n  bob: $2y$18$4VeFDzXIoPHKnKTU3O3GH.N.vZu06CVqczYZ8WvfzrddFU6tGqjR.\n",
        "2:8: basic_auth_users.bob: a cost of 18 makes the first request wait for 16 s or longer; 10 to 12 is usual")]
    public void WhatIsUnwise_IsAWarning(string text, string warning)
    {
        var read = Read(text);
        Assert.Empty(read.Faults);
        Assert.Contains($"{temporary.Of("web.yml")}:{warning}", read.Warnings);
    }

    [Fact]
    public void Secrets_ThatEverybodyMayRead_AreWarnedOf_AndPasswordsWithoutTls()
    {
        File.SetUnixFileMode(temporary.Of("s.key"), (UnixFileMode)0x1a4); // 0644
        Assert.Equal([Here($"DIR/web.yml:3:13: tls_server_config.key_file: everybody on this host may read DIR/s.key, "
            + "which holds secrets: chmod o-r DIR/s.key")], Read(Head).Warnings);

        Put("web.yml", $"basic_auth_users: {{a: {Hash}}}\n");
        File.SetUnixFileMode(temporary.Of("web.yml"), (UnixFileMode)0x1a4);
        Assert.Equal(
            [
                Here("DIR/web.yml: basic_auth_users: without tls_server_config passwords can be read by everybody on "
                    + "the way"),
                Here("DIR/web.yml: everybody on this host may read DIR/web.yml, which holds secrets: chmod o-r "
                    + "DIR/web.yml"),
            ], WebConfigReader.Read(temporary.Of("web.yml")).Warnings);
    }

    [Fact]
    public void AnOldCertificate_IsAWarning_AndALockedKeyAFault()
    {
        using var old = TestCertificate.Server(null, days: -3);
        Put("s.crt", old.Pem);
        Put("s.key", old.KeyPem);
        Assert.Contains(": the certificate ended at ", Assert.Single(Read(Head).Warnings), StringComparison.Ordinal);

        Put("s.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n");
        Assert.Contains(
            "the key is locked with a password", Assert.Single(Read(Head).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryFault_IsToldAtOnce()
    {
        var read = Read("tls_server_config:\n  cert_file: a\n  key_file: b\n  min_version: c\nrate_limit: []\nx: 1\n");
        Assert.Equal(5, read.Faults.Count);
    }

    [Fact]
    public void TheWhole_IsRead_WithPathsFromTheFileOn_AndTextInside()
    {
        var inside = $"{Indented("cert", server.Pem)}{Indented("key", server.KeyPem)}"
            + Indented("client_ca", authority.Pem);
        var read = Read($$"""
            tls_server_config:
            {{inside}}
              client_auth_type: RequireAndVerifyClientCert
              client_allowed_sans: [prometheus.example]
              cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]
            http_server_config: {http2: false, headers: {X-Frame-Options: deny} }
            basic_auth_users: {alice: {{Hash}}, bob: {{Hash}} }
            rate_limit: {interval: 250ms, burst: 40}
            """);
        Assert.Empty(read.Faults);
        Assert.Equal([temporary.Of("web.yml")], read.Files);
        var (config, tls) = (read.Config!, read.Config!.Tls!);
        Assert.Equal(server.Certificate.Thumbprint, tls.Certificate.TargetCertificate.Thumbprint);
        Assert.Equal(authority.Certificate.Thumbprint, Assert.Single(tls.ClientAuthorities!).Thumbprint);
        Assert.Equal(ClientAuthentication.RequireAndVerifyClientCert, tls.ClientAuthentication);
        Assert.Equal(["prometheus.example"], tls.ClientNames);
        Assert.Equal(SslProtocols.Tls12 | SslProtocols.Tls13, tls.Protocols);
        Assert.Equal(
            [
                TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384,
                TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            ], tls.CipherSuites);
        Assert.False(config.Http2);
        Assert.Equal([KeyValuePair.Create("X-Frame-Options", "deny")], config.Headers);
        Assert.Equal(["alice", "bob"], config.Users.Keys);
        Assert.Equal((TimeSpan.FromMilliseconds(250), 40), (config.RateInterval, config.RateBurst));
        Assert.Equal([temporary.Of("web.yml"), temporary.Of("s.crt"), temporary.Of("s.key")], Read(Head).Files);
    }

    [Fact]
    public void AFileThatCannotBeRead_IsAFault()
    {
        Assert.Equal(
            [Here("DIR/none.yml: there is no such file")], WebConfigReader.Read(temporary.Of("none.yml")).Faults);
        Assert.Equal([Here("DIR: this is no file")], WebConfigReader.Read(temporary.Path).Faults);
    }

    private static string Indented(string key, string pem) =>
        $"  {key}: |\n{string.Concat(pem.Split('\n').Select(line => $"    {line}\n"))}";

    private string Here(string text) => text.Replace("DIR", temporary.Path, StringComparison.Ordinal);

    private WebConfigRead Read(string text)
    {
        Put("web.yml", text);
        return WebConfigReader.Read(temporary.Of("web.yml"));
    }

    private void Put(string name, string text)
    {
        temporary.File(name, text);
        File.SetUnixFileMode(temporary.Of(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
