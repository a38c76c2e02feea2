// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Web;

namespace AcctExporter.Config;

/// <content>The texts of certificates and keys, wherever they stand.</content>
internal sealed partial class WebConfigReader
{
    /// <summary>Larger than any file of certificates: 1 MiB.</summary>
    private const int MostPemBytes = 1 << 20;

    /// <summary>A text in PEM, from the file itself or from another; null when there is none.</summary>
    private Pem? ReadPem(
        YamlNode group, Dictionary<string, YamlNode> entries, string inline, string file, bool isNeeded)
    {
        var text = entries.TryGetValue(inline, out var inlineNode) ? Text(inlineNode, $"{Tls}.{inline}") : "";
        var name = entries.TryGetValue(file, out var fileNode) ? Text(fileNode, $"{Tls}.{file}") : "";
        if (text is null || name is null)
        {
            return null;
        }

        if (text.Length > 0 && name.Length > 0)
        {
            TellAt(inlineNode!, inline, $"contradicts {file} (line {fileNode!.Line}): leave one of them out");
            return null;
        }

        if (text.Length > 0)
        {
            holdsSecrets |= inline == "key";
            return new Pem(text, inlineNode!, inline);
        }

        if (name.Length == 0)
        {
            if (isNeeded)
            {
                TellAt(fileNode ?? inlineNode ?? group, file, $"is missing (or {inline}, with the text itself)");
            }

            return null;
        }

        return ReadFile(fileNode!, file, name) is { } content ? new Pem(content, fileNode!, file) : null;
    }

    private string? ReadFile(YamlNode node, string key, string name)
    {
        if (name.Contains('\0', StringComparison.Ordinal))
        {
            TellAt(node, key, "a path has no NUL in it");
            return null;
        }

        var file = Path.GetFullPath(name, Path.GetDirectoryName(path)!);
        files.Add(file);
        var problem = "";
        try
        {
            if (FileIdentity.TryOfPath(file, out var identity, out _) && !identity.IsRegular)
            {
                problem = "is no file";
            }
            else if (identity.SizeBytes > MostPemBytes)
            {
                problem = $"has more than {MostPemBytes} bytes";
            }
            else
            {
                var bytes = File.ReadAllBytes(file);
                // PEM is ASCII; what is not is in comments, or is no PEM.
                return Encoding.Latin1.GetString(bytes);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = error switch
            {
                FileNotFoundException or DirectoryNotFoundException => "is not there",
                UnauthorizedAccessException => "may not be read by this user",
                _ => $"cannot be read: {error.Message}",
            };
        }

        TellAt(node, key, $"{file} {problem}");
        return null;
    }

    private X509Certificate2Collection? LoadAuthorities(Pem? pem)
    {
        if (pem is null)
        {
            return null;
        }

        if (!CertificateFiles.TryLoadAll(pem.Text, out var certificates, out var fault))
        {
            TellAt(pem.Node, pem.Key, fault);
        }

        return certificates;
    }

    private void WarnOfAge(X509Certificate2 certificate, Pem pem)
    {
        var now = DateTime.Now;
        if (now > certificate.NotAfter || now < certificate.NotBefore)
        {
            Warn(pem.Node.Line, pem.Node.Column, $"{Tls}.{pem.Key}", now > certificate.NotAfter
                ? $"the certificate ended at {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC: clients "
                    + "that look will refuse it"
                : $"the certificate begins at {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} UTC: until "
                    + "then clients that look refuse it");
        }
    }

    private void WarnOfKeyReaders(Pem? key)
    {
        if (key is { Key: "key_file", Node: YamlScalar scalar })
        {
            WarnOfReaders(Path.GetFullPath(scalar.Text, Path.GetDirectoryName(path)!), scalar.Line, scalar.Column,
                $"{Tls}.key_file");
        }
    }

    /// <summary>A text and the key that gave it.</summary>
    private sealed record Pem(string Text, YamlNode Node, string Key);
}
