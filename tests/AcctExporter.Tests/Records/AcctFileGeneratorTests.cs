// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>
/// The generator gives the same file everywhere, and what it says of the file is what a reader finds.
/// </summary>
public sealed class AcctFileGeneratorTests
{
    private static readonly RecordKind[] AllKinds =
        [new(3), new(3, true), new(2), new(2, true), new(1), new(1, true), new(0), new(0, true)];

    [Theory]
    [InlineData(false, "0945fa048b4073c7d4c29ef338a161379d8e01c09adf5d4c2c4af729c3e30fa6")]
    [InlineData(true, "528c011f38c79fa1e5567bddcc3a126c635990edbc97cb67286a036399a00ac5")]
    public void SameSeed_SameBytes_OnEveryMachine(bool all, string sha256)
    {
        var generator = all
            ? new AcctFileGenerator(7) { Kinds = AllKinds, HostileNames = true, BoundaryValues = true }
            : new AcctFileGenerator(7);
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(generator.File(1_000))));
    }

    [Fact]
    public void Truth_IsWhatTheScannerFinds()
    {
        var generator = new AcctFileGenerator(8) { Kinds = AllKinds, HostileNames = true, BoundaryValues = true };
        var bytes = generator.File(20_000);
        var exits = new ProcessExit[20_001];

        var count = AcctScanner.Read(bytes, final: true, exits, new int[20_001], new ulong[RejectReason.Count], out _);

        Assert.Equal(20_000, count);
        var found = new Dictionary<(CommandName, uint), ExitTotals>();
        foreach (var exit in exits.AsSpan(0, count))
        {
            if (!found.TryGetValue((exit.Command, exit.Uid), out var totals))
            {
                found.Add((exit.Command, exit.Uid), totals = new());
            }

            totals.Exits++;
            totals.Failed += exit.Status.Failed ? 1 : 0;
            totals.Signalled += exit.Status.Signal != 0 ? 1 : 0;
            totals.UserTicks += exit.UserMicroseconds / 10_000;
            totals.SystemTicks += exit.SystemMicroseconds / 10_000;
            totals.ElapsedTicks += exit.ElapsedMicroseconds / 10_000;
            totals.MemoryKib += exit.VirtualMemoryBytes / 1024;
            totals.MinorFaults += exit.MinorFaults;
            totals.MajorFaults += exit.MajorFaults;
        }

        Assert.True(generator.Truth.Count > 1_000);
        Assert.Equal(generator.Truth.Count, found.Count);
        Assert.All(generator.Truth, pair => Assert.Equal(pair.Value, found[pair.Key]));
    }

    [Fact]
    public void Host_LooksLikeAHost()
    {
        var generator = new AcctFileGenerator(9);
        _ = generator.File(50_000);

        Assert.InRange(generator.Truth.Keys.Select(key => key.Command).Distinct().Count(), 350, 400);
        Assert.InRange(generator.Truth.Values.Sum(totals => totals.Failed), 4_000, 4_500); // 8.5 %
        Assert.InRange(generator.Truth.Values.Sum(totals => totals.Signalled), 600, 900); // 1.5 %
        var cpu = generator.Truth.Values.Aggregate(0UL, (sum, totals) => sum + totals.UserTicks + totals.SystemTicks);
        var elapsed = generator.Truth.Values.Aggregate(0UL, (sum, totals) => sum + totals.ElapsedTicks);
        Assert.InRange(cpu / (double)elapsed, 0.1, 0.5); // a quarter on average
    }
}
