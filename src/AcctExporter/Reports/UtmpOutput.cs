// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Login records as they are (a filter's text form is their bytes), or as rows of JSON or CSV with all their fields.
/// </summary>
internal sealed class UtmpOutput
{
    private readonly ReportText text;
    private readonly ReportRows? rows;

    /// <summary>Begins the output.</summary>
    public UtmpOutput(Stream output, ReportFormat format)
    {
        text = new(output);
        rows = format == ReportFormat.Text ? null : new(text, format,
            "type", "pid", "id", "user", "line", "host", "address", "time", "termination_signal", "exit_status",
            "session", "flaw");
    }

    /// <summary>One record.</summary>
    public void Add(UtmpRecord record)
    {
        if (rows == null)
        {
            text.Add(record.Bytes);
            return;
        }

        rows.Row();
        rows.Add((long)record.Type);
        rows.Add(record.Pid);
        rows.Add(record.Id);
        rows.Add(record.User);
        rows.Add(record.Line);
        rows.Add(record.Host);
        Span<byte> address = stackalloc byte[UtmpText.AddressRoom];
        if (record.Address.ContainsAnyExcept((byte)0))
        {
            rows.Add(address[..UtmpText.Address(address, record.Address)]);
        }
        else
        {
            rows.AddNothing();
        }

        // A damaged one's microseconds may be any number: they are no part of an instant.
        rows.AddInstant(record.Seconds, (ulong)record.Microseconds < 1_000_000 ? (int)record.Microseconds : 0);
        rows.Add(record.Termination);
        rows.Add(record.Exit);
        rows.Add(record.Session);
        if (record.Flaw == UtmpFlaw.None)
        {
            rows.AddNothing();
        }
        else
        {
            rows.Add(record.Flaw.ToString().ToLowerInvariant());
        }
    }

    /// <summary>Everything so far to the output; for who goes on later.</summary>
    public void Flush() => text.Flush();

    /// <summary>Ends the output; call it once, also without records.</summary>
    public void End()
    {
        rows?.End();
        text.Flush();
    }
}
