// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Doctor;

/// <summary>An examination for people: a line a finding, below it what it means and what mends it.</summary>
/// <param name="output">Where it goes.</param>
/// <param name="columns">Text is wrapped here; commands never are, for they are to be copied.</param>
/// <param name="color">The states are coloured.</param>
internal sealed class ExaminationText(TextWriter output, int columns, bool color)
{
    /// <summary>What is found, not a terminal's width, is what a file should show.</summary>
    public const int UsualColumns = 100;

    private const int LeastColumns = 40;
    private const int StateWidth = 6;

    /// <summary>Writes all of it; the verdict is last.</summary>
    public void Write(Examination examination)
    {
        foreach (var finding in examination.Findings)
        {
            Write(finding);
        }

        output.WriteLine();
        Wrap(examination.Verdict, 0, 0);
        var counts = examination.Findings.CountBy(finding => finding.State).ToDictionary();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Of(FindingState.Ok)} ok, {Of(FindingState.Note)} notes, {Of(FindingState.Unknown)} unknown, "
            + $"{Of(FindingState.Warning)} warnings, {Of(FindingState.Failure)} failures"));

        int Of(FindingState state) => counts.GetValueOrDefault(state);
    }

    private void Write(Finding finding)
    {
        var (word, paint) = finding.State switch
        {
            FindingState.Ok => ("OK", "32"),
            FindingState.Note => ("NOTE", "36"),
            FindingState.Unknown => ("?", "36"),
            FindingState.Warning => ("WARN", "33"),
            _ => ("FAIL", "1;31"),
        };
        output.Write(color ? $"\u001b[{paint}m{word}\u001b[0m" : word);
        output.Write(new string(' ', StateWidth - word.Length));
        Wrap($"{finding.Id}: {finding.What}", StateWidth, StateWidth);
        if (finding.State == FindingState.Ok)
        {
            return;
        }

        if (finding.Means.Length > 0)
        {
            output.Write(new string(' ', StateWidth));
            Wrap(finding.Means, StateWidth, StateWidth);
        }

        foreach (var command in finding.Mend)
        {
            output.WriteLine($"{new string(' ', StateWidth)}mend: {command}");
        }
    }

    private void Wrap(string text, int column, int indent)
    {
        var most = Math.Max(columns, LeastColumns);
        var isFirst = true;
        foreach (var word in text.Split(' '))
        {
            if (!isFirst && column + 1 + word.Length > most)
            {
                output.WriteLine();
                output.Write(new string(' ', indent));
                column = indent;
                isFirst = true;
            }

            output.Write(isFirst ? word : " " + word);
            column += word.Length + (isFirst ? 0 : 1);
            isFirst = false;
        }

        output.WriteLine();
    }
}
