// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using AcctExporter.Kernel;
using AcctExporter.Logins;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// <c>last</c> and <c>lastb</c>: who was logged in, the newest first. A file of any size is read once, from its end,
/// and nothing is allocated for a record.
/// </summary>
internal sealed class LastReport
{
    private static readonly TimeSpan DatabasePatience = TimeSpan.FromSeconds(5);

    private readonly ReportIo io;
    private readonly LastOptions options;
    private readonly HostNames? names;
    private readonly LastListing listing;
    private readonly long nowSeconds;
    private long shown;
    private ReadResult result;

    /// <summary>Makes it ready.</summary>
    /// <param name="io">What it writes to, and the clock.</param>
    /// <param name="options">What is asked for.</param>
    public LastReport(ReportIo io, LastOptions options)
    {
        this.io = io;
        this.options = options;
        names = options.Resolve ? HostNames.OfSystem() : null;
        nowSeconds = io.Clock.GetUtcNow().ToUnixTimeSeconds();
        var text = new ReportText(io.Output);
        listing = options.Format == ReportFormat.Text
            ? new LastText(text, options, names, io.Clock.LocalTimeZone, nowSeconds)
            : new LastRows(text, options.Format, names);
    }

    /// <summary>Writes the list of all files.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public ReadResult Run()
    {
        foreach (var file in options.Files)
        {
            ReadFile(file);
        }

        listing.End();
        if (names is { GaveUp: true })
        {
            io.Errors.WriteLine(
                $"{options.Command}: names were not answered for within {HostNames.UsualPatience.TotalSeconds:0} s, "
                + "and the rest are addresses");
        }

        return result;
    }

    private void ReadFile(string file)
    {
        if (IsDatabase(file))
        {
            ReadDatabase(file);
            return;
        }

        UtmpBlocks? blocks = null;
        var begin = 0L;
        try
        {
            if (PackedFile.Fault(file) is { } fault)
            {
                CannotRead(file, fault);
                return;
            }

            blocks = UtmpBlocks.Open(file, newestFirst: true);
            begin = BeginOf(file, blocks);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            CannotRead(file, error);
            blocks?.Dispose();
            return;
        }

        using (blocks)
        {
            var pairing = new LoginPairing(nowSeconds, new LiveLogins(nowSeconds).IsLive);
            while (NextBlock(file, blocks) is { IsEmpty: false } block && List(block, blocks.Layout, pairing))
            {
            }

            listing.EndFile(file, begin);
            TellOfBadRecords(file, blocks.PartialBytes, pairing.Unknown);
        }
    }

