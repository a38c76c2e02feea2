// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Logins;

/// <summary>
/// A login record as the System V suite means it, whatever Linux wrote: what happened, when, to whom and on which line.
/// </summary>
/// <param name="Kind">What happened.</param>
/// <param name="Seconds">When, in seconds since 1970.</param>
/// <param name="User">Who; empty for a logout.</param>
/// <param name="Line">The terminal below /dev, or what stands in its place; may be empty.</param>
/// <param name="Id">The id of init's table (<c>ts/0</c>).</param>
/// <param name="Pid">The process.</param>
/// <param name="Host">The remote host, or the kernel's release.</param>
/// <param name="Reason">
/// What the table of reasons counts: <c>system boot</c>, <c>system down</c>, <c>run-level 3</c>, or the text given to
/// acctwtmp; empty for anything else.
/// </param>
internal readonly record struct LoginEvent(
    LoginEventKind Kind, long Seconds, string User, string Line, string Id, int Pid, string Host, string Reason)
{
    /// <summary>The reason of a boot.</summary>
    public const string SystemBoot = "system boot";

    /// <summary>The reason of a shutdown.</summary>
    public const string SystemDown = "system down";

    private static readonly string[] RunLevels =
        [.. Enumerable.Range(0, 0x7f).Select(level => $"run-level {(level > ' ' ? (char)level : '?')}")];

    /// <summary>What a record says.</summary>
    /// <param name="record">The record; one without a flaw.</param>
    /// <param name="names">Where its names become strings.</param>
    public static LoginEvent Of(UtmpRecord record, LoginNames names)
    {
        var kind = KindOf(record);
        return new(
            kind, record.Seconds, names.Of(record.User), names.Of(record.Line), names.Of(record.Id), record.Pid,
            names.Of(record.Host), ReasonOf(kind, record, names));
    }

    /// <summary>The run level that began, or NUL when this is no change of it.</summary>
    public char RunLevel => Kind == LoginEventKind.RunLevel ? Reason[^1] : '\0';

    private static LoginEventKind KindOf(UtmpRecord record) => record.Type switch
    {
        // systemd and sysvinit write a shutdown as a change of run level by the user "shutdown".
        UtmpType.RunLevel => record.User.SequenceEqual("shutdown"u8)
            ? LoginEventKind.Shutdown : LoginEventKind.RunLevel,
        UtmpType.BootTime => LoginEventKind.Boot,
        UtmpType.NewTime => LoginEventKind.NewTime,
        UtmpType.OldTime => LoginEventKind.OldTime,
        UtmpType.InitProcess or UtmpType.LoginProcess => LoginEventKind.Getty,
        UtmpType.UserProcess => LoginEventKind.Login,
        UtmpType.DeadProcess => LoginEventKind.Logout,
        UtmpType.Accounting => LoginEventKind.Accounting,
        _ => LoginEventKind.Nothing,
    };

    private static string ReasonOf(LoginEventKind kind, UtmpRecord record, LoginNames names) => kind switch
    {
        LoginEventKind.Boot => SystemBoot,
        LoginEventKind.Shutdown => SystemDown,
        LoginEventKind.RunLevel => RunLevels[Math.Min(record.Pid & 0xff, RunLevels.Length) % RunLevels.Length],
        LoginEventKind.Accounting => names.Of(record.Line),
        _ => "",
    };
}

/// <summary>What a login record says.</summary>
internal enum LoginEventKind : byte
{
    /// <summary>Nothing that matters here.</summary>
    Nothing,

    /// <summary>Somebody logged in on a line.</summary>
    Login,

    /// <summary>The process of a line ended.</summary>
    Logout,

    /// <summary>init or a getty has the line.</summary>
    Getty,

    /// <summary>The system started.</summary>
    Boot,

    /// <summary>The system goes down in order.</summary>
    Shutdown,

    /// <summary>The run level changed.</summary>
    RunLevel,

    /// <summary>The clock, before it was set.</summary>
    OldTime,

    /// <summary>The clock, after it was set.</summary>
    NewTime,

    /// <summary>A reason that acctwtmp was given.</summary>
    Accounting,
}
