// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace AcctExporter.Service;

/// <summary>What the agent does at an instant, for the service manager.</summary>
/// <param name="Ready">It listens, and the backlog of the start is counted.</param>
/// <param name="SinceTurn">How long ago the capture thread last did something.</param>
/// <param name="Exits">Exits counted since the start.</param>
/// <param name="State">The state in words; a change of it is told at once.</param>
internal readonly record struct ServicePulse(bool Ready, TimeSpan SinceTurn, ulong Exits, string State);

/// <summary>
/// What the service manager is told over its notify socket (sd_notify(3)): ready, state, sign of life, reload, end.
/// Without <c>NOTIFY_SOCKET</c> all of it does nothing; no fault of the socket is ever one of the agent, and nothing
/// waits for it.
/// </summary>
/// <remarks>The variables stay as they are: the children of the agent are given an empty environment.</remarks>
internal sealed class ServiceManager : IDisposable
{
    /// <summary>How often the state is told while it does not change, but for its numbers.</summary>
    public static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(10);

    /// <summary>A start or an end that gets on may take so much longer than the unit allows, again and again.</summary>
    private static readonly TimeSpan Extension = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ExtensionInterval = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The capture thread turns once a second. When it has not for half the time of the watchdog, within these bounds,
    /// it is taken for hanging and no sign of life is given.
    /// </summary>
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestTick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestTick = TimeSpan.FromMilliseconds(10);

    private readonly Socket? socket;
    private readonly UnixDomainSocketEndPoint? manager;
    private readonly TimeProvider clock;
    private readonly TimeSpan watchdog;
    private readonly Lock gate = new();

    private Func<ServicePulse>? pulse;
    private ITimer? timer;
    private ServicePulse told;
    private bool isReady;
    private bool isStopping;
    private long? toldAt;
    private long? barkedAt;
    private long? extendedAt;

    private ServiceManager(UnixDomainSocketEndPoint? manager, TimeSpan watchdog, TimeProvider clock)
    {
        this.manager = manager;
        this.watchdog = watchdog;
        this.clock = clock;
        if (manager is not null)
        {
            socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        }
    }

    /// <summary>The manager that the environment names.</summary>
    /// <param name="variable">Gives a variable of the environment, or null.</param>
    /// <param name="clock">Tells when what is due.</param>
    public static ServiceManager Find(Func<string, string?> variable, TimeProvider clock)
    {
        var manager = EndPointOf(variable("NOTIFY_SOCKET"));
        return new(manager, WatchdogOf(variable("WATCHDOG_USEC"), variable("WATCHDOG_PID")), clock);
    }

    /// <summary>Tells of <paramref name="pulse"/> from now on: when it changes, and as often as is asked for.</summary>
    public void Watch(Func<ServicePulse> pulse)
    {
        if (socket is null)
        {
            return;
        }

        this.pulse = pulse;
        var tick = watchdog == TimeSpan.Zero || watchdog / 4 > LongestTick ? LongestTick : watchdog / 4;
        tick = tick < ShortestTick ? ShortestTick : tick;
        timer = clock.CreateTimer(_ => Tick(tick), null, TimeSpan.Zero, tick);
    }

    /// <summary>The configuration is being read anew: the manager waits for <see cref="Reloaded"/>.</summary>
    public void Reloading()
    {
        // Both are of CLOCK_MONOTONIC.
        var now = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);
        Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={now}"));
    }

    /// <summary>That is done, well or not.</summary>
    public void Reloaded()
    {
        lock (gate)
        {
            // A reload in the middle of the start does not make the agent ready.
            if (isReady)
            {
                Send("READY=1");
            }
        }
    }

    /// <summary>The agent ends.</summary>
    public void Stopping()
    {
        lock (gate)
        {
            isStopping = true;
            extendedAt = null;
            Send("STOPPING=1\nSTATUS=stopping: what is on hand is being counted and saved");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            pulse = null;
        }

        timer?.Dispose();
        socket?.Dispose();
    }

    private static UnixDomainSocketEndPoint? EndPointOf(string? name)
    {
        if (name is not ['/' or '@', _, ..])
        {
            // Nothing, or a kind of socket that this program does not know (vsock).
            return null;
        }

        try
        {
            return new(name[0] == '@' ? '\0' + name[1..] : name);
        }
        catch (ArgumentException)
        {
            // Longer than the kernel takes.
            return null;
        }
    }

    private static TimeSpan WatchdogOf(string? microseconds, string? pid)
    {
        var isOurs = string.IsNullOrEmpty(pid)
            || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return isOurs && long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and < long.MaxValue / 10
            ? TimeSpan.FromMicroseconds(number)
            : TimeSpan.Zero;
    }

    private bool IsDue(long? last, TimeSpan interval) => last is null || clock.GetElapsedTime(last.Value) >= interval;

    private void Tick(TimeSpan tick)
    {
        lock (gate)
        {
            if (pulse is null)
            {
                return;
            }

            var now = pulse();
            TellState(now);
            if (now.SinceTurn >= Patience())
            {
                return;
            }

            if (watchdog > TimeSpan.Zero && IsDue(barkedAt, (watchdog / 2) - tick) && Send("WATCHDOG=1"))
            {
                barkedAt = clock.GetTimestamp();
            }

            if ((!isReady || isStopping) && IsDue(extendedAt, ExtensionInterval))
            {
                extendedAt = clock.GetTimestamp();
                Send(string.Create(CultureInfo.InvariantCulture,
                    $"EXTEND_TIMEOUT_USEC={(long)Extension.TotalMicroseconds}"));
            }
        }
    }

    private TimeSpan Patience()
    {
        var half = watchdog > TimeSpan.Zero ? watchdog / 2 : LongestPatience;
        return half < ShortestPatience ? ShortestPatience : half > LongestPatience ? LongestPatience : half;
    }

    private void TellState(ServicePulse now)
    {
        var becomesReady = now.Ready && !isReady && !isStopping;
        if (isStopping || !(becomesReady || now.State != told.State || IsDue(toldAt, StatusInterval)))
        {
            return;
        }

        var text = string.Create(CultureInfo.InvariantCulture,
            $"STATUS={now.Exits} exits counted{Rate(now)}, {now.State}");
        if (!Send(becomesReady ? "READY=1\n" + text : text))
        {
            // The manager did not take it: again with the next look.
            return;
        }

        isReady |= becomesReady;
        told = now;
        toldAt = clock.GetTimestamp();
    }

    private string Rate(ServicePulse now)
    {
        if (toldAt is not { } last || now.Exits < told.Exits)
        {
            return "";
        }

        var seconds = clock.GetElapsedTime(last).TotalSeconds;
        return seconds < 1 ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {(now.Exits - told.Exits) / seconds:0}/s");
    }

    /// <summary>False when the manager did not take it: it is gone, or its queue is full.</summary>
    private bool Send(string state)
    {
        if (socket is null)
        {
            return false;
        }

        try
        {
            socket.SendTo(Encoding.UTF8.GetBytes(state), manager!);
            return true;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
