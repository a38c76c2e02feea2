// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AcctExporter.Metrics;
using AcctExporter.Push;
using AcctExporter.Records;
using AcctExporter.Tests.Config;
using AcctExporter.Tests.RealSystem;
using OpenTelemetry.Resources;

namespace AcctExporter.Tests.Push;

/// <summary>Our settings, the standard variables, and what they come to.</summary>
public sealed class OtlpSettingsTests : IDisposable
{
    private const string General = "OTEL_EXPORTER_OTLP_";
    private const string OfMetrics = "OTEL_EXPORTER_OTLP_METRICS_";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("otlp-test");

    /// <summary>Variables (name=value;...), and what holds for metrics.</summary>
    public static TheoryData<string, string> Variables => new()
    {
        { "", "nothing" },
        { $"{General}ENDPOINT=", "nothing" },
        { $"{General}PROTOCOL=grpc", "nothing" },
        { $"{General}ENDPOINT=http://a:4318", "http://a:4318/v1/metrics HttpProtobuf [] 10s None 60s 30s Explicit" },
        { $"{General}ENDPOINT=http://a:4318/", "http://a:4318/v1/metrics HttpProtobuf [] 10s None 60s 30s Explicit" },
        { $"{General}ENDPOINT=https://a/otlp", "https://a/otlp/v1/metrics HttpProtobuf [] 10s None 60s 30s Explicit" },
        { $"{OfMetrics}ENDPOINT=http://a:1/x", "http://a:1/x HttpProtobuf [] 10s None 60s 30s Explicit" },
        { $"{OfMetrics}ENDPOINT=http://m/;{General}ENDPOINT=http://g",
            "http://m/ HttpProtobuf [] 10s None 60s 30s Explicit" },
        { "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=http://a", "nothing" },
        { $"{General}ENDPOINT=http://a:4317;{General}PROTOCOL=grpc",
            "http://a:4317/ Grpc [] 10s None 60s 30s Explicit" },
        { $"{General}ENDPOINT=http://a;{General}PROTOCOL=grpc;{OfMetrics}PROTOCOL=http/protobuf",
            "http://a/v1/metrics HttpProtobuf [] 10s None 60s 30s Explicit" },
        { $"{General}ENDPOINT=http://a;{General}HEADERS=a=b, c=d%20e;{General}TIMEOUT=2500;{General}COMPRESSION=gzip",
            "http://a/v1/metrics HttpProtobuf [a=b, c=d%20e] 2.5s Gzip 60s 30s Explicit" },
        { $"{General}ENDPOINT=http://a;{General}HEADERS=a=b;{OfMetrics}HEADERS=m=n;{General}TIMEOUT=1;"
            + $"{OfMetrics}TIMEOUT=2000;{General}COMPRESSION=gzip;{OfMetrics}COMPRESSION=none",
            "http://a/v1/metrics HttpProtobuf [m=n] 2s None 60s 30s Explicit" },
        { $"{General}ENDPOINT=http://a;OTEL_METRIC_EXPORT_INTERVAL=5000;OTEL_METRIC_EXPORT_TIMEOUT=4000",
            "http://a/v1/metrics HttpProtobuf [] 10s None 5s 4s Explicit" },
        { $"{General}ENDPOINT=http://a;{OfMetrics}DEFAULT_HISTOGRAM_AGGREGATION=base2_exponential_bucket_histogram",
            "http://a/v1/metrics HttpProtobuf [] 10s None 60s 30s Exponential" },
        { $"{General}ENDPOINT=http://a;{OfMetrics}TEMPORALITY_PREFERENCE=Cumulative;OTEL_METRICS_EXPORTER=otlp",
            "http://a/v1/metrics HttpProtobuf [] 10s None 60s 30s Explicit" },
        { $"{General}ENDPOINT=http://a;OTEL_METRICS_EXPORTER=none", "nothing" },
        { $"{General}ENDPOINT=http://a;OTEL_LOGS_EXPORTER=none",
            "http://a/v1/metrics HttpProtobuf [] 10s None 60s 30s Explicit" },
        { $"{General}ENDPOINT=http://a;OTEL_SDK_DISABLED=TRUE", "nothing" },
        { $"{General}ENDPOINT=http://a;OTEL_SDK_DISABLED=1",
            "http://a/v1/metrics HttpProtobuf [] 10s None 60s 30s Explicit" },
    };

