// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Logins;

namespace AcctExporter.Reports;

/// <summary>How the reading of files went; the worst of several counts.</summary>
internal enum ReadResult
{
    /// <summary>All of it was read.</summary>
    Whole,

    /// <summary>Something of it is left out, or counts as nothing.</summary>
    WithFlaws,

    /// <summary>A file could not be read.</summary>
    NotRead,
}

/// <summary>Connect time from login files (GNU <c>ac</c>).</summary>
internal sealed class AcReport
{
    private readonly AcOptions options;
    private readonly ReportIo io;
    private readonly AcPage page;
    private readonly ConnectTimes times;
    private ReadResult result;

    private AcReport(AcOptions options, ReportIo io)
    {
        this.options = options;
        this.io = io;
        var midnights = new Midnights(io.Clock.LocalTimeZone);
        page = new AcPage(options, io, midnights.Offsets);
        times = new ConnectTimes(options, page, midnights);
    }

    /// <summary>Reads the files and prints the report; nothing if none of them can be read.</summary>
    public static ReadResult Run(AcOptions options, ReportIo io)
    {
        var report = new AcReport(options, io);
        var read = options.Files.Count(report.Read);
        if (read > 0)
        {
            report.times.End(io.Clock.GetUtcNow().ToUnixTimeSeconds());
            report.page.End();
            if (report.times.Backward > 0)
            {
                report.Flaw($"sessions that end before they begin: {report.times.Backward}, the first at "
                    + $"{report.times.FirstBackward}; they count as no time, --complain says which");
            }
        }

        return report.result;
    }

    private bool Read(string path)
    {
        using var blocks = Open(path);
        if (blocks is null)
        {
            return false;
        }

        times.Begin(path);
        while (TryNext(blocks, path, out var block))
        {
            times.Add(block, blocks.Layout);
        }

        if (blocks.PartialBytes > 0)
        {
            Flaw($"{path}: the last {blocks.PartialBytes} bytes are no whole record and left out; "
                + "if nobody is writing it, it was cut off");
        }

        if (times.BadRecords > 0)
        {
            Flaw($"{path}: records at a time that cannot be: {times.BadRecords}; they are left out, "
                + "--complain says which");
        }

        return true;
    }

    private UtmpBlocks? Open(string path)
    {
        try
        {
            if (PackedFile.Fault(path) is not { } fault)
            {
                return UtmpBlocks.Open(path, newestFirst: false);
            }

            CannotRead(path, fault);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            CannotRead(path, FileFault.Why(error, path));
            return null;
        }
    }

    private bool TryNext(UtmpBlocks blocks, string path, out ReadOnlySpan<byte> block)
    {
        try
        {
            block = blocks.Next();
        }
        catch (IOException error)
        {
            CannotRead(path, FileFault.Why(error, path));
            block = default;
        }

        return !block.IsEmpty;
    }

    private void CannotRead(string path, string why)
    {
        io.Errors.WriteLine($"ac: cannot read {path}: {why}; name another file with -f");
        result = ReadResult.NotRead;
    }

    private void Flaw(string message)
    {
        io.Errors.WriteLine($"ac: {message}");
        result = result == ReadResult.Whole ? ReadResult.WithFlaws : result;
    }
}
