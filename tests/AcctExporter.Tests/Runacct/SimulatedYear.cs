// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Records;
using AcctExporter.Suite;
using AcctExporter.Tests.Logins;

namespace AcctExporter.Tests.Runacct;

/// <summary>
/// What is done on a host in a year, and what each user is to be charged with for it: summed up here from the raw
/// figures, by arithmetic of its own.
/// </summary>
/// <param name="lab">The host.</param>
/// <param name="seed">The same seed, the same year.</param>
internal sealed class SimulatedYear(RunLab lab, int seed)
{
    private const long Second = 1_000_000;
    private const uint NoUser = uint.MaxValue;

    /// <summary>Of every Debian system; and numbers that nobody has.</summary>
    private static readonly (uint Uid, string Name)[] Users =
    [
        (0, "root"), (1, "daemon"), (2, "bin"), (3, "sys"), (5, "games"), (8, "mail"), (13, "proxy"), (33, "www-data"),
        (4_000_000_042, "4000000042"), (123_456_789, "123456789"),
    ];

    /// <summary>Names of a directory's users, whom this host does not know; and of its own.</summary>
    private static readonly (uint Uid, string Name)[] People =
    [
        (0, "root"), (1, "daemon"), (8, "mail"), (NoUser, "dom\\alice"), (NoUser, "j\u00fcrgen.m\u00fcller"),
        (NoUser, "a-name-of-thirty-two-bytes-here."), (NoUser, "bob@example.org"),
    ];

    private static readonly HashSet<(int Month, int Day)> Holidays = [(1, 1), (7, 3), (12, 25)];

    private readonly Random random = new(seed);
    private readonly List<(long At, byte[] Record)> logins = [];
    private readonly List<(long From, long To, int Person)> open = [];
    private readonly Dictionary<int, long> lineFree = [];
    private Dictionary<(uint, string), TacctSums> due = [];

    /// <summary>What the open period comes to.</summary>
    public IReadOnlyDictionary<(uint Uid, string Name), TacctSums> Due => due;

    /// <summary>Exits so far.</summary>
    public int Exits { get; private set; }

    /// <summary>Sessions so far.</summary>
    public int Sessions { get; private set; }

    /// <summary>The period is closed.</summary>
    public void Close() => due = [];

    /// <summary>All that is done between two cuts.</summary>
    public void Pass(long from, long to)
    {
        for (var i = random.Next(20, 60); i > 0; i--)
        {
            Exit(from, to);
        }

        lab.Count(DateTimeOffset.FromUnixTimeSeconds(to - 1));
        LogIn(from, to);
        Charge(from, to);
        Write(to);
        Fees();
        Prints(to);
        if (random.Next(7) == 0)
        {
            Disks();
        }
    }

    /// <summary>The file is rotated, as logrotate does it: between two cuts, and something follows in both.</summary>
    public void Rotate()
    {
        File.Delete(lab.Wtmp + ".1");
        File.Move(lab.Wtmp, lab.Wtmp + ".1");
        File.WriteAllBytes(lab.Wtmp, []);
    }

    private void Exit(long from, long to)
    {
        var (uid, name) = Users[random.Next(Users.Length)];
        // Most are short; some run over midnight, over a change of the clocks, or for days.
        var seconds = random.Next(10) < 7 ? random.Next(0, 30) : random.Next(0, random.Next(2) == 0 ? 30_000 : 300_000);
        var end = from + random.NextInt64(to - from);
        var ticks = ((ulong)seconds * 100) + (ulong)random.Next(100);
        var begin = end - seconds;
        var (user, system, kib) = ((ulong)random.Next(8192), (ulong)random.Next(500), (ulong)random.Next(8192));
        var truth = random.Next(2) == 0 ? 0UL : (ulong)random.NextInt64(1, 80_000_000);
        var (io, storage) = ((ulong)random.Next(5000) * 1024, (ulong)random.Next(5000) * 4096);
        lab.Exit(
            new AcctRecord
            {
                Version = 3,
                Uid = uid,
                Gid = 100,
                Pid = (uint)random.Next(2, 30_000),
                Ppid = 1,
                BeginUnixSeconds = (uint)begin,
                ElapsedTicks = ticks,
                UserTicks = user,
                SystemTicks = system,
                MemoryKib = kib,
                TicksPerSecond = 100,
                Command = CommandName.From(Encoding.ASCII.GetBytes("prog" + random.Next(40))),
            },
            truth, io, storage);
        Exits++;

        // A joined exit is known to the microsecond, another in ticks of 10 ms; what is divided is the smaller part
        // rounded down, and the rest is non-prime.
        var life = Math.Max(1, (long)(ticks / 100));
        var prime = PrimeSeconds(begin, begin + life);
        long Part(long whole) => (long)((Int128)whole * prime / life);
        var cpu = truth > 0 ? (long)truth : (long)(user + system);
        var unit = truth > 0 ? 1 : 10_000;
        var (primeCpu, otherCpu) = (Part(cpu) * unit, (cpu - Part(cpu)) * unit);
        Add(uid, name, new()
        {
            Prime = new()
            {
                CpuMicroseconds = primeCpu,
                KibMicroseconds = (Int128)kib * primeCpu,
                CharacterBytes = truth > 0 ? Part((long)io) : 0,
                StorageBytes = truth > 0 ? Part((long)storage) : 0,
            },
            NonPrime = new()
            {
                CpuMicroseconds = otherCpu,
                KibMicroseconds = (Int128)kib * otherCpu,
                CharacterBytes = truth > 0 ? (long)io - Part((long)io) : 0,
                StorageBytes = truth > 0 ? (long)storage - Part((long)storage) : 0,
            },
            Processes = 1,
        });
    }

