// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Tests.Capture;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Logins;

/// <summary>
/// Login files that a test writes, a clock that it sets, and the follower over them, turned by hand. A restart is
/// another follower over the same storage: what the first one had only in memory is gone, as after a SIGKILL.
/// </summary>
internal sealed class LoginLab : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private LoginWatch? watch;

    public LoginLab()
    {
        Directory.CreateDirectory(Storage);
        Options = new LoginOptions
        {
            WtmpFile = Wtmp, BtmpFile = Of("btmp"), WtmpdbFile = Of("wtmp.db"), HolidaysFile = Of("holidays"),
        };
    }

    /// <summary>Noon, in seconds since 1970: where the clock stands first.</summary>
    public static long Noon { get; } = new FixedClock().Now.ToUnixTimeSeconds();

    public FixedClock Clock { get; } = new();

    public RecordedLog Log { get; } = new();

    public LoginOptions Options { get; set; }

    /// <summary>Whom the system knows.</summary>
    public HashSet<string> Known { get; } = ["root", "alice"];

    /// <summary>When a process began, since the boot; null where that cannot be seen.</summary>
    public Func<int, TimeSpan?>? StartOf { get; set; }

    /// <summary>When the host started, by the clock as it stood first.</summary>
    public DateTimeOffset BootedAt { get; set; } = new FixedClock().Now - TimeSpan.FromDays(100);

    /// <summary>Answers whether there is a user; null for <see cref="Known"/>.</summary>
    public Func<byte[], bool>? Knows { get; set; }

    public TimeSpan NamePatience { get; set; } = TimeSpan.FromSeconds(30);

    public bool StartsAnew { get; set; }

    public string Wtmp => Of("wtmp");

    public string Storage => Of("storage");

    /// <summary>What a kill leaves, when it is there.</summary>
    public string LatestFile => Path.Combine(Storage, LoginStore.LatestName);

    public string StateFile => Path.Combine(Storage, LoginStore.FileName);

    /// <summary>Now, in seconds since 1970.</summary>
    public long Now => Clock.Now.ToUnixTimeSeconds();

    public string Of(string name) => folder.Of(name);

    /// <summary>One record.</summary>
    public static byte[] Record(
        UtmpType type, string user, string line, long seconds, int pid = 100, UtmpLayout? layout = null) =>
        Record(type, Encoding.UTF8.GetBytes(user), line, seconds, pid, layout);

    public static byte[] Record(
        UtmpType type, byte[] user, string line, long seconds, int pid = 100, UtmpLayout? layout = null)
    {
        var its = layout ?? UtmpLayout.Usual;
        var bytes = new byte[its.Size];
        new UtmpFields
        {
            Type = type, User = user, Line = Encoding.UTF8.GetBytes(line), Pid = pid, Seconds = seconds,
            Microseconds = 5, Host = "host.example"u8,
        }.Write(bytes, its);
        return bytes;
    }

    public static byte[] Login(string user, string line, long seconds, int pid = 100) =>
        Record(UtmpType.UserProcess, user, line, seconds, pid);

    public static byte[] Logout(string line, long seconds, int pid = 100) =>
        Record(UtmpType.DeadProcess, "", line, seconds, pid);

    public static byte[] Boot(long seconds) => Record(UtmpType.BootTime, "reboot", "~", seconds, 0);

    public static byte[] Shutdown(long seconds) => Record(UtmpType.RunLevel, "shutdown", "~", seconds, 0);

    /// <summary>Appends to a file, which is made if need be.</summary>
    public void Append(string path, params byte[][] records)
    {
        using var file = new FileStream(
            path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        foreach (var record in records)
        {
            file.Write(record);
        }
    }

    /// <summary>Appends to wtmp.</summary>
    public void Write(params byte[][] records) => Append(Wtmp, records);

    /// <summary>Starts the follower, or starts it again.</summary>
    public void Start()
    {
        watch?.Dispose();
        watch = new LoginWatch(
            Options, Storage, StartsAnew,
            new LoginHost(Knows ?? (name => Known.Contains(Encoding.UTF8.GetString(name))), [], StartOf)
            {
                NamePatience = NamePatience, SinceBoot = () => Clock.Now - BootedAt,
            },
            Clock, Log);
    }

    public void Reload() => watch!.Reload();

    /// <summary>Time passes.</summary>
    public void Pass(double seconds) => Clock.Now += TimeSpan.FromSeconds(seconds);

    /// <summary>The clock is set, and no time passes.</summary>
    public void SetClock(TimeSpan by)
    {
        Clock.Now += by;
        Clock.SetBy += by;
        BootedAt += by;
    }

    /// <summary>What the thread does between two turns when it is time.</summary>
    public void Sync() => watch!.Sync(isLast: false);

    /// <summary>A turn that a scrape asks for, and what it would show. Starts the follower when nobody has.</summary>
    public LoginSnapshot Turn()
    {
        if (watch is null)
        {
            Start();
        }

        watch!.Turn(isWanted: true);
        return watch.Snapshot!;
    }

    /// <summary>The same after so many seconds.</summary>
    public LoginSnapshot After(double seconds)
    {
        Pass(seconds);
        return Turn();
    }

    /// <summary>What is shown now, without a turn; null for nothing.</summary>
    public LoginSnapshot? Shown => watch?.Snapshot;

    /// <summary>Ends the follower without a word, and starts another.</summary>
    public LoginSnapshot Restart()
    {
        Start();
        return Turn();
    }

    public void Dispose()
    {
        watch?.Dispose();
        folder.Dispose();
    }
}

