// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.RealSystem;
using AcctExporter.Tests.Tidy;
using YamlDotNet.RepresentationModel;

namespace AcctExporter.Tests.Helm;

/// <summary>The chart as its files say it, and as the real helm renders it.</summary>
internal static class Chart
{
    /// <summary>Where it is, from the root.</summary>
    public const string Folder = "helm/acct-exporter";

    /// <summary>Files of values that the chart is rendered with, from the root.</summary>
    public static string[] ValueFiles { get; } =
        [.. Repository.Files($"{Folder}/ci").Where(path => path.EndsWith("-values.yaml", StringComparison.Ordinal))];

    /// <summary>Full path of a file of the chart.</summary>
    public static string Full(string name) => Path.Combine(Repository.Root, Folder, name);

    /// <summary>Text of a file of the chart.</summary>
    public static string Text(string name) => File.ReadAllText(Full(name));

    /// <summary>Runs helm to its end; it reaches for nothing outside of the folder it is given.</summary>
    public static (int Code, string Output, string Errors) Helm(params string[] arguments)
    {
        using var home = new TemporaryDirectory();
        var start = new ProcessStartInfo(Tools.Helm, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["HOME"] = home.Path, ["KUBECONFIG"] = home.Of("none") },
        };
        return Finish(start);
    }

    /// <summary>Runs any other tool likewise.</summary>
    public static (int Code, string Output, string Errors) Run(string program, params string[] arguments) =>
        Finish(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        });

    /// <summary>Renders the chart; a fault fails the test.</summary>
    public static string Render(params string[] arguments)
    {
        var (code, output, errors) =
            Helm(["template", "release", Full(""), "--namespace", "accounting", .. arguments]);
        Assert.True(code == 0 && errors.Length == 0, $"{string.Join(' ', arguments)}: {errors}");
        return output;
    }

    /// <summary>Renders it with one of <see cref="ValueFiles"/>, by its name: tls, monitor, ...</summary>
    public static Manifest[] Of(string name, params string[] arguments) =>
        Manifest.Parse(Render(["--values", Full($"ci/{name}-values.yaml"), .. arguments]));

    private static (int Code, string Output, string Errors) Finish(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}

/// <summary>One rendered manifest.</summary>
/// <param name="Root">The whole of it.</param>
internal sealed record Manifest(YamlMappingNode Root)
{
    /// <summary>Its kind: DaemonSet, Service, ...</summary>
    public string Kind => this["kind"]!;

    /// <summary>Its name.</summary>
    public string Name => this["metadata/name"]!;

    /// <summary>The text at a path (<c>spec/ports/0/name</c>); null when there is none.</summary>
    public string? this[string path] => At(path) is YamlScalarNode scalar ? scalar.Value : null;

    /// <summary>The texts of the list at a path; none when there is no list.</summary>
    public string[] List(string path) =>
        At(path) is YamlSequenceNode list ? [.. list.Select(one => ((YamlScalarNode)one).Value!)] : [];

    /// <summary>The node at a path; null when there is none.</summary>
    public YamlNode? At(string path)
    {
        YamlNode? node = Root;
        foreach (var part in path.Split('/'))
        {
            node = node switch
            {
                YamlMappingNode map => map.Children.GetValueOrDefault(new YamlScalarNode(part)),
                YamlSequenceNode list when int.Parse(part) < list.Children.Count => list[int.Parse(part)],
                _ => null,
            };
        }

        return node;
    }

    /// <summary>The manifests of a rendering.</summary>
    public static Manifest[] Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>()
            .Select(root => new Manifest(root))];
    }
}
