// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>What <c>sa --by</c> knows.</summary>
internal static class SaKeyParts
{
    /// <summary>Their names, in the order in which help tells them.</summary>
    public static readonly string[] Names =
    [
        "user", "group", "uid", "gid", "command", "tty", "exit_code", "signal", "hour", "day", "month",
        "forked_without_exec", "used_privilege",
    ];

    /// <summary>The part of some name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="zone">Whose days are meant.</param>
    public static SaKeyPart Of(string name, TimeZoneInfo zone) => name switch
    {
        "user" => new SaOwnerPart(name, isGroup: false),
        "group" => new SaOwnerPart(name, isGroup: true),
        "uid" => new SaNumberPart(name, static (in entry) => entry.Record.Uid),
        "gid" => new SaNumberPart(name, static (in entry) => entry.Record.Gid),
        "command" => new SaCommandPart(),
        "forked_without_exec" => new SaFlagPart(name, AcctFlags.ForkedWithoutExec),
        "used_privilege" => new SaFlagPart(name, AcctFlags.UsedPrivilege),
        "tty" => new SaNumberPart(
            name, static (in entry) => entry.Record.Tty == 0 ? -1 : entry.Record.Tty,
            static device => TtyName.Of((ushort)device) ?? ""),
        "exit_code" => new SaNumberPart(
            name, static (in entry) => entry.Status.Signal == 0 ? entry.Status.Code : -1),
        "signal" => new SaNumberPart(
            name, static (in entry) => entry.Status.Signal == 0 ? -1 : entry.Status.Signal, SignalName.Of),
        "hour" => new SaPeriodPart(
            name, zone, static local => local.Date.AddHours(local.Hour), "yyyy-MM-dd'T'HH:00"),
        "day" => new SaPeriodPart(name, zone, static local => local.Date, "yyyy-MM-dd"),
        "month" => new SaPeriodPart(name, zone, static local => new(local.Year, local.Month, 1), "yyyy-MM"),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no key of sa --by"),
    };
}
