// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>How much a line was used.</summary>
/// <param name="Line">The line.</param>
/// <param name="Sessions">Records of logins.</param>
/// <param name="Logins">Logins that found nobody there.</param>
/// <param name="Logouts">Records of logouts, and sessions ended by other things.</param>
/// <param name="Seconds">How long somebody was on.</param>
internal readonly record struct LineUse(string Line, long Sessions, long Logins, long Logouts, long Seconds);
