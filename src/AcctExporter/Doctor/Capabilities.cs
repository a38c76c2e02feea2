// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Doctor;

/// <summary>The rights of this process (capabilities(7)), from /proc/self/status.</summary>
/// <param name="Uid">Effective user.</param>
/// <param name="Effective">One bit for each capability; 0 when not known.</param>
internal readonly record struct Capabilities(uint Uid, ulong Effective)
{
    public const int DacReadSearch = 2;
    public const int NetAdmin = 12;
    public const int SysPtrace = 19;
    public const int SysPacct = 20;
    public const int Lease = 28;

    /// <summary>What they are now.</summary>
    public static Capabilities Of(HostView host)
    {
        const string status = "/proc/self/status";
        var uids = host.Field(status, "Uid")?.Split('\t', ' ');
        _ = uint.TryParse(uids is { Length: > 1 } ? uids[1] : "", NumberStyles.None, CultureInfo.InvariantCulture,
            out var uid);
        _ = ulong.TryParse(host.Field(status, "CapEff"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
            out var effective);
        return new(uids is null ? uint.MaxValue : uid, effective);
    }

    /// <summary>True when that bit is set.</summary>
    public bool Has(int capability) => (Effective >> capability & 1) != 0;
}