    /// <summary>Some log in, on lines that are free, for minutes or for days.</summary>
    private void LogIn(long from, long to)
    {
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var line = random.Next(12);
            var begin = Math.Max(from, lineFree.GetValueOrDefault(line)) + random.Next(1, 3600);
            if (begin >= to)
            {
                continue;
            }

            var end = begin + random.Next(1, random.Next(8) == 0 ? 400_000 : 20_000);
            var person = random.Next(People.Length);
            lineFree[line] = end + 1;
            logins.Add((begin, LoginLab.Login(People[person].Name, $"pts/{line}", begin, 1000 + line)));
            logins.Add((end, LoginLab.Logout($"pts/{line}", end, 1000 + line)));
            open.Add((begin, end, person));
            Sessions++;
            Add(People[person].Uid, People[person].Name, new() { Sessions = 1 });
        }
    }

    /// <summary>The part of each session that is between the cuts.</summary>
    private void Charge(long from, long to)
    {
        foreach (var (begin, end, person) in open)
        {
            var (first, last) = (Math.Max(begin, from), Math.Min(end, to));
            var prime = PrimeSeconds(first, last);
            var sums = default(TacctSums);
            sums.Prime.ConnectMicroseconds = prime * Second;
            sums.NonPrime.ConnectMicroseconds = (last - first - prime) * Second;
            Add(People[person].Uid, People[person].Name, sums);
        }

        open.RemoveAll(session => session.To <= to);
    }

    private void Write(long to)
    {
        foreach (var (_, record) in logins.Where(login => login.At < to).OrderBy(login => login.At))
        {
            lab.Logged(record);
        }

        logins.RemoveAll(login => login.At < to);
    }

    private void Fees()
    {
        if (random.Next(3) == 0)
        {
            var (uid, name) = Users[random.Next(8)];
            var thousandths = random.Next(-20_000, 100_000);
            var fee = (thousandths / 1000m).ToString("0.###", CultureInfo.InvariantCulture);
            File.AppendAllText(lab.Paths.Fee, $"{uid} {name} 0 0 0 0 0 0 0 0 0 0 0 0 {fee} 0 0 0\n");
            Add(uid, name, new() { FeeMilliunits = thousandths });
        }
    }

    private void Prints(long to)
    {
        // What is in the log before the first run was printed before anybody counted.
        if (random.Next(3) == 0 && File.Exists(lab.Paths.StateFile))
        {
            var (uid, name) = Users[random.Next(8)];
            var pages = random.Next(1, 300);
            var date = DateTimeOffset.FromUnixTimeSeconds(to - 60)
                .ToString("dd/MMM/yyyy:HH:mm:ss", CultureInfo.InvariantCulture);
            File.AppendAllText(
                lab.Of("page_log"),
                $"laser {name} {to % 100_000} [{date} +0000] total {pages} - localhost job a4 one\n");
            Add(uid, name, new() { PrintedPages = pages });
        }
    }

    private void Disks()
    {
        var table = new UserTable<TacctSums>();
        foreach (var (uid, name) in Users.Take(8))
        {
            var sums = new TacctSums { DiskBytes = random.NextInt64(1L << 40), DiskSamples = 1 };
            table.Of(uid, Encoding.UTF8.GetBytes(name)).Add(sums);
            Add(uid, name, sums);
        }

        using var file = File.Create(lab.Paths.DiskTacct);
        TacctFile.Write(file, table);
    }

    private void Add(uint uid, string name, in TacctSums sums)
    {
        var all = due.GetValueOrDefault((uid, name));
        all.Add(sums);
        due[(uid, name)] = all;
    }

    /// <summary>The seconds between two that are from 8 to 18 o'clock of a working day.</summary>
    private long PrimeSeconds(long from, long to)
    {
        var seconds = 0L;
        for (var day = Local(from).Date; day <= Local(to).Date; day = day.AddDays(1))
        {
            if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || Holidays.Contains((day.Month, day.Day)))
            {
                continue;
            }

            seconds += Math.Max(0, Math.Min(to, Unix(day.AddHours(18))) - Math.Max(from, Unix(day.AddHours(8))));
        }

        return seconds;
    }

    private DateTime Local(long seconds) =>
        TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(seconds), lab.Zone).DateTime;

    private long Unix(DateTime local) => new DateTimeOffset(local, lab.Zone.GetUtcOffset(local)).ToUnixTimeSeconds();
}
