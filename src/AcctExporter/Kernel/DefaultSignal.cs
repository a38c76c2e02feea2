// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>A signal that does to this process what it does by default, for a while (sigaction(2)).</summary>
internal sealed unsafe class DefaultSignal : IDisposable
{
    /// <summary>More than <c>struct sigaction</c> has in any C library; the first word is the handler.</summary>
    private const int ActionWords = 64;

    private const ulong Ignore = 1; // SIG_IGN

    private readonly int signal;
    private readonly ulong[] before = new ulong[ActionWords];

    /// <summary>From now on, until it is disposed of.</summary>
    /// <param name="signal">Its number.</param>
    public DefaultSignal(int signal)
    {
        this.signal = signal;
        var action = stackalloc ulong[ActionWords];
        new Span<ulong>(action, ActionWords).Clear();
        fixed (ulong* old = before)
        {
            _ = Libc.sigaction(signal, action, old);
        }
    }

    /// <summary>True when the process ignores a signal.</summary>
    public static bool IsIgnored(int signal)
    {
        var now = stackalloc ulong[ActionWords];
        return Libc.sigaction(signal, null, now) == 0 && now[0] == Ignore;
    }

    /// <summary>As it was before.</summary>
    public void Dispose()
    {
        fixed (ulong* old = before)
        {
            _ = Libc.sigaction(signal, old, null);
        }
    }
}
