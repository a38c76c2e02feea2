// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AcctExporter.Doctor;

/// <summary>Whether the addresses to answer on are free: each is bound for a moment, and closed.</summary>
internal static class ListenFindings
{
    /// <summary>A finding for each address.</summary>
    /// <param name="options">The addresses.</param>
    /// <param name="agentRuns">An agent works here already: then it is probably who answers.</param>
    public static IEnumerable<Finding> Of(DoctorOptions options, bool agentRuns)
    {
        foreach (var place in options.Listen)
        {
            yield return Look(place, agentRuns);
        }
    }

    private static Finding Look(ListenPlace place, bool agentRuns)
    {
        const string id = "listen-address";
        foreach (var endpoint in place.Sockets)
        {
            var error = Bind(endpoint);
            if (error == SocketError.Success)
            {
                continue;
            }

            var isTaken = error == SocketError.AddressAlreadyInUse;
            if (isTaken && agentRuns)
            {
                return Finding.Note(id, $"{place.Text} is taken, as it should be: an agent runs.");
            }

            var port = endpoint.Port.ToString(CultureInfo.InvariantCulture);
            return new(id, FindingState.Failure, isTaken ? $"Another program answers on {place.Text}."
                : $"{place.Text} cannot be listened on: {new SocketException((int)error).Message}.")
            {
                Means = "The agent does not start.",
                Mend =
                [
                    isTaken ? $"ss -ltnp 'sport = :{port}'  # says which: end it"
                        : "ip -brief address  # those there are",
                    $"acct-exporter serve --web.listen-address=:{(isTaken ? endpoint.Port + 1 : endpoint.Port)}",
                ],
            };
        }

        return Finding.Ok(id, $"{place.Text} is free.");
    }

    /// <summary>As the web server does: of IPv6, any address means those of IPv4 too.</summary>
    private static SocketError Bind(IPEndPoint endpoint)
    {
        try
        {
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (endpoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(endpoint);
            return SocketError.Success;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode;
        }
    }
}
