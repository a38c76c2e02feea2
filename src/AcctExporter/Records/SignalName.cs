// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Records;

/// <summary>Names of Linux signals by number (signal(7), x86 and arm numbering).</summary>
internal static class SignalName
{
    /// <summary>One more than the largest number that an exit status can carry.</summary>
    public const int Count = 128;

    /// <summary>The first real-time signal that programs see: glibc keeps 32 and 33 for itself.</summary>
    private const int FirstRealTime = 34;
    private const int LastRealTime = 64;

    private static readonly string[] Standard =
    [
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
        "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP",
        "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR",
        "SIGSYS",
    ];

    private static readonly (string Other, string Name)[] Synonyms =
        [("SIGIOT", "SIGABRT"), ("SIGCLD", "SIGCHLD"), ("SIGPOLL", "SIGIO")];

    /// <summary>The names of the standard signals, without <c>SIG</c>.</summary>
    public static IEnumerable<string> Names => Standard.Skip(1).Select(name => name[3..]);

    /// <summary>
    /// The signals that end a program for a fault of its own, or that kill it: host totals show them from 0.
    /// </summary>
    public static readonly int[] UsuallyFatal = [3, 4, 6, 7, 8, 9, 11, 15, 31];

    /// <summary>
    /// The name for a number from 1 to 127: <c>SIGKILL</c>, <c>SIGRTMIN</c>, <c>SIGRTMIN+3</c>;
    /// <c>SIG32</c> for those that have no name of their own.
    /// </summary>
    public static string Of(int signal)
    {
        if (signal > 0 && signal < Standard.Length)
        {
            return Standard[signal];
        }

        return signal switch
        {
            FirstRealTime => "SIGRTMIN",
            > FirstRealTime and <= LastRealTime => $"SIGRTMIN+{signal - FirstRealTime}",
            _ => $"SIG{signal}",
        };
    }

    /// <summary>
    /// The number of a signal by its name, with or without <c>SIG</c>, in capitals or small letters (<c>KILL</c>,
    /// <c>SIGRTMIN+3</c>, <c>rtmax-1</c>), or by its number from 1 to 127.
    /// </summary>
    public static bool TryRead(string text, out int signal)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out signal))
        {
            return signal is > 0 and < Count;
        }

        var name = text.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name : "SIG" + name;
        name = Array.Find(Synonyms, pair => pair.Other == name).Name ?? name;
        var (from, sign) = name.StartsWith("SIGRTMAX", StringComparison.Ordinal) ? (LastRealTime, '-')
            : name.StartsWith("SIGRTMIN", StringComparison.Ordinal) ? (FirstRealTime, '+') : (0, ' ');
        var steps = 0;
        signal = from == 0 ? Array.IndexOf(Standard, name)
            : name.Length == "SIGRTMIN".Length || (name["SIGRTMIN".Length] == sign && int.TryParse(
                name["SIGRTMIN+".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out steps)
                && steps <= LastRealTime - FirstRealTime)
            ? sign == '-' ? from - steps : from + steps : -1;
        return signal > 0;
    }
}
