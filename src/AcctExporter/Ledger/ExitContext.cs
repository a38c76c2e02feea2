// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Ledger;

/// <summary>Labels of pairs that somebody has to ask for; <c>user</c> and <c>command</c> are always there.</summary>
[Flags]
internal enum OptionalLabels : byte
{
    None = 0,

    /// <summary>Name of the real group, else its number.</summary>
    Group = 1,

    /// <summary>The unit of systemd that the process was in (<c>nginx.service</c>, <c>session-3.scope</c>).</summary>
    Unit = 2,

    /// <summary>The first 12 digits of the id of the container that it was in.</summary>
    Container = 4,

    /// <summary>The uid of the Kubernetes pod that it was in.</summary>
    Pod = 8,

    /// <summary>Those that are read from the control group of the process.</summary>
    OfCgroup = Unit | Container | Pod,
}

/// <summary>
/// The values of the labels that no accounting record holds, one to one (<see cref="LabelText"/>); empty for a label
/// that is not wanted, and for what is not known or not there. An empty value is the same as no label, as it is to
/// Prometheus: so a pair from before a label was asked for goes on as the pair whose value is not known.
/// </summary>
/// <param name="Group">
/// Name or number of the real group: the ledger puts it in, which knows the name that living pairs bear.
/// </param>
/// <param name="Unit">Unit of systemd.</param>
/// <param name="Container">Short id of the container.</param>
/// <param name="Pod">Uid of the pod.</param>
internal readonly record struct ExitContext(string Group, string Unit, string Container, string Pod)
{
    /// <summary>Nothing known, or nothing asked for.</summary>
    public static ExitContext Empty { get; } = new("", "", "", "");
}

/// <summary>What rules may ask for besides user and command. It tells no pairs apart.</summary>
/// <param name="Unit">Unit of systemd as its label shows it, where a rule asks for it; else empty.</param>
/// <param name="Exe">Path of the executable, where a rule asks for it and it is certain; else empty.</param>
internal readonly record struct RuleInputs(string Unit, string Exe)
{
    /// <summary>Nothing known, or nothing asked for.</summary>
    public static RuleInputs None { get; } = new("", "");
}
