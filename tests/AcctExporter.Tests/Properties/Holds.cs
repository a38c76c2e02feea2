// SPDX-License-Identifier: Apache-2.0
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Properties;

/// <summary>Says that something holds for all input; the failure names the input, made small, and its seed.</summary>
internal static class Holds
{
    /// <summary>For a night's search: <c>ACCT_PROPERTY_FACTOR=50 dotnet test ...</c>.</summary>
    private static readonly int Factor =
        int.TryParse(Environment.GetEnvironmentVariable("ACCT_PROPERTY_FACTOR"), out var factor) ? factor : 1;

    public static void ForAll<T>(Gen<T> inputs, int runs, Func<T, bool> holds) =>
        ForAll(Arb.From(inputs), runs, holds);

    /// <summary>For input made of parts: a failure is shown with as few parts as it takes.</summary>
    public static void ForAllOf<T>(Gen<T> parts, int most, int runs, Func<T[], bool> holds) =>
        ForAll(Arb.From(parts.ArrayOf().Resize(most), WithoutOne), runs, holds);

    // The same input each time, so that a red build means a change; a night's search takes new input each time. What it
    // finds in the scanner (a noise that reads like a record) is weighed: no rule tells all noise from all records.
    private static void ForAll<T>(Arbitrary<T> inputs, int runs, Func<T, bool> holds)
    {
        var config = FsCheck.Config.QuickThrowOnFailure.WithMaxTest(runs * Factor);
        Check.One(Factor > 1 ? config : config.WithReplay(20_261_122, 1_234_567_891), Prop.ForAll(inputs, holds));
    }

    private static IEnumerable<T[]> WithoutOne<T>(T[] parts) =>
        Enumerable.Range(0, parts.Length).Select(gone => parts.Where((_, at) => at != gone).ToArray());
}
