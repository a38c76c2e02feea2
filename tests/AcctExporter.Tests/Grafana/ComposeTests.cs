// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using AcctExporter.Tests.Tidy;
using YamlDotNet.RepresentationModel;

namespace AcctExporter.Tests.Grafana;

/// <summary>
/// What <c>deploy/compose.yaml</c> starts is there, pinned and local. It is not started here; what its parts say of
/// their files tell <see cref="ComposeToolTests"/>.
/// </summary>
public partial class ComposeTests
{
    private const string File = "deploy/compose.yaml";

    private static readonly string[] ServiceKeys =
        ["image", "command", "ports", "extra_hosts", "volumes", "environment", "depends_on", "restart"];

    [Fact]
    public void TheFile_KeepsTheRules() => Repository.None(Faults(Text(File)));

    [Theory]
    [InlineData("prom/prometheus:v3.5.0", "prom/prometheus:latest")]
    [InlineData("127.0.0.1:9090:9090", "9090:9090")]
    [InlineData("./compose/prometheus.yml:", "./compose/none.yml:")]
    [InlineData("alertmanager.yml:ro", "alertmanager.yml")]
    [InlineData("restart: unless-stopped", "restrat: unless-stopped")]
    [InlineData("- grafana:/var/lib/grafana", "- grafna:/var/lib/grafana")]
    [InlineData("dashboards/acct-overview.json", "dashboards/none.json")]
    [InlineData("depends_on: [prometheus]", "depends_on: [prometheuz]")]
    public void ARule_SeesWhatBreaksIt(string right, string wrong)
    {
        var text = Text(File);
        Assert.Contains(right, text, StringComparison.Ordinal);
        Assert.NotEmpty(Faults(text.Replace(right, wrong, StringComparison.Ordinal)));
    }

    /// <summary>Each file that is mounted names what the others call by that name.</summary>
    [Fact]
    public void ThePartsAgree()
    {
        var sources = Map(Text("deploy/compose/datasources.yaml"));
        var source = (YamlMappingNode)sources["datasources"][0];
        Assert.Equal(("prometheus", "prometheus"), (Scalar(source["uid"]), Scalar(source["type"])));
        Assert.Equal("http://prometheus:9090", Scalar(source["url"]));
        var provider = (YamlMappingNode)Map(Text("deploy/compose/dashboards.yaml"))["providers"][0];
        var place = Scalar(provider["options"]["path"]);
        Assert.Contains($"- ../grafana:{place}:ro", Text(File), StringComparison.Ordinal);
        var prometheus = Map(Text("deploy/compose/prometheus.yml"));
        Assert.Equal(Scalar(source["jsonData"]["timeInterval"]), Scalar(prometheus["global"]["scrape_interval"]));
        Assert.Equal("acct-exporter", Scalar(prometheus["scrape_configs"][0]["job_name"]));
        Assert.Contains("alertmanager:9093", Text("deploy/compose/prometheus.yml"), StringComparison.Ordinal);
    }

    internal static string Text(string path) =>
        System.IO.File.ReadAllText(Path.Combine(Repository.Root, path));

    private static IEnumerable<string> Faults(string text)
    {
        var root = Map(text);
        var services = (YamlMappingNode)root["services"];
        var volumes = ((YamlMappingNode)root["volumes"]).Children.Keys.Select(Scalar).ToHashSet();
        foreach (var (key, value) in services.Children)
        {
            var (name, service) = (Scalar(key), (YamlMappingNode)value);
            foreach (var unknown in service.Children.Keys.Select(Scalar).Except(ServiceKeys))
            {
                yield return $"{name}: {unknown}?";
            }

            if (!Pinned().IsMatch(Scalar(service["image"])))
            {
                yield return $"{name}: {service["image"]} is no version";
            }

            foreach (var port in List(service, "ports").Where(port => !port.StartsWith("127.0.0.1:", Ordinal)))
            {
                yield return $"{name}: {port} is open to everybody";
            }

            foreach (var other in List(service, "depends_on").Where(other => !services.Children.ContainsKey(other)))
            {
                yield return $"{name}: there is no service {other}";
            }

            foreach (var fault in List(service, "volumes").SelectMany(volume => VolumeFaults(volume, volumes)))
            {
                yield return $"{name}: {fault}";
            }
        }

        var home = Home().Match(text).Groups[1].Value;
        if (Dashboard.All.All(board => $"grafana/{home}" != board.Path))
        {
            yield return $"there is no dashboard {home}";
        }
    }

    private static IEnumerable<string> VolumeFaults(string volume, HashSet<string> volumes)
    {
        var parts = volume.Split(':');
        if (parts[0][0] != '.')
        {
            if (!volumes.Contains(parts[0]))
            {
                yield return $"there is no volume {parts[0]}";
            }
        }
        else if (!Path.Exists(Path.Combine(Repository.Root, "deploy", parts[0])) || parts is not [_, _, "ro"])
        {
            yield return $"{volume} is missing, or can be written";
        }
    }

    private static YamlMappingNode Map(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static string Scalar(YamlNode node) => ((YamlScalarNode)node).Value ?? "";

    private static IEnumerable<string> List(YamlMappingNode service, string key) =>
        service.Children.TryGetValue(key, out var list) ? ((YamlSequenceNode)list).Select(Scalar) : [];

    private const StringComparison Ordinal = StringComparison.Ordinal;

    [GeneratedRegex(@"^[a-z]+/[a-z]+:v?\d+\.\d+\.\d+$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"HOME_DASHBOARD_PATH: \S+/([\w.-]+)")]
    private static partial Regex Home();
}
