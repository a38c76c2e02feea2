// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Cli;
using AcctExporter.Config;
using AcctExporter.Doctor;
using AcctExporter.Kernel;
using AcctExporter.Tests.Golden;

namespace AcctExporter.Tests.Docs;

/// <summary>docs/privileges.md has the table that the agent goes by, and no other.</summary>
public class PrivilegesTests
{
    private static readonly string[] Lines =
        File.ReadAllLines(Path.Combine(GoldenFile.RepositoryRoot, "docs", "privileges.md"));

    [Fact]
    public void Document_HasEachRow()
    {
        var rows = RightsTable.Rows.Select(row => $"| {row.Name} | `{row.Capability}` | "
            + $"{(row.Always ? "always" : "at the start")} | {row.Without} | `{row.Sign.Trim()}` |");
        Assert.Equal(rows, Lines.Where(line => 
            line.Contains("| always |", StringComparison.Ordinal)
                || line.Contains("| at the start |", StringComparison.Ordinal)));
    }

    /// <summary>What opens every door is never kept, whatever is configured.</summary>
    [Theory]
    [InlineData("CAP_DAC_OVERRIDE")]
    [InlineData("CAP_SYS_ADMIN")]
    [InlineData("CAP_SETUID")]
    [InlineData("CAP_SETGID")]
    [InlineData("CAP_NET_ADMIN")]
    public void WhatIsNeverKept(string capability) =>
        Assert.Equal(0UL, RightsTable.Always((Feature)int.MaxValue) >> CapabilitySets.Number(capability) & 1);

    /// <summary>The default configuration goes on needing one.</summary>
    [Fact]
    public void Default_KeepsOne() => Assert.Equal(
        "CAP_SYS_PACCT", CapabilitySets.Text(RightsTable.Always(RightsPlan.FeaturesOf(new AgentOptions()))));
}
