// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;

namespace AcctExporter.Reports;

/// <summary>Numbers of users and of terminals for sessions, each asked for once.</summary>
/// <param name="uidOf">The number of a user; null when there is none.</param>
/// <param name="deviceOf">The device number of a line; null when it is no device.</param>
internal sealed class LoginAccounts(Func<string, uint?> uidOf, Func<string, uint?> deviceOf)
{
    /// <summary>What stands for no such user and no such terminal: -1.</summary>
    public const uint None = uint.MaxValue;

    /// <summary>Names remembered, at most.</summary>
    private const int NamesMax = 1 << 16;

    private readonly Dictionary<string, uint> uids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, uint> devices = new(StringComparer.Ordinal);

    /// <summary>Those of this host.</summary>
    public static LoginAccounts OfHost() => new(
        name => UserDatabase.TryGetUid(Encoding.UTF8.GetBytes(name), out var uid, out _) ? uid : null,
        line => line.Length > 0 && !line.Contains('\0', StringComparison.Ordinal)
            && FileIdentity.TryOfPath("/dev/" + line, out var device, out _) && device.IsCharacterDevice
            ? device.OwnDevice : null);

    /// <summary>The number of a user.</summary>
    public uint Uid(string name) => Of(uids, name, uidOf);

    /// <summary>The number of the terminal of a line, as it is now.</summary>
    public uint Device(string line) => Of(devices, line, deviceOf);

    private static uint Of(Dictionary<string, uint> known, string name, Func<string, uint?> ask)
    {
        if (!known.TryGetValue(name, out var number))
        {
            number = ask(name) ?? None;
            if (known.Count < NamesMax)
            {
                known.Add(name, number);
            }
        }

        return number;
    }
}
