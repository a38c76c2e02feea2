// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// The suite's own login records: why accounting was switched (<c>acctg on</c>). They wait in a file of ours for the
/// next daily run, which puts them between the system's; the system's wtmp is not ours to write.
/// </summary>
/// <param name="paths">The suite's files.</param>
internal sealed class ReasonLog(SuitePaths paths)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Adds a reason.</summary>
    /// <returns>Null, or why not.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public string? Add(ReadOnlySpan<byte> reason, DateTimeOffset now)
    {
        paths.MakeFolders();
        using var held = Hold();
        return AcctWtmp.Append(paths.Reasons, reason, now);
    }

    /// <summary>Takes those that wait for a day; what was taken for it before stays.</summary>
    /// <returns>The records of that day, in the layout of this host.</returns>
    /// <exception cref="IOException">They cannot be taken.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public IReadOnlyList<byte[]> Take(DateOnly day)
    {
        var taken = paths.OfNite("reasons", day);
        if (File.Exists(paths.Reasons))
        {
            using var held = Hold();
            SuiteFile.Move(paths.Reasons, taken);
        }

        using var file = SuiteFile.TryOpen(taken);
        var records = new List<byte[]>();
        if (file is not null)
        {
            var layout = UtmpLayout.OfThisHost;
            var reader = new UtmpReader(file);
            while (reader.TryRead(out var record))
            {
                var copy = new byte[layout.Size];
                UtmpFields.Of(record).Write(copy, layout);
                records.Add(copy);
            }
        }

        return records;
    }

    /// <summary>
    /// Whoever appends and whoever takes do so one at a time: no record is written to a file that was read.
    /// </summary>
    private AccountingLock Hold()
    {
        var path = paths.Reasons + ".lock";
        var end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            if (AccountingLock.TryTake(path, out var holder) is { } held)
            {
                return held;
            }

            if (Environment.TickCount64 > end)
            {
                throw new IOException($"{path} is held by process {holder ?? "unknown"}: try again when it has ended");
            }

            Thread.Sleep(10);
        }
    }
}
