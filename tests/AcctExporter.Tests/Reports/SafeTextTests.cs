// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Reports;

namespace AcctExporter.Tests.Reports;

/// <summary>What a terminal gets to see of a name: printable ASCII (0x20 to 0x7e), and ? for anything else.</summary>
public sealed class SafeTextTests
{
    private static readonly byte[] Every = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    [Fact]
    public void EachByte_IsItselfOrAQuestionMark()
    {
        byte[] expected = [.. Every.Select(value => value is >= 0x20 and <= 0x7e ? value : (byte)'?')];
        var shown = Every.ToArray();
        SafeText.MakeSafe(shown);
        Assert.Equal(expected, shown);
        Assert.Equal(expected, SafeText.Of(Every));
        Assert.All(Every, value => Assert.Equal(value is >= 0x20 and <= 0x7e, SafeText.IsSafe([value])));
        Assert.All(Every, value => Assert.Equal(value is >= 0x20 and <= 0x7e, SafeText.IsSafe([(byte)'a', value])));
    }

    [Fact]
    public void WhatIsGiven_StaysAsItWas()
    {
        var given = "a\u001bb\u007f"u8.ToArray();
        Assert.Equal("a?b?"u8, SafeText.Of(given));
        Assert.Equal("a\u001bb\u007f"u8, given);
        var safe = "cc1"u8.ToArray();
        Assert.Same(safe, SafeText.Of(safe));
    }

    [Fact]
    public void Nothing_IsSafe()
    {
        Assert.True(SafeText.IsSafe([]));
        Assert.Empty(SafeText.Of([]));
        SafeText.MakeSafe([]);
    }
}
