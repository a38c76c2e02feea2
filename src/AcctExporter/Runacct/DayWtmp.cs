// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Reports;

namespace AcctExporter.Runacct;

/// <summary>
/// Writes the login records of a day, all in the layout of the first, with the suite's reasons between them by time and
/// <c>runacct</c> at the end; and keeps account of who is logged in. It takes no memory for records.
/// </summary>
/// <param name="file">Where they go; it can be cut off again.</param>
/// <param name="sessions">Who is logged in.</param>
/// <param name="reasons">Records of the suite's own, in the layout of this host.</param>
internal sealed class DayWtmp(Stream file, SessionBuilder sessions, IReadOnlyList<byte[]> reasons)
{
    private readonly UtmpOutput output = new(file, ReportFormat.Text);
    private readonly LoginNames names = new();
    private readonly byte[] copy = new byte[UtmpLayout.WideSize];
    private UtmpLayout? layout;
    private int nextReason;
    private bool hasBegun;

    /// <summary>
    /// The day begins here, in seconds since 1970: behind the last record that is older. Those who are logged in then
    /// are so from then on. Null: with the first record.
    /// </summary>
    public long? Since { get; init; }

    /// <summary>Sessions of another source, which nobody will end: they do so where the day begins.</summary>
    public SessionBuilder? Left { get; init; }

    /// <summary>The next record.</summary>
    public void Add(UtmpRecord record)
    {
        if (record.Seconds < Since)
        {
            CutOff();
            sessions.Apply(LoginEvent.Of(record, names));
            return;
        }

        Begin(record.Layout);
        for (; nextReason < reasons.Count && Reason(nextReason).Seconds < record.Seconds; nextReason++)
        {
            Put(Reason(nextReason));
        }

        if (record.Type != UtmpType.Empty)
        {
            Put(record);
        }
    }

    /// <summary>The end of the day, in seconds since 1970.</summary>
    public void End(long seconds)
    {
        Begin(UtmpLayout.OfThisHost);
        for (; nextReason < reasons.Count; nextReason++)
        {
            Put(Reason(nextReason));
        }

        var its = UtmpLayout.OfThisHost;
        var end = AcctWtmp.Record("runacct"u8, DateTimeOffset.FromUnixTimeSeconds(seconds), its);
        Put(new(end, its));
        output.End();
        sessions.CutOff(seconds);
    }

    private void Begin(UtmpLayout its)
    {
        if (hasBegun)
        {
            return;
        }

        hasBegun = true;
        layout ??= its;
        if (Since is { } since)
        {
            if (Left is not null)
            {
                new PeriodRecords(output, UtmpType.DeadProcess).AddOpen(Left, layout.Value, since);
            }

            sessions.CutOff(since);
            new PeriodRecords(output, UtmpType.UserProcess).AddOpen(sessions, layout.Value, since);
        }
    }

    /// <summary>What was taken for the day's was not: an older record follows it.</summary>
    private void CutOff()
    {
        if (hasBegun)
        {
            output.Flush();
            file.SetLength(0);
            file.Position = 0;
            (hasBegun, nextReason) = (false, 0);
        }
    }

    private UtmpRecord Reason(int number) => new(reasons[number], UtmpLayout.OfThisHost);

    private void Put(UtmpRecord record)
    {
        if (record.Layout == layout)
        {
            output.Add(record);
        }
        else
        {
            UtmpFields.Of(record).Write(copy, layout!.Value);
            output.Add(new(copy.AsSpan(0, layout.Value.Size), layout.Value));
        }

        sessions.Apply(LoginEvent.Of(record, names));
    }
}