    /// <summary>A file of wtmpdb; what cannot be opened is said of it as a login file.</summary>
    private static bool IsDatabase(string file)
    {
        try
        {
            return SqliteState.HasMagic(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return false;
        }
    }

    private void ReadDatabase(string file)
    {
        var database = new LastDatabase(file, DatabasePatience, nowSeconds);
        if (database.Status is not (DatabaseStatus.Read or DatabaseStatus.Damaged))
        {
            CannotRead(file, database.Message);
            return;
        }

        database.Show(
            options.System,
            (in LoginSpan span) => (options.SinceSeconds != 0 && span.LoginSeconds < options.SinceSeconds)
                || (options.UntilSeconds != 0 && options.UntilSeconds < span.LoginSeconds) || Show(span));
        listing.EndFile(file, database.BeginSeconds ?? ChangedSeconds(file));
        if (database.Status == DatabaseStatus.Damaged || database.BadRows > 0)
        {
            io.Errors.WriteLine(
                $"{options.Command}: {file} has {database.BadRows} rows that cannot be, which were left out; "
                + $"{(database.Message.Length > 0 ? database.Message : "the rest is whole")}");
            result = result == ReadResult.Whole ? ReadResult.WithFlaws : result;
        }
    }

    private static long ChangedSeconds(string file) => FileIdentity.TryOfPath(file, out var identity, out _)
        ? identity.ChangedUnixNanoseconds / 1_000_000_000 : 0;

    private ReadOnlySpan<byte> NextBlock(string file, UtmpBlocks blocks)
    {
        try
        {
            return blocks.Next();
        }
        catch (IOException error)
        {
            CannotRead(file, error);
            return default;
        }
    }

    /// <returns>False when there is nothing more to show.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool List(ReadOnlySpan<byte> block, UtmpLayout layout, LoginPairing pairing)
    {
        var span = default(LoginSpan);
        for (var at = block.Length - layout.Size; at >= 0; at -= layout.Size)
        {
            var record = new UtmpRecord(block.Slice(at, layout.Size), layout);
            var seconds = record.Seconds;
            if ((options.SinceSeconds != 0 && seconds < options.SinceSeconds)
                || (options.UntilSeconds != 0 && options.UntilSeconds < seconds))
            {
                continue;
            }

            if (options.Failed)
            {
                if (!Show(Failed(record)))
                {
                    return false;
                }
            }
            else if (pairing.Next(record, ref span) && (options.System || span.Kind <= LoginSpanKind.Boot)
                && !Show(span))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Shows it when it is wanted.</summary>
    /// <returns>False when it was the last one that is.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Show(in LoginSpan span)
    {
        var line = WithoutNumber(span.Line);
        if ((options.Names.Count > 0 && !IsNamed(span.User, line)) || !IsPresent(span))
        {
            return true;
        }

        listing.Show(line.Length == span.Line.Length ? span : new LoginSpan
        {
            Kind = span.Kind,
            End = span.End,
            User = span.User,
            Line = options.Format == ReportFormat.Text ? line : span.Line,
            Host = span.Host,
            Address = span.Address,
            Pid = span.Pid,
            LoginSeconds = span.LoginSeconds,
            LogoutSeconds = span.LogoutSeconds,
            EndSeconds = span.EndSeconds,
        });
        shown++;
        return options.Limit == 0 || shown < options.Limit;
    }

    /// <summary>Servers of files put their process behind the line's name: <c>ftp1234</c> is <c>ftp</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<byte> WithoutNumber(ReadOnlySpan<byte> line) =>
        line is [(byte)'f', (byte)'t', (byte)'p', >= (byte)'0' and <= (byte)'9', ..] ? line[..3]
        : line is [(byte)'u', (byte)'u', (byte)'c', (byte)'p', >= (byte)'0' and <= (byte)'9', ..] ? line[..4]
        : line;

    private bool IsNamed(ReadOnlySpan<byte> user, ReadOnlySpan<byte> line)
    {
        foreach (var name in options.Names)
        {
            if (user.SequenceEqual(name.AsSpan(0, Math.Min(name.Length, UtmpRecord.UserSize)))
                || line.SequenceEqual(name) || (line.StartsWith("tty"u8) && line[3..].SequenceEqual(name)))
            {
                return true;
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsPresent(in LoginSpan span) =>
        options.PresentSeconds == 0 || (options.PresentSeconds >= span.LoginSeconds
            && (span.LogoutSeconds <= 0 || span.LogoutSeconds >= options.PresentSeconds));

    private static LoginSpan Failed(UtmpRecord record) => new()
    {
        Kind = LoginSpanKind.Failed,
        End = LoginSpanEnd.Instant,
        User = record.User,
        Line = record.Line,
        Host = record.Host,
        Address = record.Address,
        Pid = record.Pid,
        LoginSeconds = record.Seconds,
        LogoutSeconds = record.Seconds,
        EndSeconds = record.Seconds,
    };

    private static long BeginOf(string file, UtmpBlocks blocks)
    {
        if (!blocks.First.IsEmpty)
        {
            return new UtmpRecord(blocks.First, blocks.Layout).Seconds;
        }

        return ChangedSeconds(file);
    }

    private void CannotRead(string file, Exception error) => CannotRead(file, FileFault.Why(error, file));

    private void CannotRead(string file, string why)
    {
        io.Errors.WriteLine($"{options.Command}: cannot read {file}: {why}");
        result = ReadResult.NotRead;
    }

    private void TellOfBadRecords(string file, int partialBytes, long unknown)
    {
        if (partialBytes > 0)
        {
            io.Errors.WriteLine(
                $"{options.Command}: {file} ends with {partialBytes} bytes of a partial record, which were left out");
        }

        if (unknown > 0)
        {
            io.Errors.WriteLine(
                $"{options.Command}: {file} has {unknown} records of unknown types, which were left out");
        }

        if (partialBytes + unknown > 0 && result == ReadResult.Whole)
        {
            result = ReadResult.WithFlaws;
        }
    }
}
