// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using AcctExporter.Kernel;

namespace AcctExporter.Web;

/// <summary>
/// The web configuration that is in force. When a request or a handshake comes, its files are looked at (not more than
/// once a second, and nobody waits long for a slow disk), and read anew where one has changed. What cannot be read
/// changes nothing: the old holds, it is said once, and counted. Whether TLS is spoken at all is decided at the start.
/// </summary>
internal sealed partial class WebSecurity
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);

    private readonly Func<WebConfigRead> read;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly Lock reading = new();
    private readonly Lock deciding = new();
    private readonly bool hasFile;
    private volatile WebConfig inForce;
    private volatile Handshake? handshake;
    private volatile bool failed;
    private FileMark[] marks;
    private Task look = Task.CompletedTask;
    private long lookedAt;
    private ulong reloads;
    private ulong failures;

    /// <summary>Begins with what was read at the start.</summary>
    /// <param name="start">Read without faults.</param>
    /// <param name="read">Reads it again. May be called from any thread, by one at a time.</param>
    /// <param name="clock">For the time between looks.</param>
    /// <param name="log">Hears of what was read anew, and of faults.</param>
    public WebSecurity(WebConfigRead start, Func<WebConfigRead> read, TimeProvider clock, ILogger log)
    {
        (this.read, this.clock, this.log) = (read, clock, log);
        inForce = start.Config ?? throw new ArgumentException("a start needs what has no faults", nameof(start));
        hasFile = start.Files.Count > 0;
        marks = MarksOf(start.Files);
        lookedAt = clock.GetTimestamp();
        handshake = HandshakeOf(inForce);
        foreach (var warning in start.Warnings)
        {
            Unwise(log, warning);
        }
    }

    /// <summary>What was refused.</summary>
    public WebRefusals Refusals { get; } = new();

    /// <summary>TLS is spoken, from the start to the end of the agent.</summary>
    public bool SpeaksTls => handshake is not null;

    /// <summary>For scrapes; null without a file.</summary>
    public WebSecurityState? State => !hasFile ? null : new(
        !failed, Volatile.Read(ref reloads), Volatile.Read(ref failures),
        inForce.Tls?.Certificate.TargetCertificate.NotAfter);

    /// <summary>What is in force, after a look at the files where one is due.</summary>
    public async ValueTask<WebConfig> CurrentAsync()
    {
        if (hasFile && LookIfDue() is { IsCompleted: false } looking)
        {
            await looking.WaitAsync(LongestWait, clock).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing);
        }

        return inForce;
    }

    /// <summary>How a handshake of TLS is to be done, likewise.</summary>
    /// <exception cref="InvalidOperationException">No TLS is spoken.</exception>
    public async ValueTask<SslServerAuthenticationOptions> HandshakeAsync()
    {
        await CurrentAsync().ConfigureAwait(false);
        return handshake?.Options ?? throw new InvalidOperationException("no TLS is spoken here");
    }

    /// <summary>Reads the files now, whether they have changed or not.</summary>
    /// <returns>Every fault; none when it is done, or when there is no file.</returns>
    public IReadOnlyList<string> Reread()
    {
        lock (reading)
        {
            return hasFile ? ReadAnew() : [];
        }
    }

    /// <summary>The look that is under way; begins one when the last is older than a second.</summary>
    private Task LookIfDue()
    {
        lock (deciding)
        {
            if (look.IsCompleted && clock.GetElapsedTime(lookedAt) >= LookInterval)
            {
                lookedAt = clock.GetTimestamp();
                look = Task.Run(Look);
            }

            return look;
        }
    }

    private void Look()
    {
        lock (reading)
        {
            if (!MarksOf(marks.Select(mark => mark.Path)).SequenceEqual(marks))
            {
                ReadAnew();
            }
        }
    }

    private IReadOnlyList<string> ReadAnew()
    {
        Interlocked.Increment(ref reloads);
        // Before the reading: what changes in between is seen by the next look.
        var before = MarksOf(marks.Select(mark => mark.Path));
        var found = read();
        // Of files that are named for the first time, too.
        marks = [.. before, .. MarksOf(found.Files.Except(before.Select(mark => mark.Path)))];
        if (found.Config is not { } wanted)
        {
            Interlocked.Increment(ref failures);
            failed = true;
            foreach (var fault in found.Faults)
            {
                Faulty(log, fault);
            }

            Kept(log, found.Faults.Count);
            return found.Faults;
        }

        if (wanted.Tls is null != inForce.Tls is null)
        {
            NeedsRestart(log, wanted.Tls is null ? "off" : "on", inForce.Tls is null ? "off" : "on");
            wanted = wanted with { Tls = inForce.Tls };
        }

        marks = [.. marks.Where(mark => found.Files.Contains(mark.Path))];
        handshake = HandshakeOf(wanted);
        inForce = wanted;
        failed = false;
        foreach (var warning in found.Warnings)
        {
            Unwise(log, warning);
        }

        Done(log, found.Files[0]);
        return [];
    }

    private Handshake? HandshakeOf(WebConfig config)
    {
        if (config.Tls is not { } tls)
        {
            return null;
        }

        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = tls.Certificate,
            EnabledSslProtocols = tls.Protocols,
            AllowRenegotiation = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            ApplicationProtocols = config.Http2
                ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11] : [SslApplicationProtocol.Http11],
            CipherSuitesPolicy = tls.CipherSuites.Count == 0 ? null : new CipherSuitesPolicy(tls.CipherSuites),
        };
        if (tls.ClientAuthentication != ClientAuthentication.NoClientCert)
        {
            options.ClientCertificateRequired = true;
            // A session that is taken up again would bring the judgement of another time with it.
            options.AllowTlsResume = false;
            options.CertificateChainPolicy = ClientCertificates.PolicyOf(tls);
            options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                var accepted = ClientCertificates.Accepts(tls, certificate as X509Certificate2, chain, errors);
                if (!accepted)
                {
                    Refusals.AddCertificate();
                }

                return accepted;
            };
        }

        return new Handshake(options);
    }

    private static FileMark[] MarksOf(IEnumerable<string> paths) => [.. paths.Select(path =>
        FileIdentity.TryOfPath(path, out var identity, out var errno)
            ? new FileMark(path, identity, 0) : new FileMark(path, default, errno))];

    [LoggerMessage(190, LogLevel.Information, "the web configuration was read anew from {File}")]
    private static partial void Done(ILogger logger, string file);

    [LoggerMessage(191, LogLevel.Error, "{Fault}")]
    private static partial void Faulty(ILogger logger, string fault);

    [LoggerMessage(192, LogLevel.Error,
        "the web configuration is faulty (faults: {Faults}), so what was in force stays in force. Mend it: it is read "
        + "anew when a file changes")]
    private static partial void Kept(ILogger logger, int faults);

    [LoggerMessage(193, LogLevel.Warning,
        "to switch TLS {Wanted} needs a restart: it stays {Now}, all else is in force")]
    private static partial void NeedsRestart(ILogger logger, string wanted, string now);

    [LoggerMessage(194, LogLevel.Warning, "{Warning}")]
    private static partial void Unwise(ILogger logger, string warning);

    /// <summary>How a file looked.</summary>
    private readonly record struct FileMark(string Path, FileIdentity Identity, int Errno);

    /// <summary>A reference that can be exchanged at once.</summary>
    private sealed record Handshake(SslServerAuthenticationOptions Options);
}

/// <summary>How the web configuration does.</summary>
/// <param name="Successful">It was last read without a fault.</param>
/// <param name="Reloads">Times it was read anew.</param>
/// <param name="Failures">Those of them that found faults, and changed nothing.</param>
/// <param name="CertificateEnds">When the server's certificate ends; null without TLS.</param>
internal readonly record struct WebSecurityState(
    bool Successful, ulong Reloads, ulong Failures, DateTime? CertificateEnds);
