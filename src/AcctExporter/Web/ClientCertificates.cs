// SPDX-License-Identifier: Apache-2.0
using System.Formats.Asn1;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace AcctExporter.Web;

/// <summary>Judges the certificate that a client shows, or that it shows none.</summary>
internal static class ClientCertificates
{
    private const string AlternativeNames = "2.5.29.17";
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    // GeneralName of RFC 5280.
    private static readonly Asn1Tag Mail = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag Dns = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag Address = new(TagClass.ContextSpecific, 7);

    /// <summary>How a chain is to be built: to the issuers of the options, and without asking any server.</summary>
    public static X509ChainPolicy PolicyOf(TlsOptions options)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(ForClients));
        if (options.ClientAuthorities is { } authorities)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }

        return policy;
    }

    /// <summary>True when the client may go on.</summary>
    /// <param name="options">What is asked of it.</param>
    /// <param name="certificate">What it shows; null for nothing.</param>
    /// <param name="chain">Built by <see cref="PolicyOf"/>.</param>
    /// <param name="errors">What that found.</param>
    public static bool Accepts(
        TlsOptions options, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return options.ClientAuthentication
                is not (ClientAuthentication.RequireAnyClientCert or ClientAuthentication.RequireAndVerifyClientCert);
        }

        var verifies = options.ClientAuthentication
            is ClientAuthentication.VerifyClientCertIfGiven or ClientAuthentication.RequireAndVerifyClientCert;
        if (verifies && errors != SslPolicyErrors.None && !EndsAtAnAuthority(options, chain, errors))
        {
            return false;
        }

        return options.ClientNames.Count == 0 || NamesOf(certificate).Any(options.ClientNames.Contains);
    }

    /// <summary>
    /// Every alternative name of a certificate, as text; none when the extension is damaged. The common name is none of
    /// them.
    /// </summary>
    public static IEnumerable<string> NamesOf(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (var extension in certificate.Extensions.Where(one => one.Oid?.Value == AlternativeNames))
        {
            try
            {
                var sequence = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (sequence.HasData)
                {
                    var tag = sequence.PeekTag();
                    if (tag == Mail || tag == Dns || tag == Uri)
                    {
                        names.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                    }
                    else if (tag == Address)
                    {
                        var bytes = sequence.ReadOctetString(tag);
                        names.Add(bytes.Length is 4 or 16 ? new IPAddress(bytes).ToString() : "");
                    }
                    else
                    {
                        sequence.ReadEncodedValue();
                    }
                }
            }
            catch (AsnContentException)
            {
                return [];
            }
        }

        return names;
    }

    /// <summary>
    /// The file of authorities may name one that has an issuer of its own: then the chain is called partial, and is
    /// as good as any other.
    /// </summary>
    private static bool EndsAtAnAuthority(TlsOptions options, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.RemoteCertificateChainErrors && chain is { ChainElements.Count: > 0 }
        && options.ClientAuthorities is { } authorities
        && chain.ChainStatus.All(status => status.Status == X509ChainStatusFlags.PartialChain)
        && authorities.Any(one => one.RawDataMemory.Span.SequenceEqual(
            chain.ChainElements[^1].Certificate.RawDataMemory.Span));
}
