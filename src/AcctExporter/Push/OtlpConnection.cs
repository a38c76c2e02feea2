// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace AcctExporter.Push;

/// <summary>
/// The connection to a receiver: certificates by all the standard variables (the SDK reads the general ones only), and
/// what became of the last request, which the SDK tells nobody.
/// </summary>
internal sealed class OtlpConnection(OtlpSettings settings)
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(15);

    private volatile Answer answer = new(null, null);

    /// <summary>
    /// Why the last request failed, in words for a log; empty when nothing is known to be wrong with it.
    /// </summary>
    public string Problem => answer.Problem;

    /// <summary>A client for the SDK's exporter.</summary>
    public HttpClient CreateClient()
    {
        var handler = new SocketsHttpHandler
        {
            // Names may move; and what a redirect leads to was not chosen by whoever set the headers.
            PooledConnectionLifetime = ConnectionLifetime,
            ConnectTimeout = settings.Timeout,
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = new SslClientAuthenticationOptions(),
        };
        if (settings.CertificateFile is { } authorities)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.ImportFromPemFile(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        if (settings.ClientCertificateFile is { } certificate)
        {
            handler.SslOptions.ClientCertificates =
                [X509Certificate2.CreateFromPemFile(certificate, settings.ClientKeyFile)];
        }

        return new HttpClient(new Listener(handler, this)) { Timeout = settings.Timeout };
    }

    /// <summary>What came back of a request.</summary>
    private sealed record Answer(HttpResponseMessage? Response, Exception? Error)
    {
        public string Problem => Error is not null ? Innermost(Error)
            : Response is { IsSuccessStatusCode: false }
                ? string.Create(
                    CultureInfo.InvariantCulture, $"HTTP {(int)Response.StatusCode} {Response.ReasonPhrase}")
            : Response is not null ? GrpcProblem(Response.Headers) ?? GrpcProblem(Response.TrailingHeaders) ?? "" : "";

        private static string? GrpcProblem(HttpResponseHeaders headers) =>
            headers.TryGetValues("grpc-status", out var status) && status.First() is var code && code != "0"
                ? $"gRPC status {code}"
                    + (headers.TryGetValues("grpc-message", out var text) && text.First() is { Length: > 0 } message
                        ? $": {Uri.UnescapeDataString(message)}" : "")
                : null;

        /// <summary>What happened, and what that mostly comes from.</summary>
        private static string Innermost(Exception error) => error switch
        {
            OperationCanceledException => "no answer in time",
            { InnerException: { } inner } => Innermost(inner),
            AuthenticationException => Clause(error) + " (https:// is for a receiver with TLS, whose certificate is "
                + "trusted: OTEL_EXPORTER_OTLP_CERTIFICATE)",
            HttpProtocolException => Clause(error) + " (grpc is for a receiver of gRPC, mostly at port 4317; "
                + "http/protobuf is mostly at 4318)",
            _ => Clause(error),
        };

        /// <summary>The message within a sentence of ours.</summary>
        private static string Clause(Exception error) => error.Message.TrimEnd('.');
    }

    /// <summary>Remembers the last answer.</summary>
    private sealed class Listener(HttpMessageHandler inner, OtlpConnection connection) : DelegatingHandler(inner)
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return Heard(base.Send(request, cancellationToken));
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
            {
                connection.answer = new Answer(null, error);
                throw;
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return Heard(await base.SendAsync(request, cancellationToken).ConfigureAwait(false));
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
            {
                connection.answer = new Answer(null, error);
                throw;
            }
        }

        private HttpResponseMessage Heard(HttpResponseMessage response)
        {
            connection.answer = new Answer(response, null);
            return response;
        }
    }
}
