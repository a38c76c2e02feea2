// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>When somebody last logged in, as one source knows it.</summary>
/// <param name="Seconds">The beginning of the session, in seconds since 1970.</param>
/// <param name="UntilSeconds">Its end, or now while it lasts; the beginning where the source knows no end.</param>
/// <param name="Line">The line.</param>
/// <param name="Host">From which host; empty for a local login.</param>
/// <param name="Service">The PAM service, where it is known.</param>
internal readonly record struct LastLogin(long Seconds, long UntilSeconds, string Line, string Host, string Service);
