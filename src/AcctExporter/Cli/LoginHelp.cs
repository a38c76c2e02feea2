// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Cli;

/// <summary>What the help of the classic commands for logins begins with, and where they differ.</summary>
internal static class LoginHelp
{
    private const string LastDifferences = "last-and-lastb";
    private const string FileDifferences = "fwtmp-wtmpfix-acctwtmp-closewtmp-utmp2wtmp";
    private const string ConnectDifferences = "acctcon-acctcon1-acctcon2-prctmp";
    private const string SystemV = "of the System V accounting suite";

    private static readonly Dictionary<string, Row> Rows = new()
    {
        ["ac"] = new("ac(1) of GNU acct", "ac",
            new("ac", "All users, all time"),
            new("ac -p", "A total for each user"),
            new("ac -d alice", "A total for each day of one user")),
        ["last"] = new("last(1) of util-linux", LastDifferences,
            new("last -n 20", "The last 20 logins"),
            new("last --since yesterday alice", "One user's since yesterday"),
            new("last -x --format json", "With shutdowns, as rows")),
        ["lastb"] = new("lastb(1) of util-linux", LastDifferences,
            new("lastb -n 20", "The last 20 failed logins"),
            new("lastb --since today root", "Those as root since midnight")),
        ["lastlogin"] = new($"lastlogin(8) {SystemV}", "lastlogin",
            new("lastlogin", "All users, those who never logged in first"),
            new("lastlogin --format csv alice", "One user, as rows")),
        ["utmpdump"] = new("utmpdump(1) of util-linux", "utmpdump",
            new("utmpdump /var/log/wtmp", "Each record as a line of text"),
            new("utmpdump -f /var/log/btmp", "Failed logins as they come"),
            new("utmpdump -r -o wtmp.new text", "Records of the text again")),
        ["fwtmp"] = new($"fwtmp(8) {SystemV}", FileDifferences,
            new("fwtmp < /var/log/wtmp", "Records as text"),
            new("fwtmp -ic < text > wtmp.new", "Text as records")),
        ["wtmpfix"] = new($"wtmpfix(8) {SystemV}", FileDifferences,
            new("wtmpfix /var/log/wtmp > good.wtmp", "The good records, with names mended"),
            new("wtmpfix --compat a.wtmp b.wtmp > one.wtmp", "Two files, times moved with the clock")),
        ["acctwtmp"] = new($"acctwtmp(8) {SystemV}", FileDifferences,
            new("acctwtmp 'acctg on' my.wtmp", "A record with a reason at the end of a file"),
            new("acctwtmp -o copy.wtmp reason my.wtmp", "The same in a copy")),
        ["closewtmp"] = new($"closewtmp(8) {SystemV}", FileDifferences,
            new("closewtmp >> part.wtmp", "Everybody logs out at the end of a part"),
            new("closewtmp --cursor=cursor >> part.wtmp", "At the place where utmp2wtmp cut")),
        ["utmp2wtmp"] = new($"utmp2wtmp(8) {SystemV}", FileDifferences,
            new("utmp2wtmp > part.wtmp", "Everybody logs in at the begin of a part"),
            new("utmp2wtmp --wtmp=/var/log/wtmp --cursor=cursor > part.wtmp", "The part since the last call")),
        ["acctcon"] = new($"acctcon(8) {SystemV}", ConnectDifferences,
            new("acctcon < /var/log/wtmp", "Connect time of each user, as total accounting"),
            new("acctcon -l lines -o starts < /var/log/wtmp", "With reports of lines and starts")),
        ["acctcon1"] = new($"acctcon1(8) {SystemV}", ConnectDifferences,
            new("acctcon1 < /var/log/wtmp", "Sessions in the order of their ends"),
            new("acctcon1 -t < old.wtmp", "Of a file that is not of now")),
        ["acctcon2"] = new($"acctcon2(8) {SystemV}", ConnectDifferences,
            new("acctcon2 < sessions", "Total accounting of what acctcon1 listed"),
            new("acctcon2 --format json < sessions", "The same as rows")),
        ["prctmp"] = new($"prctmp(8) {SystemV}", ConnectDifferences,
            new("prctmp sessions", "What acctcon1 listed, on pages"),
            new("acctcon1 < /var/log/wtmp | acct-exporter prctmp", "Straight from the records")),
        ["lineuse"] = new($"the report of acctcon -l {SystemV}", ConnectDifferences,
            new("lineuse", "How long each line was used"),
            new("lineuse --format csv old.wtmp", "Of another file, as rows")),
        ["reboots"] = new($"the report of acctcon -o {SystemV}", ConnectDifferences,
            new("reboots", "How often the system started"),
            new("reboots --format json old.wtmp", "Of another file, as rows")),
    };

    /// <summary>Gives a command its help, when it is one of them.</summary>
    public static AppletCommand Given(AppletCommand command)
    {
        if (Rows.TryGetValue(command.Name, out var row))
        {
            (command.Like, command.Differences, command.Examples) = (row.Like, row.Differences, row.Examples);
        }

        return command;
    }

    private sealed record Row(string Like, string Differences, params AppletExample[] Examples);
}
