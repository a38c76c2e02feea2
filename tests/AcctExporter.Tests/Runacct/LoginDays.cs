// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Logins;
using AcctExporter.Runacct;
using AcctExporter.Suite;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Records;
using AcctExporter.Tests.Reports;

namespace AcctExporter.Tests.Runacct;

/// <summary>What a user's logins cost: seconds of connect time, and sessions.</summary>
internal sealed record LoginCost(long Prime, long NonPrime, long Sessions);

/// <summary>
/// The logins of days, from the system's files to total accounting, as the daily run does it: SETUP, WTMPFIX, CONNECT.
/// Zone UTC, the holidays of the examples; alice is 1001, bob 1002, carol 1003, dave 1004.
/// </summary>
internal sealed class LoginDays : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly bool compat;

    public LoginDays(bool compat = false, string? holidays = Calendar.H)
    {
        this.compat = compat;
        Paths = new(folder.Of("suite"));
        Paths.MakeFolders();
        if (holidays is not null)
        {
            folder.File("holidays", holidays);
        }
    }

    public SuitePaths Paths { get; }

    public string Wtmp => folder.Of("wtmp");

    public string Database => folder.Of("wtmp.db");

    public List<string> Said { get; } = [];

    public LoginOptions Options => new()
    {
        WtmpFile = Wtmp, WtmpdbFile = Database, HolidaysFile = folder.Of("holidays"),
    };

    public void Append(byte[] records)
    {
        using var file = new FileStream(Wtmp, FileMode.Append);
        file.Write(records);
    }

    /// <summary>SETUP alone.</summary>
    public LoginStage Take(string cut)
    {
        Said.Clear();
        return DayLogins.Take(Options, Paths, DayOf(cut), Calendar.At(cut), Said.Add);
    }

    /// <summary>A whole day, and what it charges.</summary>
    public Dictionary<string, LoginCost> Day(string cut)
    {
        Take(cut);
        return Charge(cut);
    }

    /// <summary>WTMPFIX and CONNECT.</summary>
    public Dictionary<string, LoginCost> Charge(string cut)
    {
        var stages = Stages(cut);
        stages.Fix();
        stages.Charge();
        return Charged(DayOf(cut));
    }

    public DayConnect Stages(string cut) => new(
        Files(cut), folder.Of("holidays"), compat, ConnectRun.Accounts,
        new StoppedClock(DateTimeOffset.FromUnixTimeSeconds(Calendar.At(cut)), TimeZoneInfo.Utc));

    public ConnectFiles Files(string cut) => ConnectFiles.Of(Paths, DayOf(cut));

    public Dictionary<string, LoginCost> Charged(DateOnly day)
    {
        var table = new UserTable<TacctSums>();
        using var file = File.OpenRead(Paths.OfNite("ctacct", day));
        Assert.Equal(default, TacctFile.Read(file, table));
        return table.Sorted().ToDictionary(
            user => Encoding.UTF8.GetString(user.Name),
            user => new LoginCost(
                user.Sums.Prime.ConnectMicroseconds / 1_000_000, user.Sums.NonPrime.ConnectMicroseconds / 1_000_000,
                user.Sums.Sessions));
    }

    public string Text(string name) => File.ReadAllText(Path.Combine(Paths.Nite, name));

    public byte[] Taken(string cut) => File.ReadAllBytes(Paths.OfNite("wtmp", DayOf(cut)));

    public static DateOnly DayOf(string cut) => DateOnly.ParseExact(cut[..10], "yyyy-MM-dd");

    public void Dispose() => folder.Dispose();
}
