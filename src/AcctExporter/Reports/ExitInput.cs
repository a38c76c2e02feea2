// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>The exits that a process report shows, from wherever they are.</summary>
internal sealed class ExitInput : IDisposable
{
    private readonly ExitInputOptions options;
    private readonly ReportIo io;
    private readonly string applet;
    private readonly Queue<string> files;
    private Stream? file;

    private ExitInput(ExitInputOptions options, ReportIo io, string applet)
    {
        this.options = options;
        this.io = io;
        this.applet = applet;
        files = new(options.Files.Count > 0 ? options.Files : [ExitInputOptions.SystemFile]);
    }

    /// <summary>How the reading went so far: what could not be read, or was no record, has been said.</summary>
    public ReadResult Result { get; private set; }

    /// <summary>True when the exits are those of the journal.</summary>
    public bool IsJournal => options.Files.Count == 0 && Directory.Exists(options.StoragePath) && file is null;

    /// <summary>Begins to read. What cannot be opened is said when its turn comes, and the next one is read.</summary>
    /// <param name="options">Where from, and how.</param>
    /// <param name="io">Standard input, and where messages go.</param>
    /// <param name="applet">The command's name, which each message begins with.</param>
    public static ExitInput Open(ExitInputOptions options, ReportIo io, string applet) => new(options, io, applet);

    /// <summary>Fills a batch with the next exits; false when there are no more.</summary>
    public bool Read(ExitBatch batch)
    {
        // Outline: whole v3 records, forwards.
        while (true)
        {
            if (file is null)
            {
                if (!files.TryDequeue(out var name))
                {
                    return false;
                }

                try
                {
                    file = name == "-" ? io.Input : File.OpenRead(name);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    io.Errors.WriteLine($"{applet}: cannot read {name}: {FileFault.Why(error, name)}");
                    Result = ReadResult.NotRead;
                    continue;
                }
            }

            var read = file.ReadAtLeast(batch.Bytes, batch.Bytes.Length, throwOnEndOfStream: false);
            (batch.TicksPerSecond, batch.Truths, batch.IsSystemV) = (null, null, false);
            batch.Count = read / AcctRecord.Size;
            if (batch.Count > 0)
            {
                return true;
            }

            file.Dispose();
            file = null;
        }
    }

    /// <summary>
    /// After <see cref="Read"/> said that there is no more, when <see cref="ExitInputOptions.Follow"/> is set: waits
    /// until there may be more, which the next <see cref="Read"/> tells. False when there never will be: the token is
    /// cancelled, or standard input has ended.
    /// </summary>
    /// <param name="token">Ends the waiting, as Ctrl-C does.</param>
    public bool WaitForMore(CancellationToken token) =>
        options.Follow && !token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200));

    /// <summary>Closes what is open.</summary>
    public void Dispose() => file?.Dispose();
}
