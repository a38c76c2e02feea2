// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Benchmarks;

(string Name, string What, Func<Workbench, IEnumerable<Finding>> Run)[] rows =
[
    ("replay", "whole files, one core, up to 10,000 pairs", ReplayRows.Usual),
    ("keys", "whole files, one core, 300,000 raw keys", ReplayRows.RandomKeys),
    ("cores", "whole files, two cores", ReplayRows.TwoCores),
    ("live", "one exit through journal and ledger", LiveRows.Cost),
    ("join", "the same with the messages of taskstats", LiveRows.CostWithTaskStats),
    ("ac", "connect time of a million login records", AcRows.Run),
    ("last", "the list of a login file of a million records", LoginRows.Last),
    ("sa", "sums of a large accounting file by command and by user", ProcessReportRows.Sa),
    ("lastcomm", "the list of a large accounting file, the newest first", ProcessReportRows.Lastcomm),
    ("dump-acct", "every field of a large accounting file, and records of another version", ProcessReportRows.DumpAcct),
    ("disk", "disk usage of a tree of many files", DiskRows.Run),
    ("day", "the day's processes by user and by command, out of the journal", DayRows.Run),
    ("natives", "what native histograms cost in memory and time", NativeRows.Sized),
    ("scrape", "scrapes of 300, 1,000 and 10,000 pairs", ScrapeRows.Sized),
    ("messages", "the same scrapes in the protobuf format, with native histograms", ScrapeRows.Messages),
    ("otel", "OpenTelemetry's SDK, and as many lines as its exporter was measured with", OpenTelemetryRows.Compare),
    ("agent", "start and memory of `serve`", AgentRows.Run),
    ("storm", "the real agent under 20,000 exits a second, none lost; root", StormRows.Run),
];

if (args.Contains("--steady"))
{
    return SteadyRun.Run(args);
}

if (args.Contains("--published"))
{
    return PublishedRun.Run(args);
}

if (args.Contains("--fleet"))
{
    return FleetRun.Run(args);
}

var quick = args.Contains("--quick");
var wanted = args.Where(arg => arg != "--quick").ToArray();
if (wanted.FirstOrDefault(name => rows.All(row => row.Name != name)) is { } unknown)
{
    Console.Error.WriteLine($"There is no row '{unknown}'. usage: [--quick] [ROW...], of");
    foreach (var row in rows)
    {
        Console.Error.WriteLine($"  {row.Name,-8} {row.What}");
    }

    return 2;
}

var findings = new List<Finding>();
try
{
    using var bench = new Workbench(quick);
    foreach (var row in rows.Where(row => wanted.Length == 0 || wanted.Contains(row.Name)))
    {
        Console.WriteLine($"{row.Name}: {row.What}");
        findings.AddRange(row.Run(bench));
    }
}
catch (WrongResultException wrong)
{
    Console.Error.WriteLine($"WRONG: {wrong.Message}");
    return 1;
}

Table.Print(findings, Console.Out);
return 0;
