// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Reports;

namespace AcctExporter.Tests.Reports;

/// <summary>What belongs to an exit stays with it.</summary>
public sealed class ExitBatchTests
{
    [Fact]
    public void TurnedRound_EachKeepsItsTicksAndTruth()
    {
        var batch = new ExitBatch { Count = 3 };
        Array.Clear(batch.Bytes);
        batch.Slot(0)[48] = (byte)'a';
        batch.SetTicks(0, 1024);
        batch.SetTruth(0, new() { CallBytes = 5, IsKnown = true });

        batch.Reverse();

        Assert.Equal(((ulong)'a', 1024, 5.0), (batch[2].Command.Low, batch[2].TicksPerSecond, batch[2].Characters));
        Assert.Equal((0UL, 100, false), (batch[0].Command.Low, batch[0].TicksPerSecond, batch[0].IsTrue));
    }
}
