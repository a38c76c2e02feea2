// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Config;

/// <summary>
/// The labels of pairs as they are written on a command line: <c>user,command</c>, then optional ones in any order.
/// </summary>
/// <param name="Labels">The optional ones.</param>
internal readonly record struct LabelList(OptionalLabels Labels)
{
    private const string Always = "user,command";

    private static readonly (string Name, OptionalLabels Label)[] Known =
    [
        ("group", OptionalLabels.Group), ("unit", OptionalLabels.Unit), ("container", OptionalLabels.Container),
        ("pod", OptionalLabels.Pod),
    ];

    /// <summary>Names of the optional labels, in the order in which a series bears them.</summary>
    public static IEnumerable<string> Optional => Known.Select(label => label.Name);

    /// <summary>Reads a list; else <paramref name="fault"/> says what is wrong with it.</summary>
    public static bool TryParse(string text, out LabelList list, out string fault)
    {
        list = default;
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        if (names is not ["user", "command", ..])
        {
            fault = $"'{text}' does not begin with {Always}, which every pair has";
            return false;
        }

        var labels = OptionalLabels.None;
        foreach (var name in names.Skip(2))
        {
            var label = Array.Find(Known, known => known.Name == name).Label;
            if (label == OptionalLabels.None || labels.HasFlag(label))
            {
                fault = label == OptionalLabels.None && name is not ("user" or "command")
                    ? $"there is no label '{name}'"
                    : $"'{name}' stands twice in '{text}'";
                return false;
            }

            labels |= label;
        }

        list = new LabelList(labels);
        fault = "";
        return true;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var labels = Labels;
        return string.Join(',', Known.Where(known => labels.HasFlag(known.Label)).Select(known => known.Name)
            .Prepend(Always));
    }
}
