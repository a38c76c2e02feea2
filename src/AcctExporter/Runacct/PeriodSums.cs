// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// The sums of the open period: always of all its days anew, so that a day that is done twice counts once.
/// </summary>
/// <param name="paths">The suite's files.</param>
internal sealed class PeriodSums(SuitePaths paths)
{
    private const int DigitsOfDay = 4;

    /// <summary>The days whose files of a name are in <c>sum</c>, as MMDD.</summary>
    public IReadOnlyList<string> Days(string name) => [.. Directory.EnumerateFiles(paths.Sum, name + "????")
        .Select(path => Path.GetFileName(path)[name.Length..])
        .Where(mmdd => mmdd.Length == DigitsOfDay && mmdd.All(char.IsAsciiDigit)).Order(StringComparer.Ordinal)];

    /// <summary>Total accounting of some days.</summary>
    /// <param name="days">The days.</param>
    /// <param name="name">The files' name: <c>tacct</c>, or <c>gtacct</c> for groups.</param>
    /// <exception cref="RunFault">A day's file is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public UserTable<TacctSums> Tacct(IEnumerable<string> days, string name = "tacct")
    {
        var sums = new UserTable<TacctSums>();
        foreach (var mmdd in days)
        {
            TacctFiles.Add(Whole(name, mmdd), sums, Remedy(mmdd));
        }

        return sums;
    }

    /// <summary>The commands of some days.</summary>
    /// <inheritdoc cref="Tacct"/>
    public CommandSummary Cms(IEnumerable<string> days)
    {
        var sums = TacctFiles.EmptySummary();
        foreach (var mmdd in days)
        {
            TacctFiles.Add(Whole("cms", mmdd), sums, Remedy(mmdd));
        }

        return sums;
    }

    /// <summary>Writes <c>tacct</c>, and <c>tacctprev</c>, which is the same without one day.</summary>
    /// <exception cref="RunFault">A day's file is damaged.</exception>
    /// <exception cref="IOException">Something cannot be read or written.</exception>
    public void WriteTacct(string without, string name = "tacct")
    {
        var days = Days(name);
        Put(name + "prev", Tacct(days.Where(mmdd => mmdd != without), name));
        Put(name, Tacct(days, name));
    }

    /// <summary>The same for <c>cms</c> and <c>cmsprev</c>.</summary>
    /// <inheritdoc cref="WriteTacct"/>
    public void WriteCms(string without)
    {
        var days = Days("cms");
        Put("cmsprev", Cms(days.Where(mmdd => mmdd != without)));
        Put("cms", Cms(days));
    }

    /// <summary>By the classic rules a day is added to what there is, and twice when it is done twice.</summary>
    /// <inheritdoc cref="WriteTacct"/>
    public void AddTacct(string day)
    {
        Put("tacctprev", Sum(["tacct"]));
        Put("tacct", Sum(["tacctprev", "tacct" + day]));

        UserTable<TacctSums> Sum(string[] names)
        {
            var sums = new UserTable<TacctSums>();
            foreach (var name in names)
            {
                TacctFiles.Add(Path.Combine(paths.Sum, name), sums, "");
            }

            return sums;
        }
    }

    /// <summary>The same for commands.</summary>
    /// <inheritdoc cref="WriteTacct"/>
    public void AddCms(string day)
    {
        Put("cmsprev", Sum(["cms"]));
        Put("cms", Sum(["cmsprev", "cms" + day]));

        CommandSummary Sum(string[] names)
        {
            var sums = TacctFiles.EmptySummary();
            foreach (var name in names)
            {
                TacctFiles.Add(Path.Combine(paths.Sum, name), sums, "");
            }

            return sums;
        }
    }

    /// <summary>A day's file; one of nothing at all is no empty day, which has the head of the format.</summary>
    private string Whole(string name, string mmdd)
    {
        var path = Path.Combine(paths.Sum, name + mmdd);
        return new FileInfo(path) is { Exists: true, Length: 0 }
            ? throw new RunFault($"{path} is empty{Remedy(mmdd)}") : path;
    }

    private static string Remedy(string mmdd) => $": make it anew with `runacct --rebuild {mmdd} --replace`";

    private void Put(string name, UserTable<TacctSums> sums) =>
        SuiteFile.Put(Path.Combine(paths.Sum, name), file => TacctFile.Write(file, sums));

    private void Put(string name, CommandSummary sums) =>
        SuiteFile.Put(Path.Combine(paths.Sum, name), file => CmsFile.Write(file, sums));
}
