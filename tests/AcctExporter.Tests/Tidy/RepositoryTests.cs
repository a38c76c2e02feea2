// SPDX-License-Identifier: Apache-2.0
using System.Runtime.Versioning;
using System.Text;

namespace AcctExporter.Tests.Tidy;

/// <summary>The files of the house, and what no file of it may say.</summary>
[SupportedOSPlatform("linux")]
public class RepositoryTests
{
    private static readonly string[] House =
    [
        "AcctExporter.sln", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
        "global.json", ".editorconfig",
        "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE", "Dockerfile",
        ".ci/run", "deploy/run.sh", "deploy/acct-exporter.service", "deploy/acct-exporter.socket",
        "grafana/README.md", "helm/README.md",
        "src/AcctExporter/AcctExporter.csproj", "src/AcctExporter/Program.cs",
        "tests/AcctExporter.Tests/AcctExporter.Tests.csproj",
        "tests/AcctExporter.Benchmarks/AcctExporter.Benchmarks.csproj", "tests/run.sh", "tests/fetch-debs.sh",
        "tests/fetch-helm.sh", "tests/lanes.txt", "helm/acct-exporter/Chart.yaml",
        "docs/README.md", "docs/how-it-works.md", "docs/limits.md", "docs/metrics.md", "docs/accuracy.md",
        "docs/configuration.md", "docs/rules.md", "docs/events.md", "docs/migration.md", "docs/troubleshooting.md",
        "docs/benchmarks.md", "docs/formats/journal.md", "docs/formats/checkpoint.md",
    ];

    private static readonly string[] Commands =
    [
        ".ci/run", "deploy/run.sh", "deploy/install.sh", "deploy/publish.sh", "deploy/package.sh", "tests/run.sh",
        "tests/fetch-debs.sh", "tests/fetch-helm.sh", "tests/debian-root.sh",
    ];

    /// <summary>Places that only its writers can see, in pieces so that this file does not name them.</summary>
    private static readonly string[] Forbidden =
        [string.Concat("/wo", "rk/"), string.Concat("sha", "red/DESIGN"), string.Concat("sha", "red/reference")];

    [Fact]
    public void TheHouse_HasItsFiles() => Repository.None(
        House.Where(path => !File.Exists(Path.Combine(Repository.Root, path))).Select(path => $"{path} is missing"));

    [Fact]
    public void Commands_CanBeStarted() => Repository.None(
        Commands.Where(path => !File.GetUnixFileMode(Path.Combine(Repository.Root, path))
                .HasFlag(UnixFileMode.UserExecute))
            .Select(path => $"{path} is not executable"));

    [Fact]
    public void NoFile_NamesAPrivatePlace() => Repository.None(
        Repository.Files().SelectMany(path =>
            PrivatePlaces(File.ReadAllBytes(Path.Combine(Repository.Root, path))).Select(place => $"{path}: {place}")));

    [Fact]
    public void ARule_SeesWhatBreaksIt() =>
        Assert.Equal(Forbidden, PrivatePlaces(Encoding.UTF8.GetBytes("see " + string.Join(" and ", Forbidden) + "x")));

    /// <summary>Byte by byte, because fixtures are files of the house too.</summary>
    private static IEnumerable<string> PrivatePlaces(byte[] content) =>
        Forbidden.Where(place => content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(place)) >= 0);
}
