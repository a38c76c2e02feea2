// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// <c>dump-acct</c> on the fixtures, beside which lies what GNU's printed; and its records of other forms.
/// </summary>
public sealed class DumpAcctTests
{
    private const long Now = 1_811_894_400;

    [Theory]
    [InlineData("real-behaviours")]
    [InlineData("real-hugevm")]
    [InlineData("real-kthreads")]
    [InlineData("real-tty")]
    [InlineData("synth-bigvalues")]
    [InlineData("synth-mix")]
    [InlineData("synth-multiversion")]
    [InlineData("synth-v0")]
    [InlineData("synth-v2")]
    [InlineData("synth-v3-bigendian")]
    public void Fixtures_AreDumpedAsGnuDid(string name)
    {
        var ours = Run(PacctFixture.Bytes(name + ".pacct"), "--compat");
        // What went to stderr is in the file, too.
        var theirs = Encoding.Latin1.GetString(PacctFixture.Bytes(name + ".dump-acct.txt")).Split('\n')
            .Where(line => !line.StartsWith("ERROR:", StringComparison.Ordinal));
        Assert.Equal(string.Join('\n', theirs), ours.Text);
    }

    [Fact]
    public void ControlCharacters_AreShownSafely()
    {
        var bytes = PacctFixture.Bytes("real-behaviours.pacct");
        Assert.DoesNotContain('\u001b', Run(bytes).Text);
        Assert.Contains("\u001b[31mred", Run(bytes, "--print-controls").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v2")]
    [InlineData("2")]
    [InlineData("v3", "--byteswap")]
    [InlineData("0", "--byteswap")]
    public void RecordsOfAnotherForm_SayTheSame(params string[] form)
    {
        var bytes = PacctFixture.Bytes("synth-mix.pacct");
        var other = Run(bytes, ["--raw", "--format", .. form]);
        Assert.NotEqual(bytes, other.Output);
        // v0 and v2 have no room for the process ids.
        string[] shown = form[0] == "v3" ? ["--pid", "-f", "-"] : ["-f", "-"];
        Assert.Equal(
            Applet.Run("lastcomm", shown, Now, input: bytes).Text,
            Applet.Run("lastcomm", shown, Now, input: other.Output).Text);
    }

    /// <summary>The field says which ticks the times are in, so that they read back as they were.</summary>
    [Fact]
    public void OtherTicks_AreSaidInTheRecord()
    {
        var bytes = PacctFixture.Bytes("synth-mix.pacct");
        var other = Run(bytes, "--raw", "--format", "v2", "--ahz", "1000").Output;
        Assert.Equal(1000, BitConverter.ToUInt16(other, 30));
        Assert.Equal(100, BitConverter.ToUInt16(Run(
            bytes, "--compat", "--raw", "--format", "v2", "--ahz", "1000").Output, 30));
        Assert.Equal(
            Applet.Run("lastcomm", ["-f", "-"], Now, input: bytes).Text,
            Applet.Run("lastcomm", ["-f", "-"], Now, input: other).Text);
    }

    [Fact]
    public void Choices_HoldForTextAndRecords()
    {
        var bytes = PacctFixture.Bytes("synth-mix.pacct");
        Assert.Equal(3, Run(bytes, "--command", "alpha").Text.Split('\n').Length - 1);
        Assert.Equal(3 * 64, Run(bytes, "--command", "alpha", "--raw").Output.Length);
    }

    /// <summary>printf has a sign before a 0 that has one.</summary>
    [Fact]
    public void AnElapsedTimeOfLessThanNothing_IsAsPrintfHasIt()
    {
        var record = PacctFixture.Bytes("synth-mix.pacct")[..64];
        BitConverter.TryWriteBytes(record.AsSpan(28), -0f);
        Assert.Contains("|    -0.00|", Run(record, "--compat").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void AGroupThatIsCut_IsCounted()
    {
        var record = PacctFixture.Bytes("synth-mix.pacct")[..64];
        BitConverter.TryWriteBytes(record.AsSpan(8), 7);
        Assert.DoesNotContain("above 65535", Run(record, "--raw", "--format", "v0").Errors, StringComparison.Ordinal);
        BitConverter.TryWriteBytes(record.AsSpan(12), 65_536);
        Assert.Contains("above 65535", Run(record, "--raw", "--format", "v0").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void AUserThatIsCut_IsCounted()
    {
        var result = Run(PacctFixture.Bytes("synth-v2.pacct"), "--raw", "--format", "v0");
        Assert.Contains("with a user or group above 65535", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--raw --format json", "--raw writes records: leave out --format=json")]
    [InlineData("--format v4", "--format: 'v4' is none of table, json, csv, v0")]
    [InlineData("-n 0", "--num: '0' is no whole number of lines from 1")]
    public void AMistake_IsSaid(string words, string fault)
    {
        var result = Run([], words.Split(' '));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(fault, result.Errors, StringComparison.Ordinal);
    }

    /// <summary>For whole numbers, which kernels encode, both are the kernel's own encodings.</summary>
    [Fact]
    public void WholeTicks_AreEncodedAsTheKernelDoes()
    {
        var random = new Random(20_261_124);
        for (var i = 0; i < 100_000; i++)
        {
            var ticks = (ulong)random.NextInt64(1L << random.Next(1, 50));
            Assert.Equal(CompT.Encode(ticks), CompTicks.Encode(ticks));
            Assert.Equal(Comp2T.Encode(ticks), CompTicks.EncodeFine(ticks));
        }

        Assert.Equal((ushort)1, CompTicks.Encode(0.5));
        Assert.Equal((ushort)0, CompTicks.Encode(0.49));
        Assert.Equal(CompT.Encode(8192), CompTicks.Encode(8191.5));
        Assert.Equal(ushort.MaxValue, CompTicks.Encode(1e300));
        Assert.Equal(0xffffffu, CompTicks.EncodeFine(1e300));
    }

    private static ToolResult Run(byte[] input, params string[] words) =>
        Applet.Run("dump-acct", [.. words, "-"], Now, input: input);
}
