// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Reports;

/// <summary>
/// How far a long reading is, in one line on standard error that is written over and over and wiped off at the end.
/// Nothing is said in the first second, nor when standard error is no terminal.
/// </summary>
internal sealed class Progress : IDisposable
{
    private const long SilentMilliseconds = 1000;
    private const long RepeatMilliseconds = 200;

    private readonly TextWriter? terminal;
    private readonly TimeProvider clock;
    private readonly string applet;
    private readonly long begin;
    private long said;
    private long exits;
    private int width;

    /// <summary>Begins the first second.</summary>
    /// <param name="applet">The command's name.</param>
    /// <param name="terminal">Where to; null for nowhere.</param>
    /// <param name="clock">What time it is.</param>
    public Progress(string applet, TextWriter? terminal, TimeProvider clock)
    {
        this.applet = applet;
        this.terminal = terminal;
        this.clock = clock;
        begin = clock.GetTimestamp();
    }

    /// <summary>That of a command, if somebody sits at a terminal.</summary>
    /// <param name="applet">The command's name.</param>
    /// <param name="io">What it reads and writes.</param>
    /// <param name="isListing">It writes while it reads: then not between lines on the same terminal.</param>
    public static Progress Of(string applet, ReportIo io, bool isListing = false) =>
        new(applet, isListing && io.IsOutputTerminal ? null : io.Terminal, io.Clock);

    /// <summary>So many more exits were read. One thread at a time.</summary>
    public void Tell(int more)
    {
        exits += more;
        if (terminal is null)
        {
            return;
        }

        var passed = (long)clock.GetElapsedTime(begin).TotalMilliseconds;
        if (passed >= SilentMilliseconds && passed - said >= RepeatMilliseconds)
        {
            said = passed;
            var line = string.Create(
                CultureInfo.InvariantCulture, $"{applet}: {exits:N0} exits read in {passed / 1000.0:F1} s");
            terminal.Write("\r" + line.PadRight(width));
            terminal.Flush();
            width = line.Length;
        }
    }

    /// <summary>Wipes the line off.</summary>
    public void Dispose()
    {
        if (width > 0)
        {
            terminal!.Write("\r" + new string(' ', width) + "\r");
            terminal.Flush();
            width = 0;
        }
    }
}