/// <summary>Figures of a snapshot by what they mean.</summary>
internal static class LoginFigures
{
    public static ulong LoginsOf(this LoginSnapshot shown) => shown.Logins.Aggregate(0UL, (sum, next) => sum + next);

    public static ulong LogoutsOf(this LoginSnapshot shown) => shown.Logouts.Aggregate(0UL, (sum, next) => sum + next);

    public static LoginUserRow User(this LoginSnapshot shown, string label) =>
        Assert.Single(shown.Users, user => Encoding.UTF8.GetString(user.Labels) == $"user=\"{label}\"");

    public static LoginLineRow Line(this LoginSnapshot shown, string label) =>
        Assert.Single(shown.Lines, line => Encoding.UTF8.GetString(line.Labels) == $"tty=\"{label}\"");

    public static ulong Connected(this LoginSnapshot shown, string user) =>
        shown.User(user).PrimeSeconds + shown.User(user).NonPrimeSeconds;

    public static ulong Flaw(this LoginSnapshot shown, UtmpFlaw flaw) => shown.Flaws[(int)flaw];

    public static ulong Anomaly(this LoginSnapshot shown, LoginAnomaly anomaly) => shown.Anomalies[(int)anomaly];

    /// <summary>Every figure that may only rise, in a fixed order; users and lines by their labels.</summary>
    public static SortedDictionary<string, ulong> Counters(this LoginSnapshot shown)
    {
        var all = new SortedDictionary<string, ulong>(StringComparer.Ordinal)
        {
            ["boots"] = shown.Boots, ["crashes"] = shown.Crashes, ["shutdowns"] = shown.Shutdowns,
            ["clock"] = shown.ClockChanges, ["corrected"] = shown.CorrectedSeconds,
            ["records"] = shown.SessionRecords, ["failures"] = shown.FailureRecords, ["gaps"] = shown.SessionGaps,
        };
        void Add(string name, ulong[] values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                all[$"{name}{i}"] = values[i];
            }
        }

        Add("logins", shown.Logins);
        Add("logouts", shown.Logouts);
        Add("failed", shown.Failed);
        Add("anomalies", shown.Anomalies);
        Add("flaws", shown.Flaws);
        foreach (var user in shown.Users)
        {
            Add(Encoding.UTF8.GetString(user.Labels), [user.PrimeSeconds, user.NonPrimeSeconds]);
        }

        foreach (var line in shown.Lines)
        {
            Add(Encoding.UTF8.GetString(line.Labels), [line.Logins, line.Logouts, line.Seconds]);
        }

        return all;
    }
}
