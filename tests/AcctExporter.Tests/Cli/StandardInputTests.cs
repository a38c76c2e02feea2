// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Cli;

/// <summary>Which standard input the commands read that are given no file.</summary>
public sealed class StandardInputTests : IDisposable
{
    /// <summary>Vector T-P5, a real record, of a user that there is not.</summary>
    private const string Record =
        "000300000003000002286bee00000000" + "0300000001000000d719026b00007442"
        + "0a002900274400000000" + "3c1000000000" + "6275726e000000000000000000000000";

    private const string User = "4000000002";
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "acct-exporter");
    private readonly TemporaryDirectory folder = new();

    public static TheoryData<string, string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, bool>();
            foreach (var command in new[] { "acctcom", "acctprc", "acctprc1" })
            {
                cases.Add(command, "cat records | COMMAND", true);
                cases.Add(command, "{ sleep 0.2; cat records; } | COMMAND", true);
                cases.Add(command, "gzip -c records | COMMAND", true);
                cases.Add(command, "COMMAND < records", true);
                cases.Add(command, "mkfifo queue; cat records > queue & COMMAND < queue", true);
                cases.Add(command, ": | COMMAND", false);
                cases.Add(command, "COMMAND < /dev/null", false);
                cases.Add(command, "COMMAND <&-", false);
                cases.Add(command, "COMMAND < /dev/tcp/127.0.0.1/PORT", false);
                cases.Add(command, ": | COMMAND FILE", true);
                cases.Add(command, "COMMAND FILE < /dev/null", true);
            }

            cases.Add("acctcom --compat", "cat records | COMMAND", true);
            cases.Add("acctcom --compat", "COMMAND < /dev/tcp/127.0.0.1/PORT", true);
            cases.Add("acctcom --compat", "COMMAND < /dev/null", false);
            return cases;
        }
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task StandardInput_IsRead_WhenSomethingIsThere(string command, string line, bool isRead)
    {
        var record = Convert.FromHexString(Record);
        File.WriteAllBytes(folder.Of("records"), record);
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var served = line.Contains("PORT", StringComparison.Ordinal) ? ServeAsync(server, record) : Task.CompletedTask;
        line = line.Replace("PORT", $"{((IPEndPoint)server.LocalEndpoint).Port}", StringComparison.Ordinal)
            .Replace("FILE", command == "acctprc1" ? "-f records" : "records", StringComparison.Ordinal)
            .Replace("COMMAND", $"timeout 60 {Program} {command} --storage.path=/nowhere", StringComparison.Ordinal);

        var (code, output, errors) = Shell(line);
        await served;

        // Numbers beyond 31 bits are negative ones to the classic command.
        Assert.Equal(isRead, output.Contains(User, StringComparison.Ordinal)
            || output.Contains("-294967294", StringComparison.Ordinal));
        Assert.True(isRead ? code == 0 : code == 3 || File.Exists("/var/log/account/pacct"), errors);
    }

    /// <summary>An empty file is an accounting file without an exit.</summary>
    [Theory]
    [InlineData("acctcom")]
    [InlineData("acctcom --compat")]
    [InlineData("acctprc1")]
    public void AnEmptyFile_IsReadAsSuch(string command)
    {
        folder.File("records");
        var (code, output, errors) = Shell($"{Program} {command} --storage.path=/nowhere < records");
        Assert.Equal((0, ""), (code, output));
        Assert.DoesNotContain("/nowhere", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptyPipe_IsEmpty_ToTheClassicCommand() =>
        Assert.Equal((0, "", ""), Shell($": | {Program} acctcom --compat --storage.path=/nowhere"));

    private static async Task ServeAsync(TcpListener server, byte[] record)
    {
        using var peer = await server.AcceptSocketAsync();
        await peer.SendAsync(record);
        peer.Shutdown(SocketShutdown.Send);
    }

    private (int Code, string Output, string Errors) Shell(string line)
    {
        var start = new ProcessStartInfo("bash", ["-c", line])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
