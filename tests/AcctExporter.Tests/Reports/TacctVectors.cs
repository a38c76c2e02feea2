// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Cli;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Reports;

/// <summary>Files of total accounting for the tests of acctmerg and prtacct, and runs of these commands.</summary>
internal sealed class TacctVectors : IDisposable
{
    /// <summary>2026-07-02 04:00:00 UTC.</summary>
    public const long Now = 1_782_964_800;

    /// <summary>The connect time of alice and bob, of illumos with 64 bits: made with Python's struct.</summary>
    public static readonly byte[] Connect = Convert.FromHexString(
        "e9030000616c6963650000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        + "00e14300801d440000000000000000000000000200000000000000"
        + "ea030000626f6200000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        + "00d242000000000000000000000000000000000200000000000000");

    /// <summary>Their processes.</summary>
    public static readonly byte[] Process = Convert.FromHexString(
        "e9030000616c69636500000000000000000000000000000000000000000000000000000096430b3d8988083d11110942dedd054200"
        + "000000000000000000000002000000000000000000000000000000"
        + "ea030000626f6200000000000000000000000000000000000000000000000000000000000000000013f57f4100000000873a004700"
        + "000000000000000000000001000000000000000000000000000000");

    public const string Dtmp = "1001\talice\t1240\n1002\tbob\t88\n";

    public const string Fee = "1001 alice 0 0 0 0 0 0 0 0 0 0 7\n";

    private readonly TemporaryDirectory folder = new();

    public string Of(string name) => folder.Of(name);

    public string Put(string name, byte[] bytes)
    {
        File.WriteAllBytes(Of(name), bytes);
        return Of(name);
    }

    public string Put(string name, string text) => Put(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Runs a command line.</summary>
    public static ToolResult Run(byte[] input, params string[] line) =>
        Applet.Run(line[0], line[1..], Now, input: input);

    /// <summary>The output of one that ends well and says nothing.</summary>
    public static byte[] Bytes(byte[] input, params string[] line)
    {
        var result = Run(input, line);
        Assert.Equal(("", ExitCode.Done), (result.Errors, result.ExitCode));
        return result.Output;
    }

    /// <summary>The same as text.</summary>
    public static string Text(byte[] input, params string[] line) => Encoding.UTF8.GetString(Bytes(input, line));

    /// <summary>The same, with text as its input.</summary>
    public static string Text(string input, params string[] line) => Text(Encoding.UTF8.GetBytes(input), line);

    /// <summary>The day of the vectors in a file, made by the commands.</summary>
    public string Day(bool compat)
    {
        string[] mode = compat ? ["--compat"] : ["--read-as", "illumos64"];
        string[] own = compat ? ["--compat"] : [];
        var disk = Put("disktacct", Bytes(Encoding.UTF8.GetBytes(Dtmp), ["acctdisk", .. own]));
        var fee = Put("feetacct", Bytes(Encoding.UTF8.GetBytes(Fee), ["acctmerg", "-i", .. own]));
        var process = Put("ptacct", Process);
        return Put("daytacct", Bytes(Connect, ["acctmerg", .. mode, process, disk, fee]));
    }

    public void Dispose() => folder.Dispose();
}
