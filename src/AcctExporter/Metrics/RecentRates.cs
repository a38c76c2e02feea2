// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Metrics;

/// <summary>Exits of a quarter of an hour in steps of five seconds, by when they were counted.</summary>
internal sealed class RecentRates
{
    /// <summary>Length of a step.</summary>
    public const int StepSeconds = 5;

    /// <summary>Whole steps that are kept.</summary>
    public const int Steps = 15 * 60 / StepSeconds;

    // One more, for the step under way.
    private readonly Numbered[] ring = new Numbered[Steps + 1];

    /// <summary>Adds exits.</summary>
    /// <param name="exits">How many.</param>
    /// <param name="seconds">When, in seconds since the start.</param>
    public void Add(RateStep exits, long seconds)
    {
        // Numbers begin with 1: an empty place is of no step.
        var number = (seconds / StepSeconds) + 1;
        ref var place = ref ring[number % ring.Length];
        if (place.Number != number)
        {
            place = new Numbered { Number = number };
        }

        place.Exits += exits.Exits;
        place.Failures += exits.Failures;
        place.Signals += exits.Signals;
    }

    /// <summary>Copies the whole steps, oldest first: those since the start, as far as they are kept.</summary>
    public void CopyTo(List<RateStep> steps, long seconds)
    {
        steps.Clear();
        var end = (seconds / StepSeconds) + 1;
        for (var number = Math.Max(1, end - Steps); number < end; number++)
        {
            ref readonly var place = ref ring[number % ring.Length];
            steps.Add(place.Number == number ? new RateStep(place.Exits, place.Failures, place.Signals) : default);
        }
    }

    private struct Numbered
    {
        public long Number;
        public uint Exits;
        public uint Failures;
        public uint Signals;
    }
}

/// <summary>What ended in one step.</summary>
/// <param name="Exits">All of it.</param>
/// <param name="Failures">Ended by itself with a code other than 0.</param>
/// <param name="Signals">Ended by a signal.</param>
internal readonly record struct RateStep(uint Exits, uint Failures, uint Signals)
{
    /// <summary>With one exit more.</summary>
    public RateStep With(ExitStatus status) => new(
        Exits + 1, Failures + (status.Failed ? 1u : 0), Signals + (status.Signal != 0 ? 1u : 0));
}
