// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>Reads the files that reports of the suite are made of, and remembers how that went.</summary>
/// <param name="say">Takes what is missing or damaged, a sentence each.</param>
internal sealed class DailyFiles(Action<string> say)
{
    /// <summary>How it went so far.</summary>
    public ReadResult Result { get; private set; }

    /// <summary>All bytes of a file; null when there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mayBeAbsent">It is no fault when there is none.</param>
    public byte[]? Text(string path, bool mayBeAbsent = false) => mayBeAbsent && !File.Exists(path)
        ? null : Read(path, file =>
        {
            var bytes = new MemoryStream();
            file.CopyTo(bytes);
            return bytes.ToArray();
        });

    /// <summary>Total accounting; null when the file cannot be read.</summary>
    public UserTable<TacctSums>? Tacct(string path) => Read(path, file =>
    {
        var table = new UserTable<TacctSums>();
        var reading = TacctFile.Read(file, table);
        return Told(path, Word(reading.Fault), reading.BadRecords) ? table : null;
    });

    /// <summary>The sum of command summaries; null when one of them cannot be read.</summary>
    public CommandSummary? Commands(params IEnumerable<string> paths)
    {
        var summary = new CommandSummary(DividedExits.NoSplit());
        var isWhole = true;
        foreach (var path in paths)
        {
            isWhole &= Read(path, file =>
            {
                var reading = CmsFile.Read(file, null, summary);
                return Told(path, Word(reading.Fault), reading.BadRecords) ? summary : null;
            }) is not null;
        }

        return isWhole ? summary : null;
    }

    private T? Read<T>(string path, Func<Stream, T?> read)
        where T : class
    {
        try
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return read(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            say($"cannot read {path}: {FileFault.Why(error, path)}");
            Result = ReadResult.NotRead;
            return null;
        }
    }

    private bool Told(string path, string? fault, ulong badRecords)
    {
        if (fault is not null)
        {
            say($"cannot read {path}: {fault}");
            Result = ReadResult.NotRead;
        }
        else if (badRecords > 0)
        {
            say($"{path}: {badRecords} records are damaged, missing or too many: left out");
            Result = Result == ReadResult.Whole ? ReadResult.WithFlaws : Result;
        }

        return fault is null;
    }

    private static string? Word(TacctFault fault) => fault switch
    {
        TacctFault.None => null,
        TacctFault.Foreign => "it is no total accounting of ours",
        TacctFault.Damaged => "it is damaged",
        _ => "a newer version of this program wrote it: update this one",
    };

    private static string? Word(CmsFault fault) => fault switch
    {
        CmsFault.None => null,
        CmsFault.Foreign => "it is no command summary of ours",
        CmsFault.Damaged => "it is damaged",
        _ => "a newer version of this program wrote it: update this one",
    };
}
