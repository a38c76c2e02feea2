// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AcctExporter.Capture;
using AcctExporter.Doctor;
using AcctExporter.Ledger;
using AcctExporter.Web;

namespace AcctExporter.Cli;

/// <summary>The part of the effective configuration that the host must allow.</summary>
internal sealed record DoctorInput
{
    /// <summary>Directories, source, taskstats.</summary>
    public CaptureOptions Capture { get; init; } = new();

    /// <summary>Labels beside user and command.</summary>
    public OptionalLabels Labels { get; init; }

    /// <summary>Follow another program's file instead of refusing.</summary>
    public bool FollowActive { get; init; }

    /// <summary>As they are written: <c>:9810</c>.</summary>
    public IReadOnlyList<string> ListenAddresses { get; init; } = [WebOptions.DefaultListenAddress];
}

/// <summary><c>acct-exporter doctor</c>: what will work on this host, what will not, and what mends it.</summary>
internal static class DoctorCommand
{
    private const string Table = "table";
    private const string Json = "json";

    /// <summary>The command.</summary>
    /// <param name="load">
    /// The effective configuration; null when it is faulty, which has been said then. Called once, when the command
    /// runs.
    /// </param>
    public static Command Create(Func<ParseResult, DoctorInput?> load)
    {
        var format = new Option<string>("--format")
        {
            Description = "table for people, json for programs",
            DefaultValueFactory = _ => Table,
        };
        format.AcceptOnlyFromAmong(Table, Json);
        var command = new Command(
            "doctor",
            "Look at this host and say what will work, what will not, and the command that mends it; changes nothing. "
            + "Run it as the agent runs. Exit code 0: the agent will start and count; 1: it will not")
        {
            format,
        };
        command.SetAction(result =>
        {
            if (load(result) is not { } input)
            {
                return ExitCode.Usage;
            }

            var listen = new List<ListenPlace>();
            foreach (var text in input.ListenAddresses)
            {
                if (!ListenAddress.TryParse(text, out var address, out var fault))
                {
                    result.InvocationConfiguration.Error.WriteLine($"acct-exporter: --web.listen-address: {fault}");
                    return ExitCode.Usage;
                }

                listen.Add(new(text, [.. SocketsOf(address)]));
            }

            var examination = Examination.Of(new HostView(), new DoctorOptions
            {
                Capture = input.Capture,
                Labels = input.Labels,
                FollowActive = input.FollowActive,
                Listen = listen,
            });
            var code = examination.Works ? ExitCode.Done : ExitCode.Failure;
            Write(examination, code, result.GetValue(format) == Json, result.InvocationConfiguration.Output);
            return code;
        });
        return command;
    }

    /// <summary>What the web server will bind for an address; nothing for a port that it may choose.</summary>
    private static IEnumerable<IPEndPoint> SocketsOf(ListenAddress address)
    {
        if (address.Port == 0)
        {
            return [];
        }

        if (address.Address is { } ip)
        {
            return [new(ip, address.Port)];
        }

        IPAddress[] both = address.IsLocalhost ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.IPv6Any];
        return Socket.OSSupportsIPv6 ? both.Select(one => new IPEndPoint(one, address.Port))
            : [new(address.IsLocalhost ? IPAddress.Loopback : IPAddress.Any, address.Port)];
    }

    private static void Write(Examination examination, int code, bool asJson, TextWriter output)
    {
        if (asJson)
        {
            using var bytes = new MemoryStream();
            ExaminationJson.Write(examination, code, bytes);
            output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
            return;
        }

        var isTerminal = !Console.IsOutputRedirected;
        var color = isTerminal && Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 }
            && Environment.GetEnvironmentVariable("TERM") != "dumb";
        var columns = isTerminal && Console.WindowWidth > 0 ? Console.WindowWidth : ExaminationText.UsualColumns;
        new ExaminationText(output, columns, color).Write(examination);
    }
}
