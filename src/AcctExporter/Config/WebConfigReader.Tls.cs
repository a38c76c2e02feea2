// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Authentication;
using AcctExporter.Web;

namespace AcctExporter.Config;

/// <content>The keys of TLS: certificates, who may connect, versions and ciphers.</content>
internal sealed partial class WebConfigReader
{
    private static readonly string[] TlsKeys =
    [
        "cert", "key", "client_ca", "cert_file", "key_file", "client_auth_type", "client_ca_file",
        "client_allowed_sans", "min_version", "max_version", "cipher_suites", "prefer_server_cipher_suites",
        "curve_preferences",
    ];

    /// <summary>The toolkit still takes it for <see cref="ClientAuthentication.RequireAnyClientCert"/>.</summary>
    private const string OldRequireAny = "RequireClientCert";

    private static readonly string[] Versions = ["TLS12", "TLS13"];
    private static readonly string[] OldVersions = ["TLS10", "TLS11"];

    /// <summary>Those of TLS 1.3; a list that names none of them means all of them.</summary>
    private static readonly TlsCipherSuite[] Newest =
    [
        TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
    ];

    /// <summary>Every HTTP/2 server must have one of them (RFC 9113).</summary>
    private static readonly TlsCipherSuite[] NeededByHttp2 =
    [
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    ];

    private static readonly TlsCipherSuite[] KnownSuites =
    [
        .. Newest, .. NeededByHttp2,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
    ];

    private YamlNode? suitesAt;
    private List<TlsCipherSuite> suitesOf12 = [];

    private void ReadTls(YamlNode value)
    {
        var entries = Group(value, Tls, TlsKeys).ToDictionary(entry => entry.Key.Text, entry => entry.Value);
        if (entries.Count == 0)
        {
            return;
        }

        var certificate = ReadPem(value, entries, "cert", "cert_file", isNeeded: true);
        var key = ReadPem(value, entries, "key", "key_file", isNeeded: true);
        var authority = ReadPem(value, entries, "client_ca", "client_ca_file", isNeeded: false);
        WarnOfKeyReaders(key);
        var authentication = ReadAuthentication(entries);
        var authorities = LoadAuthorities(authority);
        var names = Words(entries, "client_allowed_sans");
        var (oldest, newest) = (ReadVersion(entries, "min_version", 0), ReadVersion(entries, "max_version", 1));
        var suites = ReadSuites(entries);
        TellWhatCannotBe(entries);
        Contradictions(entries, authentication, authority is not null, names);
        if (newest == 0 && suites.Count > 0 && suitesOf12.Count == 0)
        {
            TellAt(entries["cipher_suites"], "cipher_suites",
                "none of these is of TLS 1.2, the newest version allowed");
        }

        if (oldest > newest)
        {
            TellAt(entries["min_version"], "min_version", "is newer than max_version: no version is left");
        }

        if (certificate is not { } own || key is not { } secret)
        {
            return;
        }

        if (!CertificateFiles.TryLoadServer(own.Text, secret.Text, out var context, out var fault))
        {
            // Which of both it is stands in the words.
            var blamed = fault.Contains("key", StringComparison.Ordinal) ? secret : own;
            TellAt(blamed.Node, blamed.Key, fault);
            return;
        }

        WarnOfAge(context.TargetCertificate, own);
        config = config with
        {
            Tls = new TlsOptions
            {
                Certificate = context,
                Protocols = (oldest == 0 ? SslProtocols.Tls12 : default) | (newest == 1 ? SslProtocols.Tls13 : default),
                CipherSuites = suites,
                ClientAuthentication = authentication,
                ClientAuthorities = authorities,
                ClientNames = names,
            },
        };
    }

    private ClientAuthentication ReadAuthentication(Dictionary<string, YamlNode> entries)
    {
        const string key = "client_auth_type";
        if (!entries.TryGetValue(key, out var node) || Text(node, $"{Tls}.{key}") is not { Length: > 0 } text)
        {
            return default;
        }

        var words = Enum.GetNames<ClientAuthentication>();
        var at = Array.IndexOf(words, text == OldRequireAny ? nameof(ClientAuthentication.RequireAnyClientCert) : text);
        if (at < 0)
        {
            TellAt(node, key, $"'{text}' is none of {string.Join(", ", words)}{Suggestion.For(text, words)}");
        }

        return at < 0 ? default : Enum.GetValues<ClientAuthentication>()[at];
    }

