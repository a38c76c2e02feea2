// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Logins;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// <c>wtmpfix</c>: the good records of login files. What is damaged is left out, however old the rest is; a name with
/// control characters becomes INVALID. Times stay as they are: the session builder corrects for changes of the clock,
/// and would do so a second time (Q-15 of the suite).
/// </summary>
/// <param name="output">Where the records go, all in the layout of the first file.</param>
/// <param name="say">Takes messages.</param>
internal sealed class WtmpFix(UtmpOutput output, Action<string> say)
{
    private readonly byte[] copy = new byte[UtmpLayout.WideSize];
    private UtmpLayout? layout;
    private long number;
    private bool clockIsPending;

    /// <summary>Instead of a name that cannot be one.</summary>
    public static ReadOnlySpan<byte> InvalidName => "INVALID"u8;

    /// <summary>How the records of the output lie.</summary>
    public UtmpLayout Layout => layout ?? UtmpLayout.OfThisHost;

    /// <summary>How many records, or places between them, were left out.</summary>
    public ulong LeftOut { get; private set; }

    /// <summary>One file; several follow each other.</summary>
    /// <exception cref="IOException">It cannot be read, or the output not written.</exception>
    public void Add(Stream input)
    {
        var reader = new UtmpReader(input, flawedToo: true);
        layout ??= reader.Layout;
        while (reader.TryRead(out var record))
        {
            Add(record);
        }

        LeftOut += reader.Flaws[(int)UtmpFlaw.Partial] + reader.Flaws[(int)UtmpFlaw.Misaligned];
    }

    /// <summary>Ends the output.</summary>
    public void End()
    {
        TellOfClock(false);
        output.End();
    }

    /// <summary>For messages: what prints, in quotation marks, the rest as question marks.</summary>
    public static string Quoted(ReadOnlySpan<byte> name) =>
        $"\"{new string([.. Encoding.UTF8.GetString(name).Select(letter => char.IsControl(letter) ? '?' : letter)])}\"";

    private void Add(UtmpRecord record)
    {
        number++;
        var isSame = record.Flaw == UtmpFlaw.None && record.Layout == layout;
        var mended = isSame ? record : Mended(record);
        if (mended.Flaw != UtmpFlaw.None)
        {
            LeftOut++;
            return;
        }

        TellOfClock(mended.Type == UtmpType.NewTime);
        clockIsPending = mended.Type == UtmpType.OldTime;
        output.Add(mended);
    }

    private UtmpRecord Mended(UtmpRecord record)
    {
        var user = record.User;
        if (user.ContainsAnyInRange((byte)0, (byte)0x1f) || user.Contains((byte)0x7f))
        {
            if (record.Flaw == UtmpFlaw.Text)
            {
                say($"logname {Quoted(user)} changed to \"INVALID\"");
            }

            user = InvalidName;
        }

        // Written anew, texts have nothing behind their ends.
        UtmpFields.Of(record, record.Type, user, record.Seconds, record.Microseconds).Write(copy, Layout);
        return record.Flaw is UtmpFlaw.None or UtmpFlaw.Text
            ? new(copy.AsSpan(0, Layout.Size), Layout) : record;
    }

    private void TellOfClock(bool follows)
    {
        if (clockIsPending && !follows)
        {
            say($"record {number - 1}: the clock was set, and no record says to what; left as it is");
        }

        clockIsPending = false;
    }
}
