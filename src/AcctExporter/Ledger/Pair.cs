// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Ledger;

/// <summary>
/// A pair of user and command (and of what the optional labels say, where asked for) that has series of its own.
/// Nothing of it changes while it lives.
/// </summary>
internal sealed class Pair
{
    /// <summary>A pair with the label values that it was born with.</summary>
    public Pair(int id, uint uid, string user, string command, long bornUnixMicroseconds)
        : this(id, uid, user, command, bornUnixMicroseconds, 0, ExitContext.Empty)
    {
    }

    /// <summary>One that has optional labels.</summary>
    public Pair(int id, uint uid, string user, string command, long bornUnixMicroseconds, uint gid, ExitContext context)
    {
        Id = id;
        Uid = uid;
        User = user;
        Command = command;
        BornUnixMicroseconds = bornUnixMicroseconds;
        Gid = gid;
        Context = context;
        Labels = Encoding.UTF8.GetBytes(
            $"user=\"{Quote(user)}\",command=\"{Quote(command)}\"{Optional("group", context.Group)}"
            + $"{Optional("unit", context.Unit)}{Optional("container", context.Container)}"
            + Optional("pod", context.Pod));
    }

    /// <summary>
    /// The number under which the journal knows the pair: a place, given to another pair after an eviction.
    /// </summary>
    public int Id { get; }

    /// <summary>The user id of the first exit; others with the same name share the pair.</summary>
    public uint Uid { get; }

    /// <summary>Value of the label <c>user</c>, already one to one (<see cref="LabelText"/>).</summary>
    public string User { get; }

    /// <summary>Value of the label <c>command</c>, likewise.</summary>
    public string Command { get; }

    /// <summary>The group id of the first exit, where the group is a label; else 0.</summary>
    public uint Gid { get; }

    /// <summary>Values of the optional labels; empty ones are not shown.</summary>
    public ExitContext Context { get; }

    /// <summary>When the first exit was counted: the start of every series of the pair.</summary>
    public long BornUnixMicroseconds { get; }

    /// <summary>
    /// The labels as both text formats spell them: <c>user="root",command="sh"</c>, then group, unit,
    /// container and pod, quoted once for all scrapes.
    /// </summary>
    public byte[] Labels { get; }

    /// <summary>The same labels as the protobuf format spells them, encoded when they are first asked for.</summary>
    public byte[] LabelMessages => field ??= Ledger.LabelMessages.Of(("user", User), ("command", Command),
        ("group", Context.Group), ("unit", Context.Unit), ("container", Context.Container), ("pod", Context.Pod));

    private static string Optional(string label, string value) =>
        value.Length == 0 ? "" : $",{label}=\"{Quote(value)}\"";

    private static string Quote(string value) => value.Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
}
