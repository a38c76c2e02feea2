// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using AcctExporter.Doctor;
using AcctExporter.Ledger;
using AcctExporter.Logins;
using AcctExporter.Web;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter doctor</c>: what will work on this host, what will not, and what mends it.</summary>
internal static class DoctorCommand
{
    private const string Table = "table";
    private const string Json = "json";

    /// <summary>The command.</summary>
    public static ConfiguredCommand Create()
    {
        var format = FormatOption.Of("table for people, json for programs", Table, Json);
        var command = new ConfiguredCommand(
            "doctor",
            "Look at this host and say what will work, what will not, and the command that mends it; changes nothing. "
            + "Run it as the agent runs. Exit code 0: the agent will start and count; 1: it will not")
        {
            format,
        };
        command.SetAction(result =>
        {
            if (command.Flags.Load(result) is not { Options: var options })
            {
                return ExitCode.Usage;
            }

            var unit = CommandRules.NeedUnit(options.Ledger.Rules) ? OptionalLabels.Unit : OptionalLabels.None;
            var examination = Examination.Of(new HostView(), new DoctorOptions
            {
                Capture = options.Capture,
                Labels = options.Ledger.Labels | unit,
                Sessions = SessionsOf(options.Logins),
                FailedLogins = options.Logins.Source == LoginSource.Off ? [] : [options.Logins.BtmpFile],
                Listen = options.Web.SystemdSocket ? [] : [.. options.Web.ListenAddresses.Select(PlaceOf)],
            });
            var code = examination.Works ? ExitCode.Done : ExitCode.Failure;
            Write(examination, code, result.GetValue(format) == Json, result.InvocationConfiguration.Output);
            return code;
        });
        return command;
    }

    private static string[] SessionsOf(LoginOptions logins) => logins.Source switch
    {
        LoginSource.Off => [],
        LoginSource.Wtmp => [logins.WtmpFile],
        LoginSource.Wtmpdb => [logins.WtmpdbFile],
        _ => [logins.WtmpFile, logins.WtmpdbFile],
    };

    private static ListenPlace PlaceOf(string text) =>
        new(text, ListenAddress.TryParse(text, out var address, out _) ? [.. SocketsOf(address)] : []);

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
