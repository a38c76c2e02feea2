// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Cli;
using AcctExporter.Reports;
using AcctExporter.Tests.Reports;

namespace AcctExporter.Tests.Cli;

/// <summary>The help of the classic commands.</summary>
public sealed class AppletHelpTests
{
    [Theory]
    [InlineData("sa", "Like sa(8) of GNU acct.", "docs/differences.md#sa; --compat gives the original")]
    [InlineData("lastcomm", "Like lastcomm(1) of GNU acct.", "docs/differences.md#")]
    [InlineData("dump-acct", "Like dump-acct(8) of GNU acct.", "docs/differences.md#")]
    [InlineData("accton", "Like accton(8) of GNU acct.", "docs/differences.md#")]
    public void Help_BeginsWithExamples_AndEndsWithWhatDiffers(string name, string like, string differs)
    {
        var io = new ReportIo(Stream.Null, Stream.Null, TextWriter.Null, TimeProvider.System);
        using var output = new StringWriter();
        var code = CommandTree.All(io).Parse([name, "--help"]).Invoke(new() { Output = output });
        var text = output.ToString();
        Assert.Equal(0, code);
        Assert.StartsWith("Examples:\n  acct-exporter " + name, text, StringComparison.Ordinal);
        Assert.Contains(like, text, StringComparison.Ordinal);
        Assert.StartsWith(
            "What differs: ", text.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.Contains(differs, text.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    /// <summary>Nothing is switched by a call that says nothing.</summary>
    [Fact]
    public void Accton_WantsAWord()
    {
        var result = Applet.Run("accton", [], 0);
        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains("say on, off, or the name of a file", result.Errors, StringComparison.Ordinal);
    }
}
