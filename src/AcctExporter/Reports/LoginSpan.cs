// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>What a line of <c>last</c> is about.</summary>
internal enum LoginSpanKind : byte
{
    /// <summary>Somebody was logged in.</summary>
    Login,

    /// <summary>Somebody tried to log in (<c>lastb</c>).</summary>
    Failed,

    /// <summary>The system was up.</summary>
    Boot,

    /// <summary>The system was down.</summary>
    Shutdown,

    /// <summary>The system was at a run level.</summary>
    RunLevel,

    /// <summary>The clock, before it was set.</summary>
    OldTime,

    /// <summary>The clock, after it was set.</summary>
    NewTime,
}

/// <summary>Why it ended.</summary>
internal enum LoginSpanEnd : byte
{
    /// <summary>By a record that says so.</summary>
    Logout,

    /// <summary>By another login on the same line.</summary>
    NextLogin,

    /// <summary>By a shutdown.</summary>
    Shutdown,

    /// <summary>By a crash: the system started again without having been shut down.</summary>
    Crash,

    /// <summary>It did not end: somebody is still logged in.</summary>
    StillLoggedIn,

    /// <summary>Nothing says that it ended, but nobody is there any more.</summary>
    Gone,

    /// <summary>By the next boot (the system was down), or by the next run level.</summary>
    Next,

    /// <summary>It goes on: the system is up, at this run level, or still down.</summary>
    Running,

    /// <summary>It has no length: an instant.</summary>
    Instant,
}

/// <summary>What one line of <c>last</c> or <c>lastb</c> shows. Texts are bytes as the record has them.</summary>
internal readonly ref struct LoginSpan
{
    /// <summary>What it is about.</summary>
    public LoginSpanKind Kind { get; init; }

    /// <summary>How it ended.</summary>
    public LoginSpanEnd End { get; init; }

    /// <summary>The user, or what stands in its place (<c>reboot</c>, <c>date</c>).</summary>
    public ReadOnlySpan<byte> User { get; init; }

    /// <summary>The line, or what <c>last</c> puts in its place (<c>system boot</c>).</summary>
    public ReadOnlySpan<byte> Line { get; init; }

    /// <summary>The remote host, or the kernel's release.</summary>
    public ReadOnlySpan<byte> Host { get; init; }

    /// <summary>The remote address, 16 bytes as <c>ut_addr_v6</c> has them.</summary>
    public ReadOnlySpan<byte> Address { get; init; }

    /// <summary>The process, or the run level.</summary>
    public int Pid { get; init; }

    /// <summary>When it began, in seconds since 1970.</summary>
    public long LoginSeconds { get; init; }

    /// <summary>
    /// When <c>last</c> says that it ended; 0 when nothing says so. Of a boot it is the next shutdown, though the
    /// system may have crashed and started before that.
    /// </summary>
    public long LogoutSeconds { get; init; }

    /// <summary>When it truly ended, as far as the file tells; 0 when it did not. Differs for boots.</summary>
    public long EndSeconds { get; init; }
}
