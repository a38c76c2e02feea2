// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Metrics;

/// <summary>One figure of the agent: a whole number, microseconds, a ratio, or nothing at all.</summary>
internal readonly record struct Reading
{
    private enum Form : byte
    {
        Absent,
        Count,
        Microseconds,
        Real,
    }

    private readonly Form form;
    private readonly ulong units;
    private readonly double real;

    private Reading(Form form, ulong units, double real) => (this.form, this.units, this.real) = (form, units, real);

    /// <summary>Not known: the series is left out, for 0 would be a lie.</summary>
    public static Reading Absent => default;

    /// <summary>False for <see cref="Absent"/>.</summary>
    public bool IsPresent => form != Form.Absent;

    /// <summary>The figure in whole units of <see cref="WholeForm"/>; 0 for what is no whole number.</summary>
    public ulong Whole => units;

    /// <summary>What <see cref="Whole"/> counts: things, or microseconds.</summary>
    public FigureForm WholeForm => form == Form.Microseconds ? FigureForm.Microseconds : FigureForm.Count;

    /// <summary>The figure for readers that are not in a hurry.</summary>
    public double Value => form switch
    {
        Form.Absent => double.NaN,
        Form.Microseconds => units / 1e6,
        Form.Count => units,
        _ => real,
    };

    /// <summary>A whole number; a negative one is not known.</summary>
    public static Reading Count(long value) => value < 0 ? Absent : Count((ulong)value);

    /// <inheritdoc cref="Count(long)"/>
    public static Reading Count(ulong value) => new(Form.Count, value, 0);

    /// <summary>1 or 0.</summary>
    public static Reading State(bool value) => Count(value ? 1UL : 0);

    /// <summary>A length of time in microseconds, shown in seconds; a negative one is not known.</summary>
    public static Reading Microseconds(long value) => value < 0 ? Absent : new(Form.Microseconds, (ulong)value, 0);

    /// <summary>A time in microseconds since 1970, shown in seconds; 0 is never, and never has no series.</summary>
    public static Reading Timestamp(long unixMicroseconds) =>
        unixMicroseconds <= 0 ? Absent : Microseconds(unixMicroseconds);

    /// <summary>Any number; NaN is not known.</summary>
    public static Reading Real(double value) => double.IsNaN(value) ? Absent : new(Form.Real, 0, value);

    /// <summary>Writes the figure.</summary>
    public void Write(ref LineWriter line)
    {
        switch (form)
        {
            case Form.Count:
                line.PutCount(units);
                break;
            case Form.Microseconds:
                line.PutMicroseconds(units);
                break;
            default:
                line.PutReal(Value);
                break;
        }
    }
}
