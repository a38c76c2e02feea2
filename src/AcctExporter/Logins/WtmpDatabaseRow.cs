// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>What a row of wtmpdb is about: its own numbers, which are not those of utmp(5).</summary>
internal enum WtmpDatabaseType
{
    /// <summary>Nothing.</summary>
    Empty = 0,

    /// <summary>A run of the system, from its boot to its shutdown.</summary>
    Boot = 1,

    /// <summary>A run level; nobody writes it.</summary>
    RunLevel = 2,

    /// <summary>A session, from login to logout.</summary>
    User = 3,
}

/// <summary>One row of wtmpdb's table: a whole session or run of the system, from beginning to end.</summary>
/// <param name="Id">Its number. One that was deleted may be given again.</param>
/// <param name="Type">What it is about.</param>
/// <param name="User">Who; "reboot" or "soft-reboot" of a boot.</param>
/// <param name="LoginMicroseconds">When it began, since 1970.</param>
/// <param name="LogoutMicroseconds">When it ended; nothing while it lasts, or when nobody wrote it down.</param>
/// <param name="Line">The terminal; "~" of a boot, "ssh" or "" of a session without one.</param>
/// <param name="Host">The remote host; the kernel's release of a boot.</param>
/// <param name="Service">The PAM service.</param>
internal readonly record struct WtmpDatabaseRow(
    long Id, WtmpDatabaseType Type, string User, long LoginMicroseconds, long? LogoutMicroseconds, string Line,
    string Host, string Service)
{
    /// <summary>A run of the system.</summary>
    public bool IsBoot => Type == WtmpDatabaseType.Boot;

    /// <summary>When it began, in whole seconds since 1970.</summary>
    public long LoginSeconds => LoginMicroseconds / 1_000_000;
}
