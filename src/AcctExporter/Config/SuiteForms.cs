// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Suite;

namespace AcctExporter.Config;

/// <summary>The kinds of values that settings of the suite have.</summary>
internal static class SuiteForms
{
    private const string OffWord = "off";

    /// <summary>A time of the day, or off.</summary>
    public static TextForm<OrOff<TimeOnly>?> Daily { get; } = new(
        "HH:MM|off",
        (string text, out string problem) => Read<TimeOnly>(
            text, WeeklyTime.TryParseTime, $"'{text}' is no time of the day (04:00, 23:59, off)", out problem),
        time => time!.Value.Time?.ToString(WeeklyTime.TimeForm, CultureInfo.InvariantCulture) ?? OffWord);

    /// <summary>A time of the week, or off.</summary>
    public static TextForm<OrOff<WeeklyTime>?> Weekly { get; } = new(
        "DAY HH:MM|off",
        (string text, out string problem) => Read<WeeklyTime>(
            text, WeeklyTime.TryParse, $"'{text}' is no day and time (Sun 22:30, Mon 04:00, off)", out problem),
        time => time!.Value.Time?.ToString() ?? OffWord);

    /// <summary>When fiscal periods begin.</summary>
    public static TextForm<FiscalPeriods> Fiscal { get; } = new(
        "monthly|off|DAY,...",
        (string text, out string problem) =>
        {
            var periods = FiscalPeriods.Parse(text, out var fault);
            problem = periods is not null ? ""
                : fault is null ? $"a day stands twice in '{text}'"
                : $"'{fault}' is no day on which a period can begin (04-01, 2026-04-01; not 02-29, which not every "
                    + "year has); or say monthly, or off";
            return periods ?? FiscalPeriods.Off;
        },
        periods => periods.ToString(), SettingArity.Words);

    private delegate bool Parser<T>(string text, out T value);

    private static OrOff<T>? Read<T>(string text, Parser<T> parse, string fault, out string problem)
        where T : struct
    {
        problem = "";
        if (text == OffWord)
        {
            return new OrOff<T>(null);
        }

        if (parse(text, out var value))
        {
            return new OrOff<T>(value);
        }

        problem = fault;
        return null;
    }
}

/// <summary>A time, or none: switched off.</summary>
/// <param name="Time">The time.</param>
internal readonly record struct OrOff<T>(T? Time)
    where T : struct;
