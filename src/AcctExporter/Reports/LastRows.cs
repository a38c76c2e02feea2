// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>The lines of <c>last</c> as rows of JSON or CSV. A boot ends at the crash or shutdown that ended it.</summary>
/// <param name="text">Where they go.</param>
/// <param name="format">JSON or CSV.</param>
/// <param name="names">Names of addresses, when they are asked for.</param>
internal sealed class LastRows(ReportText text, ReportFormat format, HostNames? names) : LastListing
{
    private readonly ReportRows rows = new(
        text, format, "type", "user", "line", "host", "address", "pid", "login", "logout", "duration_seconds",
        "state");

    private readonly byte[] address = new byte[AddressText.LongestBytes];

    /// <inheritdoc/>
    public override void Show(in LoginSpan span)
    {
        rows.Row();
        rows.Add(TypeOf(span.Kind));
        rows.Add(span.User);
        rows.Add(span.Line);
        AddHost(span);
        rows.Add(span.Pid);
        rows.AddInstant(span.LoginSeconds);
        if (span.EndSeconds == 0 || span.End is LoginSpanEnd.Instant)
        {
            rows.AddNothing();
            rows.AddNothing();
        }
        else
        {
            rows.AddInstant(span.EndSeconds);
            rows.Add(span.EndSeconds - span.LoginSeconds);
        }

        rows.Add(StateOf(span));
    }

    /// <inheritdoc/>
    public override void EndFile(string file, long beginSeconds)
    {
        // Rows are of all files together.
    }

    /// <inheritdoc/>
    public override void End() => rows.End();

    private void AddHost(in LoginSpan span)
    {
        var hasAddress = span.Address.ContainsAnyExcept((byte)0);
        if (hasAddress && names is not null)
        {
            rows.Add(names.Of(span.Address));
        }
        else if (span.Host.IsEmpty)
        {
            rows.AddNothing();
        }
        else
        {
            rows.Add(span.Host);
        }

        if (hasAddress)
        {
            rows.Add(address.AsSpan(0, AddressText.Write(span.Address, address)));
        }
        else
        {
            rows.AddNothing();
        }
    }

    private static ReadOnlySpan<byte> TypeOf(LoginSpanKind kind) => kind switch
    {
        LoginSpanKind.Login => "login"u8,
        LoginSpanKind.Failed => "failed_login"u8,
        LoginSpanKind.Boot => "boot"u8,
        LoginSpanKind.Shutdown => "shutdown"u8,
        LoginSpanKind.RunLevel => "run_level"u8,
        LoginSpanKind.OldTime => "old_time"u8,
        _ => "new_time"u8,
    };

    private static ReadOnlySpan<byte> StateOf(in LoginSpan span) => span.End switch
    {
        LoginSpanEnd.Logout => "logout"u8,
        LoginSpanEnd.NextLogin => "next_login"u8,
        LoginSpanEnd.Shutdown => "shutdown"u8,
        LoginSpanEnd.Crash => "crash"u8,
        LoginSpanEnd.StillLoggedIn => "still_logged_in"u8,
        LoginSpanEnd.Gone => "gone"u8,
        LoginSpanEnd.Next => span.Kind == LoginSpanKind.Shutdown ? "boot"u8 : "next_run_level"u8,
        LoginSpanEnd.Running => span.Kind == LoginSpanKind.Shutdown ? "down"u8 : "running"u8,
        _ => span.Kind == LoginSpanKind.Failed ? "failed"u8 : "clock_set"u8,
    };
}
