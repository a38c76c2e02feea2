// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Reports;

/// <summary>
/// The exits that a process report shows, from wherever they are: accounting files of any version, packed or not, and
/// standard input (<see cref="AccountingFile"/>); the agent's journal (<see cref="JournalExits"/>).
/// </summary>
internal sealed class ExitInput : IDisposable
{
    /// <summary>How often a followed input is looked at.</summary>
    private static readonly TimeSpan FollowInterval = TimeSpan.FromMilliseconds(200);

    private readonly ExitInputOptions options;
    private readonly ReportIo io;
    private readonly string applet;
    private readonly Queue<string> files;
    private readonly JournalExits? journal;
    private AccountingFile? file;
    private FollowedExits? followed;
    private Progress? progress;

    private ExitInput(ExitInputOptions options, ReportIo io, string applet)
    {
        this.options = options;
        this.io = io;
        this.applet = applet;
        IsJournal = options.Files.Count == 0 && JournalExits.IsThere(options.StoragePath);
        journal = IsJournal ? new(options, io, applet) : null;
        files = new(options.Follow && options.Files.Count > 1 ? [options.Files[^1]] : options.Files);
        if (!IsJournal && files.Count == 0)
        {
            files.Enqueue(options.FallbackFile);
        }
    }

    /// <summary>How the reading went so far: what could not be read, or was no record, has been said.</summary>
    public ReadResult Result { get; private set; }

    /// <summary>True when the exits are those of the journal.</summary>
    public bool IsJournal { get; }

    /// <summary>Records of System V that are of no process, and were skipped.</summary>
    public ulong OtherRecords { get; private set; }

    /// <summary>Begins to read. What cannot be opened is said when its turn comes, and the next one is read.</summary>
    /// <param name="options">Where from, and how.</param>
    /// <param name="io">Standard input, and where messages go.</param>
    /// <param name="applet">The command's name, which each message begins with.</param>
    public static ExitInput Open(ExitInputOptions options, ReportIo io, string applet) => new(options, io, applet);

    /// <summary>Tells from now on how far the reading is, until what is given back is disposed.</summary>
    /// <param name="isListing">Something is written meanwhile.</param>
    public Progress ShowProgress(bool isListing = false) => progress = Progress.Of(applet, io, isListing);

    /// <summary>Fills a batch with the next exits; false when there are no more.</summary>
    public bool Read(ExitBatch batch)
    {
        var isFilled = Fill(batch);
        if (isFilled)
        {
            progress?.Tell(batch.Count);
        }

        return isFilled;
    }

    private bool Fill(ExitBatch batch)
    {
        batch.Clear();
        if (journal is not null)
        {
            var isFilled = journal.Read(batch);
            Worsen(journal.Result);
            return isFilled;
        }

        while (file is not null || followed is not null || OpenNext())
        {
            if (followed is not null)
            {
                return ReadFollowed(batch);
            }

            if (file!.Read(batch))
            {
                return true;
            }

            Worsen(file.Result);
            OtherRecords += file.OtherRecords;
            file.Dispose();
            file = null;
            batch.Clear();
        }

        return false;
    }

    /// <summary>
    /// After <see cref="Read"/> said that there is no more, when <see cref="ExitInputOptions.Follow"/> is set: waits
    /// until there may be more, which the next <see cref="Read"/> tells. False when there never will be: the token is
    /// cancelled, nothing can be read, or standard input has ended.
    /// </summary>
    /// <param name="token">Ends the waiting, as Ctrl-C does.</param>
    public bool WaitForMore(CancellationToken token) =>
        options.Follow && (followed is not null || (journal is not null && Result != ReadResult.NotRead))
        && !token.WaitHandle.WaitOne(FollowInterval);

    /// <summary>Closes what is open.</summary>
    public void Dispose()
    {
        file?.Dispose();
        followed?.Dispose();
        journal?.Dispose();
    }

    private bool OpenNext()
    {
        while (files.TryDequeue(out var name))
        {
            if (options.Files.Count == 0 && !File.Exists(name))
            {
                var none = $"there is no journal in {options.StoragePath}";
                Say(
                    name.Length == 0 ? $"{none}: name the place that the agent has (its --storage.path), or a file"
                    : $"{none}, and no {name}: name an accounting file, start the agent (acct-exporter serve), or"
                        + " switch accounting on (accton)",
                    ReadResult.NotRead);
                continue;
            }

            if (options.Follow && IsRegular(name))
            {
                Follow(name);
            }
            else
            {
                file = AccountingFile.TryOpen(name, options, io, applet);
            }

            if (file is not null || followed is not null)
            {
                return true;
            }

            Worsen(ReadResult.NotRead);
        }

        return false;
    }

    private static bool IsRegular(string name) =>
        name != AccountingFile.Standard && FileIdentity.TryOfPath(name, out var identity, out _) && identity.IsRegular;

    private void Follow(string name)
    {
        try
        {
            followed = new FollowedExits(
                name,
                (stream, flaws) => options.BySlot
                    ? new SlotsForward(
                        stream, new CompatSlots(options.AssumedTicksPerSecond, io.Errors), follows: true)
                    : new AcctForward(stream, options.AssumedTicksPerSecond, flaws, follows: true),
                message => Say(message, ReadResult.WithFlaws));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Say($"cannot read {name}: {FileFault.Why(error, name)}", ReadResult.NotRead);
        }
    }

    private bool ReadFollowed(ExitBatch batch)
    {
        try
        {
            return followed!.Read(batch);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Say($"cannot read {followed!.Path} any more: {FileFault.Why(error)}", ReadResult.NotRead);
            followed!.Dispose();
            followed = null;
            return false;
        }
    }

    private void Say(string message, ReadResult result)
    {
        io.Errors.WriteLine($"{applet}: {message}");
        Worsen(result);
    }

    private void Worsen(ReadResult result) => Result = result > Result ? result : Result;
}
