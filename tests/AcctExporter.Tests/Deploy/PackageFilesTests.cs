// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using AcctExporter.Cli;
using AcctExporter.Config;
using AcctExporter.Doctor;
using AcctExporter.Kernel;
using AcctExporter.Tests.Golden;

namespace AcctExporter.Tests.Deploy;

/// <summary>The files that a service and a package are made of say what the program says.</summary>
public sealed class PackageFilesTests
{
    /// <summary>With the settings that it comes with, it gets what these need, and can get no more.</summary>
    [Fact]
    public void Service_HasTheRightsOfTheTable()
    {
        var needed = RightsTable.AtStart(RightsPlan.FeaturesOf(new AgentOptions()));
        Assert.NotEqual(0UL, needed);
        var lines = File.ReadAllLines(Of("acct-exporter.service"));
        foreach (var key in (string[])["AmbientCapabilities=", "CapabilityBoundingSet="])
        {
            var line = Assert.Single(lines, line => line.StartsWith(key, StringComparison.Ordinal));
            var given = line[key.Length..].Split(' ')
                .Aggregate(0UL, (bits, name) => bits | (1UL << CapabilitySets.Number(name)));
            Assert.Equal(CapabilitySets.Text(needed), CapabilitySets.Text(given));
        }
    }

    /// <summary>Whose work is in the program is named, package by package, and nobody else.</summary>
    [Fact]
    public void Copyright_NamesEachPackageInTheProgram()
    {
        var text = string.Join(' ', File.ReadAllText(Of("deb/copyright"))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        using var parts = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "acct-exporter.deps.json")));
        var packages = parts.RootElement.GetProperty("libraries").EnumerateObject()
            .Where(part => part.Value.GetProperty("type").GetString() == "package")
            .Select(part => part.Name.Split('/')[0]).ToArray();
        Assert.True(packages.Length > 5);
        Assert.All(
            [.. packages, "Microsoft.NETCore.App.Runtime", "Microsoft.AspNetCore.App.Runtime"],
            package => Assert.Contains(text.Split(' '), word => word.TrimEnd(',', '.') == package));
    }

    private static string Of(string file) => Path.Combine(GoldenFile.RepositoryRoot, "deploy", file);
}
