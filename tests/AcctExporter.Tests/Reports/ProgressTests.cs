// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Reports;

namespace AcctExporter.Tests.Reports;

/// <summary>How far a long reading is.</summary>
public sealed class ProgressTests : IDisposable
{
    private readonly StringWriter terminal = new(CultureInfo.InvariantCulture);
    private readonly SteppedClock clock = new();

    [Fact]
    public void NothingIsSaid_InTheFirstSecond()
    {
        using (var progress = new Progress("sa", terminal, clock))
        {
            Tell(progress, 999, 1000);
        }

        Assert.Empty(terminal.ToString());
    }

    [Fact]
    public void ThenALine_IsWrittenOver_AndWipedOff()
    {
        using (var progress = new Progress("sa", terminal, clock))
        {
            Tell(progress, 1000, 5_000_000);
            Tell(progress, 100, 1);
            Tell(progress, 100, 1);
        }

        Assert.Equal(
            "\rsa: 5,000,000 exits read in 1.0 s\rsa: 5,000,002 exits read in 1.2 s\r" + new string(' ', 33) + "\r",
            terminal.ToString());
    }

    [Fact]
    public void WithoutATerminal_NothingIsSaid()
    {
        using var progress = new Progress("sa", null, clock);
        Tell(progress, 5000, 1);
        var io = new ReportIo(Stream.Null, Stream.Null, terminal, clock);
        using (var other = Progress.Of("sa", io))
        {
            Tell(other, 5000, 1);
        }

        Assert.Empty(terminal.ToString());
    }

    public void Dispose() => terminal.Dispose();

    private void Tell(Progress progress, int milliseconds, int exits)
    {
        clock.Now += milliseconds;
        progress.Tell(exits);
    }

    private sealed class SteppedClock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Now;
    }
}
