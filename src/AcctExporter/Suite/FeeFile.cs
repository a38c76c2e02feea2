// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Text;
using AcctExporter.Kernel;

namespace AcctExporter.Suite;

/// <summary>
/// Charges of <c>chargefee</c>: the file <c>fee</c>, a line of total accounting for each, until the daily run takes
/// it. Lines have the 18 fields of AIX, whose fees may have decimals, or the 13 of System V.
/// </summary>
internal static class FeeFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int ClassicFields = 13;
    private const int AixFields = 18;
    private const int AixFee = 14;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Appends a charge; a credit is negative. Waits for others who write or take the file.</summary>
    /// <param name="paths">The suite's folder.</param>
    /// <param name="uid">The user's number.</param>
    /// <param name="name">The user's name.</param>
    /// <param name="milliunits">The charge, in 1/1000 of a unit.</param>
    /// <param name="compat">A line of 13 fields.</param>
    /// <exception cref="IOException">It cannot be written: nothing was.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void Append(SuitePaths paths, uint uid, ReadOnlySpan<byte> name, long milliunits, bool compat)
    {
        Span<byte> field = stackalloc byte[FieldText.LongestBytes];
        field = field[..FieldText.Write(name, field)];
        var amount = FeeAmount.Text(milliunits);
        byte[] line =
        [
            .. Encoding.ASCII.GetBytes($"{uid} "), .. field,
            .. Encoding.ASCII.GetBytes(
                compat ? $" 0 0 0 0 0 0 0 0 0 0 {amount}\n" : $" 0 0 0 0 0 0 0 0 0 0 0 0 {amount} 0 0 0\n"),
        ];
        paths.MakeFolders();
        using var turn = AccountingLock.Take(paths.FeeLock, Patience);
        using var file = new FileStream(paths.Fee, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete,
            UnixCreateMode = OwnerOnly, BufferSize = 0,
        });
        var length = WholeLength(file);
        try
        {
            // What a full disk or a kill left of a line was never said to be charged.
            file.SetLength(length);
            file.Seek(length, SeekOrigin.Begin);
            file.Write(line);
            file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            file.SetLength(length);
            throw;
        }
    }

    /// <summary>
    /// Gives the charges away: the file gets the name, and the next charge begins a new one. Does nothing when there
    /// is a file of that name: they were taken before.
    /// </summary>
    /// <returns>True when there is such a file now; false when there was no charge.</returns>
    /// <exception cref="IOException">It cannot be done.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static bool Take(SuitePaths paths, string destination)
    {
        paths.MakeFolders();
        using var turn = AccountingLock.Take(paths.FeeLock, Patience);
        if (File.Exists(destination))
        {
            return true;
        }

        if (!File.Exists(paths.Fee) || new FileInfo(paths.Fee).Length == 0)
        {
            return false;
        }

        // Without overwriting it would be a link for a moment: two names of one file, if killed then.
        File.Move(paths.Fee, destination, overwrite: true);
        DirectorySync.Sync(Path.GetDirectoryName(destination)!);
        DirectorySync.Sync(paths.Root);
        return true;
    }

    /// <summary>Adds up the charges of the file <c>fee</c>, of 13 fields or 18 in a line.</summary>
    /// <param name="input">The file.</param>
    /// <param name="into">Takes the fees, by user number and name.</param>
    /// <param name="bad">Told the number of each line that is none, from 1.</param>
    /// <returns>Lines that were added.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static long Read(Stream input, UserTable<TacctSums> into, Action<long> bad)
    {
        var (lines, added) = (new TextLines(input), 0L);
        Span<byte> room = stackalloc byte[TextLines.LongestBytes];
        while (lines.TryRead(out var line))
        {
            if (TryRead(line, room, out var uid, out var name, out var milliunits))
            {
                into.Of(uid, name).Add(new TacctSums { FeeMilliunits = milliunits });
                added++;
            }
            else if (!line.Trim(" \t\r"u8).IsEmpty)
            {
                bad(lines.Number);
            }
        }

        return added;
    }

    /// <summary>What waits for the next daily run: the file and the drop together. Bad lines are left out.</summary>
    /// <param name="paths">The suite's folder.</param>
    /// <param name="uidOf">The number of a user's name; null for one without.</param>
    /// <param name="into">Takes the fees.</param>
    /// <exception cref="IOException">Something cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static FeeReading ReadPending(
        SuitePaths paths, Func<byte[], uint?> uidOf, UserTable<TacctSums> into)
    {
        var (charges, rejected, first) = (0L, 0L, default(string));
        if (SuiteFile.TryOpen(paths.Fee) is { } file)
        {
            using (file)
            {
                charges = Read(file, into, number =>
                {
                    first ??= $"{paths.Fee}: line {number} is no charge";
                    rejected++;
                });
            }
        }

        var drop = FeeDrop.Read(paths.FeeDrop, uidOf, into, rejects: null);
        return new(charges + drop.Charges, rejected + drop.Rejected, first ?? drop.FirstReason);
    }

    /// <summary>
    /// A line whose other figures are numbers too: what they are is not asked, they are of no charge.
    /// </summary>
    private static bool TryRead(
        ReadOnlySpan<byte> line, Span<byte> room, out uint uid, out ReadOnlySpan<byte> name, out long milliunits)
    {
        (uid, milliunits) = (0, 0);
        var number = FieldText.Take(ref line);
        name = FieldText.Read(FieldText.Take(ref line), room);
        if (number.IsEmpty || name.IsEmpty || !Utf8Parser.TryParse(number, out uid, out var used)
            || used != number.Length)
        {
            return false;
        }

        Span<Range> fields = stackalloc Range[AixFields];
        var count = 2;
        var rest = line;
        for (var field = FieldText.Take(ref rest); !field.IsEmpty; field = FieldText.Take(ref rest))
        {
            if (count == AixFields)
            {
                return false;
            }

            var end = line.Length - rest.Length;
            fields[count++] = (end - field.Length)..end;
        }

        var fee = count == AixFields ? AixFee : ClassicFields - 1;
        if (count is not (ClassicFields or AixFields) || !FeeAmount.TryParse(line[fields[fee]], out milliunits))
        {
            return false;
        }

        for (var i = 2; i < count; i++)
        {
            if (i != fee && !line[fields[i]].SequenceEqual("0"u8))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Up to where the file has whole lines: it is short, and seldom has another end.</summary>
    private static long WholeLength(FileStream file)
    {
        for (var end = file.Length; end > 0; end--)
        {
            file.Seek(end - 1, SeekOrigin.Begin);
            if (file.ReadByte() == '\n')
            {
                return end;
            }
        }

        return 0;
    }
}

/// <summary>How the reading of charges went.</summary>
/// <param name="Charges">Lines that were added.</param>
/// <param name="Rejected">Lines that are no charges.</param>
/// <param name="FirstReason">Of the first of these: file, line and what is wrong; null for none.</param>
internal readonly record struct FeeReading(long Charges, long Rejected, string? FirstReason);
