// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.Ledger;

/// <summary>
/// What a pattern keeps, measured on the memory of the whole process: no other test runs beside this one.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class RulePatternMemoryTests
{
    /// <summary>
    /// The states of this pattern are as many as there are names. The runtime would keep more than a gigabyte.
    /// </summary>
    [Fact]
    public void HostileNames_TakeBoundedMemory()
    {
        var pattern = RulePatternTests.Of("(.*[ab].{15}){2}");
        var random = new Random(3);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 0; round < 1_000; round++)
        {
            pattern.Matches(new string(random.GetItems<char>("abcde", 64)));
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 32L << 20);
        GC.KeepAlive(pattern);
    }
}