    private void Contradictions(
        Dictionary<string, YamlNode> entries, ClientAuthentication authentication, bool hasAuthority,
        List<string> names)
    {
        var verifies = authentication
            is ClientAuthentication.VerifyClientCertIfGiven or ClientAuthentication.RequireAndVerifyClientCert;
        if (hasAuthority && authentication == ClientAuthentication.NoClientCert)
        {
            TellAt(entries.GetValueOrDefault("client_ca_file") ?? entries["client_ca"], "client_auth_type",
                "is missing: with it alone does the client's issuer matter (RequireAndVerifyClientCert)");
        }
        else if (names.Count > 0 && !verifies)
        {
            TellAt(entries["client_allowed_sans"], "client_allowed_sans",
                "a certificate that nobody verifies may bear any name: it needs client_auth_type: "
                + "RequireAndVerifyClientCert");
        }
        else if (verifies && !hasAuthority)
        {
            var node = entries["client_auth_type"];
            Warn(node.Line, node.Column, $"{Tls}.client_auth_type", "without client_ca_file a certificate of every "
                + "issuer that this host trusts is taken");
        }
    }

    /// <summary>What .NET leaves to OpenSSL.</summary>
    private void TellWhatCannotBe(Dictionary<string, YamlNode> entries)
    {
        if (entries.TryGetValue("curve_preferences", out var curves) && Words(entries, "curve_preferences").Count > 0)
        {
            TellAt(curves, "curve_preferences", "this server cannot choose curves: leave it out (X25519, P-256, P-384 "
                + "and P-521 are spoken), or have OpenSSL choose (Groups in the file that OPENSSL_CONF names)");
        }

        const string prefer = "prefer_server_cipher_suites";
        if (entries.TryGetValue(prefer, out var node) && !Switch(node, $"{Tls}.{prefer}", true))
        {
            Warn(node.Line, node.Column, $"{Tls}.{prefer}",
                "has no effect: the server's order always wins, as it does in servers of Go since 1.17");
        }
    }

    /// <summary>0 for TLS 1.2, 1 for TLS 1.3.</summary>
    private int ReadVersion(Dictionary<string, YamlNode> entries, string key, int standard)
    {
        if (!entries.TryGetValue(key, out var node) || Text(node, $"{Tls}.{key}") is not { } text)
        {
            return standard;
        }

        var at = Array.IndexOf(Versions, text);
        if (at < 0)
        {
            TellAt(node, key, OldVersions.Contains(text)
                ? $"{text} is not spoken here, for it can be broken (RFC 8996): TLS12 or TLS13"
                : $"'{text}' is neither TLS12 nor TLS13{Suggestion.For(text, Versions)}");
        }

        return at < 0 ? standard : at;
    }

    private List<TlsCipherSuite> ReadSuites(Dictionary<string, YamlNode> entries)
    {
        const string key = "cipher_suites";
        suitesAt = entries.GetValueOrDefault(key);
        var suites = new List<TlsCipherSuite>();
        var known = KnownSuites.Select(suite => suite.ToString()).ToArray();
        foreach (var word in Words(entries, key))
        {
            var at = Array.IndexOf(known, word);
            if (at < 0)
            {
                TellAt(entries[key], key, $"there is no cipher suite '{word}'{Suggestion.For(word, known)}");
            }
            else if (!suites.Contains(KnownSuites[at]))
            {
                suites.Add(KnownSuites[at]);
            }
        }

        // The list is about TLS 1.2; the suites of 1.3 are all good, and stay unless some are named.
        suitesOf12 = [.. suites.Except(Newest)];
        return suites.Count == 0 || suites.Intersect(Newest).Any() ? suites : [.. Newest, .. suites];
    }

    /// <summary>What depends on a key of another group.</summary>
    private void CheckHttp2()
    {
        if (config is { Http2: true, Tls: { } tls } && tls.Protocols.HasFlag(SslProtocols.Tls12)
            && suitesOf12.Count > 0 && !suitesOf12.Intersect(NeededByHttp2).Any())
        {
            Tell(suitesAt!.Line, suitesAt.Column, $"{Tls}.cipher_suites", $"HTTP/2 needs {NeededByHttp2[0]} or "
                + $"{NeededByHttp2[1]}: add one, or set {Http}.http2: false");
        }
    }

    private List<string> Words(Dictionary<string, YamlNode> entries, string key)
    {
        if (!entries.TryGetValue(key, out var node) || node is YamlScalar { IsEmpty: true })
        {
            return [];
        }

        if (node is YamlList list && list.Items.All(item => item is YamlScalar { IsEmpty: false }))
        {
            return [.. list.Items.Cast<YamlScalar>().Select(item => item.Text)];
        }

        TellAt(node, key, "needs a list of single values");
        return [];
    }

    private void TellAt(YamlNode node, string key, string problem) =>
        Tell(node.Line, node.Column, $"{Tls}.{key}", problem);
}
