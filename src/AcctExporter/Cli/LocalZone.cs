// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Cli;

/// <summary>Whether the zone of the environment is one that .NET knows.</summary>
internal static class LocalZone
{
    private const string Database = "/usr/share/zoneinfo";

    /// <summary>
    /// What to say of a <c>TZ</c> that names no file of the zone database: .NET takes UTC for it, in silence. A rule
    /// such as <c>EST5EDT,M3.2.0,M11.1.0</c> is one. Null when there is nothing to say.
    /// </summary>
    public static string? Fault(string? zone)
    {
        var name = zone?.TrimStart(':');
        return string.IsNullOrEmpty(name) || name is "UTC" or "UTC0" or "GMT" or "GMT0"
            || File.Exists(Path.Combine(Database, name))
            ? null
            : $"TZ={zone}: it names no zone of {Database}, so times are those of UTC; name one, such as Europe/Berlin";
    }
}
