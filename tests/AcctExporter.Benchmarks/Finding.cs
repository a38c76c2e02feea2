// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Benchmarks;

/// <summary>One line of the table.</summary>
/// <param name="What">The work and the peer.</param>
/// <param name="Ours">What it took us.</param>
/// <param name="Peer">What it took the peer, or nothing.</param>
/// <param name="Ratio">How the two relate, or nothing.</param>
/// <param name="Budget">What was promised, or nothing.</param>
/// <param name="Met">Whether it was kept; null for what is only told.</param>
internal sealed record Finding(
    string What, string Ours, string Peer = "", string Ratio = "", string Budget = "", bool? Met = null)
{
    /// <summary>The heads of the columns.</summary>
    public static readonly Finding Heads = new("work", "ours", "peer", "ratio", "budget");

    /// <summary>The cells in the order of the columns.</summary>
    public string[] Cells => [What, Ours, Peer, Ratio, Budget, Met is null ? "" : Met.Value ? "met" : "MISSED"];

    /// <summary>The peer's time over ours must be at least <paramref name="least"/>.</summary>
    public static Finding Faster(string what, string ours, string peer, double times, double least) => new(
        what, ours, peer, Text($"{times:F2} x"), Text($"at least {least} x"), times >= least);

    /// <summary>Our time over the peer's must be at most <paramref name="most"/>.</summary>
    public static Finding Within(string what, string ours, string peer, double share, double most) => new(
        what, ours, peer, Text($"{share:F2} of it"), Text($"at most {most:F1} of it"), share <= most);

    /// <summary>A figure that must be at most <paramref name="most"/>.</summary>
    public static Finding AtMost(string what, double figure, double most, string unit, string peer = "") => new(
        what, Text($"{figure:G3} {unit}"), peer, Text($"{100 * figure / most:F0} % of it"),
        Text($"at most {most} {unit}"), figure <= most);

    /// <summary>Text that is the same in every culture.</summary>
    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
