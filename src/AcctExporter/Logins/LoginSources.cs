// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Logins;

/// <summary>Which source of sessions there is, and opens it. Never two: a login would be counted twice.</summary>
internal static class LoginSources
{
    /// <summary>The source to read; null when none is there yet.</summary>
    public static LoginSource? Choose(LoginOptions options) => options.Source switch
    {
        LoginSource.Auto when HasRows(options.WtmpdbFile) => LoginSource.Wtmpdb,
        LoginSource.Auto => File.Exists(options.WtmpFile) ? LoginSource.Wtmp : null,
        LoginSource.Off => null,
        var chosen => chosen,
    };

    /// <summary>Opens a source where it was left.</summary>
    public static ISessionFeed Open(
        LoginSource source, LoginOptions options, LoginPositions positions, LoginBook book, FileWatch? watch,
        ILogger log) => source == LoginSource.Wtmpdb
            ? throw new NotSupportedException("wtmpdb")
            : new SessionFile(
                new LoginFile(options.WtmpFile, positions.Wtmp, book.Wtmp, watch, log, skipsHistory: false), book);

    private static bool HasRows(string path) => false;
}
