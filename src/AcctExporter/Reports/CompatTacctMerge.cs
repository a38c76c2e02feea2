// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>
/// Merges total accounting as the original does: the inputs side by side, in floats of 32 bits. Of inputs that are not
/// sorted a user's records are not all found.
/// </summary>
/// <param name="options">What to do.</param>
/// <param name="say">Takes messages.</param>
internal sealed class CompatTacctMerge(TacctMergeOptions options, Action<string> say)
{
    /// <summary>Bytes of a name that are compared, and kept.</summary>
    private const int NameBytes = 32;

    private readonly bool isAix = options.Input.IsAix;
    private ClassicTacct total;

    /// <summary>An input had no first record.</summary>
    public bool HasEmpty { get; private set; }

    /// <summary>Merges.</summary>
    /// <param name="inputs">The inputs; null for one that could not be opened.</param>
    /// <param name="output">Where it goes.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Run(IReadOnlyList<TacctSource?> inputs, Stream output)
    {
        for (var number = 0; number < inputs.Count; number++)
        {
            if (inputs[number]?.Next() != true)
            {
                say($"read error file {number}.  File may be empty.");
                HasEmpty = true;
            }
        }

        var result = new TacctOutput(output, options);
        while (Least(inputs) is >= 0 and var least)
        {
            Sum(inputs, least, result);
        }

        if (options.IsTotal)
        {
            result.Add(0, "TOTAL"u8, total);
        }

        result.End();
    }

    private static ReadOnlySpan<byte> NameOf(TacctSource source) =>
        source.Records.Name[..Math.Min(source.Records.Name.Length, NameBytes)];

    /// <summary>The first of the inputs with the smallest key; -1 when all have ended.</summary>
    private int Least(IReadOnlyList<TacctSource?> inputs)
    {
        var least = -1;
        for (var number = 0; number < inputs.Count; number++)
        {
            if (inputs[number] is { HasRecord: true } input && (least < 0 || IsLess(input, inputs[least]!)))
            {
                least = number;
            }
        }

        return least;
    }

    private bool IsLess(TacctSource left, TacctSource right) =>
        left.Records.Uid < right.Records.Uid
        || (left.Records.Uid == right.Records.Uid && !options.IsByUid
            && NameOf(left).SequenceCompareTo(NameOf(right)) < 0);

    private void Sum(IReadOnlyList<TacctSource?> inputs, int least, TacctOutput output)
    {
        var first = inputs[least]!;
        var uid = first.Records.Uid;
        var name = NameOf(first).ToArray();
        var sum = first.Records.Figures;
        total.Add(sum, isAix);
        first.Next();
        for (var number = least; number < inputs.Count;)
        {
            if (inputs[number] is { HasRecord: true } input && input.Records.Uid == uid
                && (options.IsByUid || NameOf(input).SequenceEqual(name)))
            {
                sum.Add(input.Records.Figures, isAix);
                total.Add(input.Records.Figures, isAix);
                input.Next();
            }
            else
            {
                number++;
            }
        }

        if (!options.IsTotal)
        {
            output.Add(uid, name, sum);
        }
    }
}
