// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Ledger;

/// <summary>A pair of user and command that has series of its own. Nothing of it changes while it lives.</summary>
internal sealed class Pair
{
    /// <summary>A pair with the label values that it was born with.</summary>
    public Pair(int id, uint uid, string user, string command, long bornUnixMicroseconds)
    {
        Id = id;
        Uid = uid;
        User = user;
        Command = command;
        BornUnixMicroseconds = bornUnixMicroseconds;
        Labels = Encoding.UTF8.GetBytes($"user=\"{Quote(user)}\",command=\"{Quote(command)}\"");
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

    /// <summary>When the first exit was counted: the start of every series of the pair.</summary>
    public long BornUnixMicroseconds { get; }

    /// <summary>
    /// The labels as both text formats spell them: <c>user="root",command="sh"</c>, quoted once for all scrapes.
    /// </summary>
    public byte[] Labels { get; }

    private static string Quote(string value) => value.Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
}
