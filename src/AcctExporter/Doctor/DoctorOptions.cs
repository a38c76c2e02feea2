// SPDX-License-Identifier: Apache-2.0
using System.Net;
using AcctExporter.Capture;
using AcctExporter.Ledger;

namespace AcctExporter.Doctor;

/// <summary>What the agent is going to be told, as far as the host must allow it.</summary>
internal sealed record DoctorOptions
{
    /// <summary>Directories, source, taskstats, and what is done about accounting of others.</summary>
    public CaptureOptions Capture { get; init; } = new();

    /// <summary>Labels of control groups need the process connector, that of the group another kind of names.</summary>
    public OptionalLabels Labels { get; init; }

    /// <summary>Where sessions are read from: files, and databases of wtmpdb; empty when they are not.</summary>
    public IReadOnlyList<string> Sessions { get; init; } = ["/var/log/wtmp", "/var/lib/wtmpdb/wtmp.db"];

    /// <summary>Where failed logins are read from; empty when they are not.</summary>
    public IReadOnlyList<string> FailedLogins { get; init; } = ["/var/log/btmp"];

    /// <summary>Where the agent will answer.</summary>
    public IReadOnlyList<ListenPlace> Listen { get; init; } = [];
}

/// <summary>An address to listen on: as it was written, and the sockets that it means.</summary>
/// <param name="Text">As written: <c>:9810</c>.</param>
/// <param name="Sockets">One or more addresses with a port that is not 0.</param>
internal sealed record ListenPlace(string Text, IReadOnlyList<IPEndPoint> Sockets);
