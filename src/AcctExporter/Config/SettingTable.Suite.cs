// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;
using AcctExporter.Suite;

namespace AcctExporter.Config;

/// <content>The accounting suite.</content>
internal static partial class SettingTable
{
    private static IEnumerable<Setting> Suite =>
    [
        OfSuite(
            "suite.path", TextForm.Path, "Directory of the suite's files; suite in the storage directory unless given",
            suite => suite.Path.Length == 0 ? null : suite.Path, (suite, value) => suite with { Path = value ?? "" }),
        OfSuite<OrOff<TimeOnly>?>(
            "suite.daily", SuiteForms.Daily,
            "Run the day (runacct) at this time of the host's clocks; off leaves it to a timer",
            suite => new(suite.Daily), (suite, value) => suite with { Daily = value!.Value.Time }),
        OfSuite(
            "suite.fiscal", SuiteForms.Fiscal,
            "When a fiscal period begins: monthly, or days such as 04-01 or 2026-04-01 with commas between. The daily "
            + "run of that day is the last of the period before, and closes it (monacct)",
            suite => suite.Fiscal, (suite, value) => suite with { Fiscal = value! }),
        OfSuite<OrOff<WeeklyTime>?>(
            "suite.disk", SuiteForms.Weekly, "Look at the disks (dodisk) at this time of each week",
            suite => new(suite.Disk), (suite, value) => suite with { Disk = value!.Value.Time }),
        new SettingList(
            "suite.disk-paths", TextForm.Path,
            "Where dodisk looks; every local file system that is mounted to be written to unless given",
            options => options.Suite.DiskPaths,
            (options, value) => options with { Suite = options.Suite with { DiskPaths = value } }),
        OfSuite(
            "suite.page-log", TextForm.Path, "CUPS' log of printed pages; it need not be there",
            suite => suite.PageLog, (suite, value) => suite with { PageLog = value! }),
        OfSuite(
            "suite.rates", TextForm.Path, "The table of prices for bill",
            suite => suite.RatesFile.Length == 0 ? null : suite.RatesFile,
            (suite, value) => suite with { RatesFile = value ?? "" }),
        OfSuite(
            "suite.user-exit", TextForm.Path, "The site's own program, run near the end of the day; it need not be "
            + "there",
            suite => suite.UserExit, (suite, value) => suite with { UserExit = value! }),
        OfSuite<bool?>(
            "suite.groups", TextForm.Switch, "Keep totals by group, too",
            suite => suite.Groups, (suite, value) => suite with { Groups = value == true }),
        OfSuite<int?>(
            "suite.users-limit", TextForm.Number(1, LoginOptions.LargestLimit),
            "Users, and groups, with series of their own; the rest is summed up as 'other'",
            suite => suite.UsersLimit, (suite, value) => suite with { UsersLimit = value!.Value }),
        OfSuite<long?>(
            "suite.minimum-free", TextForm.Size(1, mayBeOff: true),
            "Free bytes of the suite's file system without which a day does not begin",
            suite => suite.MinimumFreeBytes, (suite, value) => suite with { MinimumFreeBytes = value!.Value }),
    ];

    private static Setting<T> OfSuite<T>(
        string key, TextForm<T> form, string help, Func<SuiteOptions, T?> get,
        Func<SuiteOptions, T?, SuiteOptions> with) => new(
            key, form, help, options => get(options.Suite),
            (options, value) => options with { Suite = with(options.Suite, value) });
}
