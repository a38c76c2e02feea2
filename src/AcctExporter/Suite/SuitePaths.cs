// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Suite;

/// <summary>
/// Where the files of the suite are: the names of System V, below one folder that takes the place of <c>/var/adm</c>.
/// <c>docs/suite.md</c> says of each what is in it, who writes it, and how long it stays.
/// </summary>
/// <param name="root">That folder.</param>
internal sealed class SuitePaths(string root)
{
    /// <summary>The folder's name in the storage folder, unless another is configured.</summary>
    public const string FolderName = "suite";

    /// <summary>Those of an agent.</summary>
    /// <param name="options">What is configured of the suite.</param>
    /// <param name="storagePath">The agent's own folder.</param>
    public static SuitePaths Of(SuiteOptions options, string storagePath) =>
        new(options.Path.Length > 0 ? options.Path : Path.Combine(storagePath, FolderName));

    /// <summary>The folder.</summary>
    public string Root => root;

    /// <summary>What the daily run reads and writes anew each day.</summary>
    public string Nite => Path.Combine(root, "nite");

    /// <summary>The days of the period that is not closed yet, and their sums.</summary>
    public string Sum => Path.Combine(root, "sum");

    /// <summary>The closed periods.</summary>
    public string Fiscal => Path.Combine(root, "fiscal");

    /// <summary>Charges of <c>chargefee</c>, until the next daily run takes them.</summary>
    public string Fee => Path.Combine(root, "fee");

    /// <summary>Where scripts leave files of charges, until the next daily run takes them.</summary>
    public string FeeDrop => Path.Combine(root, "fees.d");

    /// <summary>Printed jobs, until the next daily run takes them.</summary>
    public string Qacct => Path.Combine(root, "qacct");

    /// <summary>Up to where CUPS' log is in <see cref="Qacct"/>, and what was printed since counting began.</summary>
    public string Printing => Path.Combine(root, "printing");

    /// <summary>Held by whoever writes or takes <see cref="Qacct"/>.</summary>
    public string QacctLock => Path.Combine(root, "qacct.lock");

    /// <summary>Held by whoever writes or takes <see cref="Fee"/>.</summary>
    public string FeeLock => Path.Combine(root, "fee.lock");

    /// <summary>Records of the suite's own (<c>acctg on</c>, <c>acctg off</c>), until the next daily run.</summary>
    public string Reasons => Path.Combine(root, "reasons");

    /// <summary>What <c>acctdusg</c> found: user number, name and blocks.</summary>
    public string Dtmp => Path.Combine(root, "dtmp");

    /// <summary>Faults of the last disk run.</summary>
    public string DiskDiag => Path.Combine(root, "diskdiag");

    /// <summary>Held by whoever changes these files: a run, a restart, a close. Only one at a time.</summary>
    public string Lock => Path.Combine(Nite, "lock");

    /// <summary>The next state of the daily run, or COMPLETE.</summary>
    public string StateFile => Path.Combine(Nite, "statefile");

    /// <summary>The last day that was begun.</summary>
    public string LastDate => Path.Combine(Nite, "lastdate");

    /// <summary>What the current daily run did so far.</summary>
    public string Active => Path.Combine(Nite, "active");

    /// <summary>Up to where login records are taken, and who was logged in there.</summary>
    public string TakenLogins => Path.Combine(Nite, "logins");

    /// <summary>Total accounting of the last day.</summary>
    public string DayTacct => Path.Combine(Nite, "daytacct");

    /// <summary>Total accounting of the last disk run, until the next daily run takes it.</summary>
    public string DiskTacct => Path.Combine(Nite, "disktacct");

    /// <summary>What the last disk run found, by file system and user.</summary>
    public string DiskSample => Path.Combine(Nite, "disksample");

    /// <summary>Held by a disk run: only one at a time. A daily run does not wait for it.</summary>
    public string DiskLock => Path.Combine(Nite, "disklock");

    /// <summary>Total accounting of the days of the open period.</summary>
    public string SumTacct => Path.Combine(Sum, "tacct");

    /// <summary>Command summary of the days of the open period.</summary>
    public string SumCms => Path.Combine(Sum, "cms");

    /// <summary>Command summary of the last day.</summary>
    public string DayCms => Path.Combine(Sum, "daycms");

    /// <summary>When each user logged in last.</summary>
    public string LoginLog => Path.Combine(Sum, "loginlog");

    /// <summary>A file of <c>nite</c> that is one day's: <c>nite/ctacct.0702</c>.</summary>
    public string OfNite(string name, DateOnly day) => Path.Combine(Nite, $"{name}.{MonthAndDay(day)}");

    /// <summary>A file of <c>sum</c> that is one day's: <c>sum/tacct0702</c>.</summary>
    public string OfSum(string name, DateOnly day) => Path.Combine(Sum, name + MonthAndDay(day));

    /// <summary>A file of a closed period: <c>fiscal/tacct2026-07</c>.</summary>
    public string OfFiscal(string name, string period) => Path.Combine(Fiscal, name + period);

    /// <summary>The day as the suite's files are named by it: MMDD.</summary>
    public static string MonthAndDay(DateOnly day) => day.ToString("MMdd", CultureInfo.InvariantCulture);

    /// <summary>Makes the folders that are missing; nobody but the owner may enter them.</summary>
    /// <exception cref="IOException">They cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void MakeFolders()
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        foreach (var folder in new[] { root, Nite, Sum, Fiscal, FeeDrop })
        {
            Directory.CreateDirectory(folder, owner);
        }
    }
}