    /// <summary>Variables that are faults where something is pushed, and what is said of them.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { $"{General}ENDPOINT=a:4318",
            $"{General}ENDPOINT: 'a:4318' is no address of a receiver (http://127.0.0.1:4318)" },
        { $"{OfMetrics}ENDPOINT=/x", $"{OfMetrics}ENDPOINT: '/x' is no address of a receiver (http://127.0.0.1:4318)" },
        { $"{General}ENDPOINT=http://a/otlp/v1/metrics", $"{General}ENDPOINT: 'http://a/otlp/v1/metrics' ends in "
            + "/v1/metrics, which is added to it: leave that out" },
        { $"{General}PROTOCOL=http/json", $"{General}PROTOCOL: 'http/json' is none of grpc, http/protobuf" },
        { $"{OfMetrics}COMPRESSION=zstd", $"{OfMetrics}COMPRESSION: 'zstd' is none of none, gzip" },
        { $"{General}HEADERS=secret", $"{General}HEADERS: one of its headers is not of the form key=value "
            + "(key=value,key=value)" },
        { $"{General}TIMEOUT=10s", $"{General}TIMEOUT: '10s' is no number of milliseconds from 1 to 86400000" },
        { "OTEL_METRIC_EXPORT_INTERVAL=0",
            "OTEL_METRIC_EXPORT_INTERVAL: '0' is no number of milliseconds from 1 to 86400000" },
        { "OTEL_METRICS_EXPORTER=prometheus", "OTEL_METRICS_EXPORTER: 'prometheus' is neither otlp nor none" },
        { $"{OfMetrics}TEMPORALITY_PREFERENCE=delta", $"{OfMetrics}TEMPORALITY_PREFERENCE: 'delta' cannot be had: "
            + "values are pushed cumulative. Leave it out, or let a collector make differences of them" },
        { $"{OfMetrics}DEFAULT_HISTOGRAM_AGGREGATION=x", $"{OfMetrics}DEFAULT_HISTOGRAM_AGGREGATION: 'x' is none of "
            + "explicit_bucket_histogram, base2_exponential_bucket_histogram" },
        { "OTEL_RESOURCE_ATTRIBUTES=a=b,c", "OTEL_RESOURCE_ATTRIBUTES: 'c' is no attribute (key=value,key=value)" },
        { $"{General}CERTIFICATE=/nowhere.pem", $"{General}CERTIFICATE: /nowhere.pem cannot be used: Could not find "
            + "file '/nowhere.pem'." },
        { $"{General}CLIENT_KEY=/k.pem", $"{General}CLIENT_KEY: there is no certificate for it "
            + $"({General}CLIENT_CERTIFICATE)" },
        { $"{OfMetrics}CLIENT_CERTIFICATE=/c.pem", $"{OfMetrics}CLIENT_CERTIFICATE: there is no key for it "
            + $"({General}CLIENT_KEY)" },
    };

    public void Dispose() => directory.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Variables))]
    public void Variables_Hold(string variables, string expected) => Assert.Equal(expected, Text(
        OtlpSettings.For(OtlpSignal.Metrics, new PushOptions(), Of(variables), fault => Assert.Fail(fault))));

    [Theory]
    [MemberData(nameof(Faults))]
    public void WhatIsWrong_IsAFaultAtTheStart_WhereSomethingIsPushed(string variables, string expected)
    {
        var (name, value) = (variables[..variables.IndexOf('=')], variables[(variables.IndexOf('=') + 1)..]);
        var environment = new Dictionary<string, string> { [$"{General}ENDPOINT"] = "http://a" };
        environment[name] = value;
        Assert.Equal([expected], Configured.By([], environment).Faults);
        // Where nothing is pushed it is somebody else's.
        if (!name.EndsWith("ENDPOINT", StringComparison.Ordinal))
        {
            Assert.Empty(Configured.By([], new() { [name] = value }).Faults);
        }
    }

    /// <summary>Flag, our variable and file over the standard variables; a base gets the path in any case.</summary>
    [Fact]
    public void Settings_WinOverVariables()
    {
        var said = Configured.By(
            ["--otlp.endpoint=http://flag:1/x"], new() { ["ACCT_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" },
            "otlp: {interval: 7s, timeout: 3s, compression: none, histograms: explicit}\n");
        Assert.Empty(said.Faults);
        var all = Of($"{OfMetrics}ENDPOINT=http://m/;{General}PROTOCOL=grpc;OTEL_METRIC_EXPORT_INTERVAL=1;"
            + $"{General}TIMEOUT=1;{General}COMPRESSION=gzip;{General}HEADERS=a=b;"
            + $"{OfMetrics}DEFAULT_HISTOGRAM_AGGREGATION=base2_exponential_bucket_histogram");
        Assert.Equal("http://flag:1/x/v1/metrics HttpProtobuf [a=b] 3s None 7s 30s Explicit",
            Text(OtlpSettings.For(OtlpSignal.Metrics, said.Options.Push, all)));
        Assert.Equal("http://flag:1/x/v1/logs HttpProtobuf [a=b] 3s None 7s 30s Explicit",
            Text(OtlpSettings.For(OtlpSignal.Logs, said.Options.Push, all)));
    }

    [Fact]
    public void Resource_SaysWhoPushes_AndTheEnvironmentWins()
    {
        var build = new BuildFacts("1.2.3", "abc");
        Assert.Equal(
            "host.id=0af,host.name=db1,os.type=linux,service.instance.id=db1,service.name=acct-exporter,"
            + "service.version=1.2.3",
            Attributes("", "0af"));
        Assert.Equal(
            "a b=c=d,host.name=x,os.type=linux,service.instance.id=db1,service.name=mine,service.version=1.2.3",
            Attributes("OTEL_RESOURCE_ATTRIBUTES=a%20b=c%3Dd, host.name=x,service.name=y;OTEL_SERVICE_NAME=mine", ""));

        string Attributes(string variables, string machineId) => string.Join(',',
            OtlpResource.Of(build, Of(variables), "db1", machineId).OrderBy(one => one.Key, StringComparer.Ordinal)
                .Select(one => $"{one.Key}={one.Value}"));
    }

    /// <summary>Certificates that can be read are used; of the signal before the general ones.</summary>
    [Fact]
    public void Certificates_AreRead()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest(
            "CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var file = Path.Combine(directory.FullName, "cert.pem");
        var keyFile = Path.Combine(directory.FullName, "key.pem");
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        var settings = OtlpSettings.For(OtlpSignal.Metrics, new PushOptions(), Of(
            $"{General}ENDPOINT=https://a;{General}CERTIFICATE=/no;{OfMetrics}CERTIFICATE={file};"
            + $"{General}CLIENT_CERTIFICATE={file};{OfMetrics}CLIENT_KEY={keyFile}"), fault => Assert.Fail(fault))!;
        Assert.Equal((file, file, keyFile),
            (settings.CertificateFile, settings.ClientCertificateFile, settings.ClientKeyFile));
        using var client = new OtlpConnection(settings).CreateClient();
        Assert.Equal(settings.Timeout, client.Timeout);
    }

    /// <summary>What a receiver answers, or does not, as a log says it; none takes longer than it may.</summary>
    [Fact]
    public void ReceiversInTrouble_AreSaidInWords()
    {
        using var receiver = new OtlpReceiver();
        Assert.Equal("", ProblemOf(receiver.HttpEndpoint, "http/protobuf"));
        Assert.Equal("", ProblemOf(receiver.GrpcEndpoint, "grpc"));
        receiver.Mood = ReceiverMood.Refuses;
        Assert.StartsWith("HTTP 503", ProblemOf(receiver.HttpEndpoint, "http/protobuf"), StringComparison.Ordinal);
        Assert.StartsWith("gRPC status 14", ProblemOf(receiver.GrpcEndpoint, "grpc"), StringComparison.Ordinal);
        receiver.Mood = ReceiverMood.Hangs;
        Assert.Equal("no answer in time", ProblemOf(receiver.HttpEndpoint, "http/protobuf", "300ms"));
        Assert.Equal("no answer in time", ProblemOf(receiver.GrpcEndpoint, "grpc", "300ms"));
        // What is asked of the wrong door is said with what it mostly comes from, and with one full stop.
        receiver.Mood = default;
        var secure = receiver.HttpEndpoint.Replace("http:", "https:", StringComparison.Ordinal);
        var plain = ProblemOf(secure, "http/protobuf");
        Assert.Contains("https:// is for a receiver with TLS", plain, StringComparison.Ordinal);
        Assert.DoesNotContain(". (", plain, StringComparison.Ordinal);
        Assert.Contains(
            "grpc is for a receiver of gRPC", ProblemOf(receiver.HttpEndpoint, "grpc"), StringComparison.Ordinal);
        var nobody = $"http://127.0.0.1:{PeerServer.FreePort()}";
        Assert.Contains("refused", ProblemOf(nobody, "http/protobuf"), StringComparison.Ordinal);
    }

    /// <summary>Pushes once by the product's own way; why it failed, or nothing.</summary>
    private static string ProblemOf(string endpoint, string protocol, string timeout = "10s")
    {
        var options = Configured.By($"--otlp.endpoint={endpoint}", $"--otlp.protocol={protocol}",
            $"--otlp.timeout={timeout}", "--otlp.compression=gzip").Options.Push;
        var settings = OtlpSettings.For(OtlpSignal.Metrics, options, _ => null)!;
        var connection = new OtlpConnection(settings);
        using var source = PushLab.Fresh();
        source.Count(new ProcessExit());
        using var push = new MetricsPush(
            new PushSources(source, null, null),
            new PushMeterOptions([.. Catalog.All.Where(family => !family.ScrapeOnly)], settings.Histograms,
                ResourceBuilder.CreateEmpty,
                () => new PushExporter(settings.ExporterOptions(connection), TimeProvider.System), "1"),
            settings,
            new PushBook("metrics", settings.Endpoint, TimeProvider.System, new Capture.RecordedLog()),
            () => connection.Problem, TimeProvider.System);
        return push.Push() ? "" : connection.Problem;
    }

    private static Func<string, string?> Of(string variables)
    {
        var read = variables.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(variable => variable.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return name => read.GetValueOrDefault(name);
    }

    private static string Text(OtlpSettings? settings) => settings is null ? "nothing" : FormattableString.Invariant(
        $"{settings.Endpoint} {settings.Protocol} [{settings.Headers}] {settings.Timeout.TotalSeconds}s ")
        + FormattableString.Invariant($"{settings.Compression} {settings.Interval.TotalSeconds}s ")
        + FormattableString.Invariant($"{settings.PushTimeout.TotalSeconds}s {settings.Histograms}");
}
