// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>The inputs of a command that reads total accounting, and what is wrong with them.</summary>
/// <param name="io">Standard input, and messages.</param>
/// <param name="applet">The command's name.</param>
/// <param name="options">How to read.</param>
internal sealed class TacctSources(ReportIo io, string applet, TacctInput options)
{
    private const string Standard = "-";

    /// <summary>How the reading went so far.</summary>
    public ReadResult Result { get; private set; }

    /// <summary>Opens an input; null, which was said, when it cannot be.</summary>
    /// <param name="path">A file, or <c>-</c>.</param>
    public TacctSource? TryOpen(string path)
    {
        try
        {
            var stream = path == Standard ? io.Input : new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return Of(path == Standard ? "standard input" : path, stream);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            CannotRead(path, FileFault.Why(error, path));
            return null;
        }
    }

    /// <summary>The printed jobs of a file, as records; null, which was said, when it cannot be read.</summary>
    public TacctSource? TryOpenQacct(string path)
    {
        try
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var pages = new UserTable<TacctSums>();
            long bad = 0;
            long first = 0;
            QacctFile.Read(file, pages, number => first = bad++ == 0 ? number : first);
            LeftOut(path, "line", first, (ulong)bad);
            var records = new MemoryStream();
            TacctFile.Write(records, pages);
            records.Position = 0;
            return Of(path, records);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            CannotRead(path, FileFault.Why(error, path));
            return null;
        }
    }

    /// <summary>Says what was wrong with an input that was read to its end, and closes it.</summary>
    public void End(TacctSource source)
    {
        var records = source.Records;
        source.Dispose();
        if (records.Fault != TacctFault.None || records.ReadFault is not null)
        {
            CannotRead(source.Name, records.Fault switch
            {
                TacctFault.Foreign => "it is no total accounting of ours, and no text; for records of System V or AIX "
                    + $"say whose they are with --read-as ({string.Join(", ", TacctLayout.Names)})",
                TacctFault.Damaged => "it is damaged",
                TacctFault.Newer => "a newer version of this program wrote it: update this one",
                _ => FileFault.Why(records.ReadFault!, source.Name),
            });
        }

        LeftOut(source.Name, records.IsOfLines ? "line" : "record", records.FirstBad, records.BadRecords);
        if (source.FirstUnsorted > 0 && !options.Compat)
        {
            Say($"{source.Name}: record {source.FirstUnsorted} is not in order of number and name: "
                + "merged all the same");
        }
    }

    /// <summary>A message.</summary>
    public void Say(string message) => io.Errors.WriteLine($"{applet}: {message}");

    private TacctSource Of(string name, Stream stream) =>
        new(name, stream, TacctRecords.Of(stream as InputStream ?? new InputStream(stream), options));

    private void LeftOut(string name, string what, long first, ulong bad)
    {
        if (bad > 0)
        {
            Say($"{name}: {what} {first}{(bad > 1 ? $" and {bad - 1} more" : "")}: no total accounting"
                + (options.Compat ? ", which ends it as it does the original" : ": left out"));
            Result = Result == ReadResult.Whole ? ReadResult.WithFlaws : Result;
        }
    }

    private void CannotRead(string name, string why)
    {
        Say($"cannot read {(name.Length > 0 ? name : "''")}: {why}");
        Result = ReadResult.NotRead;
    }
}

/// <summary>One input of total accounting, and its last record.</summary>
/// <param name="Name">What it is called in messages.</param>
/// <param name="stream">The input; closed with this.</param>
/// <param name="Records">Its records.</param>
internal sealed class TacctSource(string Name, Stream stream, TacctRecords Records) : IDisposable
{
    private byte[] lastName = new byte[TacctFile.LongestName];
    private int lastLength;
    private uint lastUid;

    /// <summary>What it is called in messages.</summary>
    public string Name { get; } = Name;

    /// <summary>Its records.</summary>
    public TacctRecords Records { get; } = Records;

    /// <summary>The number of the first record that does not follow the one before it; 0 for none.</summary>
    public long FirstUnsorted { get; private set; }

    /// <summary>There is a record.</summary>
    public bool HasRecord { get; private set; }

    /// <summary>Reads the next record.</summary>
    public bool Next()
    {
        HasRecord = Records.TryRead();
        if (HasRecord && FirstUnsorted == 0)
        {
            var order = Records.Uid.CompareTo(lastUid);
            order = order != 0 ? order : Records.Name.SequenceCompareTo(lastName.AsSpan(0, lastLength));
            FirstUnsorted = order < 0 ? Records.Count : 0;
            lastUid = Records.Uid;
            lastLength = Records.Name.Length;
            Records.Name.CopyTo(lastName);
        }

        return HasRecord;
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
