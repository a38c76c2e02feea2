// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AcctExporter.Tests.Web;

/// <summary>A certificate with its key, as PEM and as an issuer of others.</summary>
internal sealed class TestCertificate : IDisposable
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1";
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    private TestCertificate(X509Certificate2 certificate) => Certificate = certificate;

    public X509Certificate2 Certificate { get; }

    public string Pem => Certificate.ExportCertificatePem() + "\n";

    public string KeyPem => Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>An issuer without another above it.</summary>
    public static TestCertificate Authority(string name) => Make(name, null, request =>
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
    });

    /// <summary>For 127.0.0.1 and localhost.</summary>
    public static TestCertificate Server(TestCertificate? issuer = null, int days = 30) => Make("server", issuer,
        request =>
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ForServers)], false));
    }, days);

    /// <summary>For a client of many names; without an issuer it is its own.</summary>
    public static TestCertificate Client(TestCertificate? issuer, string usage = ForClients) =>
        Make("client", issuer, request =>
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("prometheus.example");
            names.AddEmailAddress("ops@example.org");
            names.AddIpAddress(IPAddress.Parse("192.0.2.7"));
            names.AddIpAddress(IPAddress.Parse("2001:db8::7"));
            names.AddUri(new Uri("spiffe://example.org/prometheus"));
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        });

    /// <summary>One that may be shown by servers only.</summary>
    public static TestCertificate WrongUse(TestCertificate issuer) => Client(issuer, ForServers);

    public void Dispose() => Certificate.Dispose();

    private static TestCertificate Make(
        string name, TestCertificate? issuer, Action<CertificateRequest> extend, int days = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        extend(request);
        var begin = DateTimeOffset.UtcNow.AddDays(days < 0 ? days * 2 : -1);
        var end = DateTimeOffset.UtcNow.AddDays(days);
        if (issuer is null)
        {
            return new TestCertificate(request.CreateSelfSigned(begin, end));
        }

        using var bare = request.Create(
            issuer.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(
                issuer.Certificate.GetECDsaPrivateKey()!), begin,
            end < issuer.Certificate.NotAfter ? end : issuer.Certificate.NotAfter,
            RandomNumberGenerator.GetBytes(8));
        return new TestCertificate(bare.CopyWithPrivateKey(key));
    }
}
