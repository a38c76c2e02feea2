// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Cli;

/// <summary>What the program's exit code says. The same for every command.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>It could not be done; the reason is on stderr.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A file could not be read.</summary>
    public const int CannotRead = 3;

    /// <summary>Done, but some records were rejected.</summary>
    public const int BadRecords = 4;
}
