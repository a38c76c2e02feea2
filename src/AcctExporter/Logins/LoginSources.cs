// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Logins;

/// <summary>Which source of sessions there is, and opens it. Never two: a login would be counted twice.</summary>
internal static class LoginSources
{
    /// <summary>How long a look at the database may wait for whoever writes to it.</summary>
    public static readonly TimeSpan DatabasePatience = TimeSpan.FromMilliseconds(200);

    /// <summary>The source to read; null when none is there yet.</summary>
    public static LoginSource? Choose(LoginOptions options) => options.Source switch
    {
        LoginSource.Auto when HasRows(options.WtmpdbFile) => LoginSource.Wtmpdb,
        LoginSource.Auto or LoginSource.Wtmp => File.Exists(options.WtmpFile) ? LoginSource.Wtmp : null,
        LoginSource.Wtmpdb => File.Exists(options.WtmpdbFile) ? LoginSource.Wtmpdb : null,
        _ => null,
    };

    /// <summary>What may be the source, for people.</summary>
    public static string Wanted(LoginOptions options) => options.Source switch
    {
        LoginSource.Wtmp => options.WtmpFile,
        LoginSource.Wtmpdb => options.WtmpdbFile,
        _ => $"{options.WtmpFile} nor {options.WtmpdbFile} with a row",
    };

    /// <summary>Opens a source where it was left.</summary>
    public static ISessionFeed Open(
        LoginSource source, LoginOptions options, LoginPositions positions, bool isFirst, LoginBook book,
        FileWatch? watch, ILogger log) => source == LoginSource.Wtmpdb
            ? new SessionDatabase(options.WtmpdbFile, positions.Database, isFirst, book, log)
            : new SessionFile(
                new LoginFile(options.WtmpFile, positions.Wtmp, book.Wtmp, watch, log, skipsHistory: false), book);

    private static bool HasRows(string path)
    {
        var database = new WtmpDatabase(path, DatabasePatience) { SkipsHistory = true };
        return database.Poll([]) == DatabaseStatus.Read && database.Position.LastId > 0;
    }
}
