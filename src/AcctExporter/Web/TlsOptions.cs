// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace AcctExporter.Web;

/// <summary>What is asked of a client's certificate, in the five words of the exporters' common format.</summary>
internal enum ClientAuthentication
{
    /// <summary>It is not asked for.</summary>
    NoClientCert,

    /// <summary>It is asked for, and neither needed nor looked at.</summary>
    RequestClientCert,

    /// <summary>It is needed; who issued it does not matter.</summary>
    RequireAnyClientCert,

    /// <summary>It is not needed; one that is given must be of a known issuer.</summary>
    VerifyClientCertIfGiven,

    /// <summary>It is needed, and must be of a known issuer.</summary>
    RequireAndVerifyClientCert,
}

/// <summary>TLS as the server speaks it, with everything loaded.</summary>
internal sealed record TlsOptions
{
    /// <summary>What the server shows, with its key and the issuers that stand with it in its file.</summary>
    public required SslStreamCertificateContext Certificate { get; init; }

    /// <summary>The versions that are spoken: 1.2, 1.3 or both.</summary>
    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>In the order of preference; empty for those of the system.</summary>
    public IReadOnlyList<TlsCipherSuite> CipherSuites { get; init; } = [];

    /// <summary>What is asked of clients.</summary>
    public ClientAuthentication ClientAuthentication { get; init; }

    /// <summary>The issuers of clients' certificates; null for those that the system trusts.</summary>
    public X509Certificate2Collection? ClientAuthorities { get; init; }

    /// <summary>
    /// When not empty: a client's certificate must bear one of these names (DNS, e-mail, IP address, URI).
    /// </summary>
    public IReadOnlyList<string> ClientNames { get; init; } = [];
}
