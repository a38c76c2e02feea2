// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AcctExporter.Web;

/// <summary>Makes certificates and keys of PEM text; what is wrong with it is said in plain words.</summary>
internal static class CertificateFiles
{
    private const string CertificateLabel = "CERTIFICATE";
    private const string EncryptedLabel = "ENCRYPTED PRIVATE KEY";

    private static readonly string[] KeyLabels = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", EncryptedLabel];

    /// <summary>
    /// What the server shows: the first certificate of a text, with its key, and the others behind it.
    /// </summary>
    public static bool TryLoadServer(
        string certificates, string key, [NotNullWhen(true)] out SslStreamCertificateContext? context,
        [NotNullWhen(false)] out string? fault)
    {
        context = null;
        if (!TryLoadAll(certificates, out var all, out fault))
        {
            return false;
        }

        fault = KeyFault(key);
        if (fault is not null)
        {
            return false;
        }

        try
        {
            var own = X509Certificate2.CreateFromPem(certificates, key);
            all.RemoveAt(0);
            // Offline: no server is asked for issuers that are missing.
            context = SslStreamCertificateContext.Create(own, all, offline: true);
            return true;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            fault = "the key is not that of the certificate, or of a kind that is not known here (RSA and ECDSA are)";
            return false;
        }
    }

    /// <summary>Every certificate of a text: those of issuers.</summary>
    public static bool TryLoadAll(
        string text, [NotNullWhen(true)] out X509Certificate2Collection? certificates,
        [NotNullWhen(false)] out string? fault)
    {
        certificates = [];
        try
        {
            certificates.ImportFromPem(text);
            fault = certificates.Count > 0 ? null
                : $"there is no certificate in it: one begins with '-----BEGIN {CertificateLabel}-----'";
        }
        catch (CryptographicException)
        {
            fault = "a certificate in it cannot be read: it is damaged";
        }

        return fault is null;
    }

    private static string? KeyFault(string text)
    {
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var label = rest[fields.Label].ToString();
            if (label == EncryptedLabel
                || (KeyLabels.Contains(label) && text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal)))
            {
                return "the key is locked with a password, which nobody could type here: store it without one "
                    + "(openssl pkey -in KEY -out NEW)";
            }

            if (KeyLabels.Contains(label))
            {
                return null;
            }

            rest = rest[fields.Location.End..];
        }

        return text.Contains("ENCRYPTED", StringComparison.Ordinal)
            ? "the key is locked with a password, which nobody could type here: store it without one "
                + "(openssl pkey -in KEY -out NEW)"
            : "there is no private key in it: one begins with '-----BEGIN PRIVATE KEY-----'";
    }
}
