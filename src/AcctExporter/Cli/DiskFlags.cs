// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Kernel;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary>What the commands of disk usage have in common.</summary>
internal sealed class DiskFlags
{
    /// <summary>The heading of docs/differences.md.</summary>
    public const string Anchor = "dodisk-acctdusg-diskusg";

    /// <summary>What <c>--link-share</c> does.</summary>
    public const string LinkShareHelp =
        "By the rule of AIX: each name of a file is charged, with an equal share, to the user in whose home it is";

    private readonly Option<string?> users = new("--users", "-p")
    {
        Description = "Charge only the users of this file, which is like /etc/passwd",
        HelpName = "FILE",
    };

    private readonly Option<string?> uncharged = new("--uncharged", "-u")
    {
        Description = "List in this file what nobody is charged with; it is replaced",
        HelpName = "FILE",
    };

    private readonly Option<bool> share = AppletFiles.Switch("--link-share", null, LinkShareHelp);

    private DiskFlags(AppletCommand command)
    {
        command.Add(users);
        command.Add(uncharged);
        command.AddOurs([share]);
    }

    /// <summary>Gives a command the options.</summary>
    public static DiskFlags AddTo(AppletCommand command) => new(command);

    /// <summary>Names are charged, not owners.</summary>
    public bool IsLinkShare(ParseResult result) => result.GetValue(share);

    /// <summary>Where to list what nobody is charged with; null: nowhere.</summary>
    public string? Uncharged(ParseResult result) => result.GetValue(uncharged);

    /// <summary>
    /// Who is charged, and the login directories if they matter; null, and said why, without the file.
    /// </summary>
    public (DiskOwners Owners, HomeFolders? Homes)? Owners(ParseResult result, AppletFiles files)
    {
        var path = result.GetValue(users);
        try
        {
            var listed = path is null ? null : UserEntry.OfFile(path);
            var homes = IsLinkShare(result)
                ? new HomeFolders(listed ?? UserEntry.OfHost(), UserEntry.RealPath) : null;
            return (listed is null ? DiskOwners.OfHost() : DiskOwners.Of(listed), homes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            files.Say($"cannot read {path}: {FileFault.Why(error, path)}");
            return null;
        }
    }

    /// <summary>Says what could not be looked at; the exit code.</summary>
    public static int Told(AppletFiles files, DiskFaults faults)
    {
        foreach (var line in DiskFaultText.Of(faults))
        {
            files.Say(line);
        }

        return faults.Count > 0 ? ExitCode.BadRecords : ExitCode.Done;
    }
}
