// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Config;

namespace AcctExporter.Tests.Docs;

/// <summary>What a reload changes is said in one place, and is what the table of settings says.</summary>
public class ReloadTests
{
    [Fact]
    public void Rules_NameWhatAReloadChanges()
    {
        var file = MarkdownFile.All.Single(one => one.Path == "docs/rules.md");
        var begin = file.Prose.FindIndex(line => line.Text == "### What a reload changes") + 2;
        var end = file.Prose.FindIndex(begin, line => line.Text.Length == 0);
        var (first, last) = (file.Prose[begin].Number, file.Prose[end].Number);
        var named = file.CodeSpans.Where(span => span.Line >= first && span.Line < last).Select(span => span.Text);

        Assert.Equal(
            SettingTable.All.Where(setting => setting.Reloads).Select(setting => setting.Key)
                .Append(SettingTable.Rules).Order(StringComparer.Ordinal),
            named.Order(StringComparer.Ordinal));
    }
}
