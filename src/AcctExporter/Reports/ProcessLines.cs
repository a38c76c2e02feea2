// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary><c>acctprc1</c>: a line for each process, with the user's name.</summary>
/// <param name="output">Where they go.</param>
/// <param name="format">As such lines, or as rows.</param>
/// <param name="names">The names.</param>
/// <param name="split">Divides lives.</param>
internal sealed class ProcessLines(Stream output, ReportFormat format, SessionNames names, LifeSplit split)
{
    private readonly ReportText text = new(output);
    private ReportRows? rows;

    /// <summary>Lines in whole numbers, with names of eight letters.</summary>
    public bool Compat { get; init; }

    /// <summary>With I/O, as AIX has them.</summary>
    public bool IsAix { get; init; }

    /// <summary>One process.</summary>
    public void Add(in AcctEntry entry, bool isSystemV)
    {
        var record = entry.Record;
        var name = names.Of(record.Uid, record.Tty, record.BeginUnixSeconds);
        if (Compat)
        {
            PtmpText.Write(text, record.Uid, name, ClassicCharge.Of(entry, isSystemV, split), entry, IsAix);
            return;
        }

        var charge = ProcessCharge.Of(entry, isSystemV, split);
        if (format == ReportFormat.Text)
        {
            PtmpText.Write(text, record.Uid, name, charge, IsAix);
        }
        else
        {
            AddRow(record.Uid, name, charge);
        }
    }

    /// <summary>Ends the output.</summary>
    public void End()
    {
        if (format != ReportFormat.Text)
        {
            Rows().End();
        }

        text.Flush();
    }

    private ReportRows Rows() => rows ??= new(
        text, format, "uid", "user", "prime_cpu_seconds", "nonprime_cpu_seconds", "memory_byte_seconds",
        "transferred_bytes", "storage_bytes");

    private void AddRow(uint uid, byte[] name, in ProcessCharge charge)
    {
        var row = Rows();
        row.Row();
        row.Add(uid);
        UserTotals.AddName(row, name);
        row.Add((double)charge.PrimeMicroseconds / ProcessCost.Second);
        row.Add((double)charge.NonPrimeMicroseconds / ProcessCost.Second);
        row.Add(CommandRows.ByteSeconds(charge.KibMicroseconds));
        UserTotals.AddBytes(row, charge.HasIo, charge.Characters);
        UserTotals.AddBytes(row, charge.HasIo, charge.StorageBytes);
    }
}
