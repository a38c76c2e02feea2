// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Service;

namespace AcctExporter.Tests.Service;

public class SystemdSocketsTests
{
    private static readonly string Own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(null, null, "start the socket unit")]
    [InlineData("0", null, "start the socket unit")]
    [InlineData("x", "own", "start the socket unit")]
    [InlineData("-1", "own", "start the socket unit")]
    [InlineData("65", "own", "start the socket unit")]
    [InlineData("1", null, "without a shell between")]
    [InlineData("1", "1", "without a shell between")]
    public void Take_SaysWhatToDo_WhenThereAreNone(string? count, string? pid, string text)
    {
        var sockets = SystemdSockets.Take(
            variable => variable == "LISTEN_FDS" ? count : pid == "own" ? Own : pid, out var fault);
        Assert.Empty(sockets);
        Assert.Contains(text, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Take_RefusesWhatDoesNotListen()
    {
        // What this process has open from 3 on are files and pipes of the runtime, or nothing.
        var sockets = SystemdSockets.Take(variable => variable == "LISTEN_FDS" ? "64" : Own, out var fault);
        Assert.Empty(sockets);
        Assert.Contains("is not a socket that listens", fault, StringComparison.Ordinal);
    }
}
