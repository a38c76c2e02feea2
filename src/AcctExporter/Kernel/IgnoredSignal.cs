// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>
/// A signal that this process ignores for a while (sigaction(2)). The kernel drops it when it is sent, so nothing of it
/// is left over when the while is over.
/// </summary>
internal sealed unsafe class IgnoredSignal : IDisposable
{
    /// <summary>More than <c>struct sigaction</c> has in any C library; the first word is the handler.</summary>
    private const int ActionWords = 64;

    /// <summary><c>SIG_IGN</c>.</summary>
    private const ulong Ignore = 1;

    private readonly int signal;
    private readonly ulong[] before = new ulong[ActionWords];

    /// <summary>From now on, until it is disposed of.</summary>
    /// <param name="signal">Its number.</param>
    public IgnoredSignal(int signal)
    {
        this.signal = signal;
        var action = stackalloc ulong[ActionWords];
        new Span<ulong>(action, ActionWords).Clear();
        action[0] = Ignore;
        fixed (ulong* old = before)
        {
            _ = Libc.sigaction(signal, action, old);
        }
    }

    /// <summary>
    /// The signal as one of a set that a child takes as others do; none when it was ignored before, as nohup(1) and the
    /// <c>&amp;</c> of shells want it for all that they start.
    /// </summary>
    public ulong OfChild => before[0] == Ignore ? 0 : 1UL << (signal - 1);

    /// <summary>As it was before.</summary>
    public void Dispose()
    {
        fixed (ulong* old = before)
        {
            _ = Libc.sigaction(signal, old, null);
        }
    }
}
