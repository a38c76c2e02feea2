// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;

namespace AcctExporter.Config;

/// <summary>Where logins come from.</summary>
internal static partial class SettingTable
{
    private static IEnumerable<Setting> Logins =>
    [
        Login<LoginSource?>(
            "logins.source", TextForm.Choice<LoginSource>(),
            "Where sessions are read from: auto (wtmpdb where there is one with rows, else wtmp), wtmp, wtmpdb, or off",
            logins => logins.Source, (logins, value) => logins with { Source = value!.Value }),
        Login(
            "logins.wtmp", TextForm.Path, "The file of logins and logouts",
            logins => logins.WtmpFile, (logins, value) => logins with { WtmpFile = value! }),
        Login(
            "logins.btmp", TextForm.Path, "The file of failed logins",
            logins => logins.BtmpFile, (logins, value) => logins with { BtmpFile = value! }),
        Login(
            "logins.wtmpdb", TextForm.Path, "The database of logins and logouts of hosts that have wtmpdb",
            logins => logins.WtmpdbFile, (logins, value) => logins with { WtmpdbFile = value! }),
        Login(
            "logins.holidays", TextForm.Path,
            "The table of prime time and holidays; read anew with the configuration. Without it all time is non-prime",
            logins => logins.HolidaysFile, (logins, value) => logins with { HolidaysFile = value! }),
        Login<int?>(
            "logins.users-limit", TextForm.Number(1, LoginOptions.LargestLimit),
            "Users with series of their own; the rest is counted under 'other'",
            logins => logins.UsersLimit, (logins, value) => logins with { UsersLimit = value!.Value }),
        Login<int?>(
            "logins.lines-limit", TextForm.Number(1, LoginOptions.LargestLimit),
            "Lines (terminals) with series of their own; likewise",
            logins => logins.LinesLimit, (logins, value) => logins with { LinesLimit = value!.Value }),
    ];

    private static Setting<T> Login<T>(
        string key, TextForm<T> form, string help, Func<LoginOptions, T?> get,
        Func<LoginOptions, T?, LoginOptions> with) => new(
            key, form, help, options => get(options.Logins),
            (options, value) => options with { Logins = with(options.Logins, value) });
}
