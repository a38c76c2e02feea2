// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AcctExporter.Kernel;

namespace AcctExporter.Reports;

/// <summary>
/// <c>savacct</c> and <c>usracct</c>: sums by command and by user, which <c>sa -s</c> writes and every <c>sa</c> adds
/// to what it reads. Layout: GNU acct 6.6.4 on machines of 64 bits, numbers in the order of the machine. A key (16
/// bytes of name, 16 bits of fork flag, 6 bytes of padding; or 32 bytes of name), calls in 64 bits, then doubles: user,
/// system and elapsed seconds, memory, I/O, minor faults, major faults, swaps.
/// </summary>
internal sealed class SaSummaryFiles(string applet, ReportIo io)
{
    private const int SumBytes = 9 * sizeof(ulong);
    private const int CommandKeyBytes = 24;
    private const int OwnerKeyBytes = NameTable.Width;

    /// <summary>How the reading went; what was wrong has been said.</summary>
    public ReadResult Result { get; private set; }

    /// <summary>Adds a summary by command to rows and totals; one that there is not is none.</summary>
    public void ReadCommands(string path, SaCommandTally tally) => Read(path, CommandKeyBytes, (key, sums) =>
    {
        var name = SaCommand.NameOf(Vector128.Create(key[..SaCommand.NameBytes]));
        tally.Add(tally.RowOf(new SaCommand(name, MemoryMarshal.Read<ushort>(key[SaCommand.NameBytes..]))), sums);
        tally.Totals.Add(sums);
    });

    /// <summary>Adds a summary by user to rows, and to the totals.</summary>
    public void ReadUsers(string path, SaOwnerTally tally) => Read(path, OwnerKeyBytes, (key, sums) =>
    {
        var end = key.IndexOf((byte)0);
        tally.Add(tally.RowOf(end < 0 ? key : key[..end]), sums);
        tally.Totals.Add(sums);
    });

    /// <summary>
    /// Writes both: each beside the old one as <c>NAME~</c>, and renamed when both are whole. False, and said why, when
    /// that fails.
    /// </summary>
    public bool Write(SaOptions options, SaCommandTally commands, SaOwnerTally users)
    {
        var (savacct, usracct) = (options.SavacctFile, options.UsracctFile);
        return Write(savacct, CommandKeyBytes, commands, commands.ClassicOrder(), (row, key) =>
            {
                MemoryMarshal.Write(key, commands.CommandOf(row).Name);
                MemoryMarshal.Write(key[SaCommand.NameBytes..], commands.CommandOf(row).Forked);
            })
            && Write(usracct, OwnerKeyBytes, users, users.ClassicOrder(), (row, key) => users.NameOf(row).CopyTo(key))
            && Rename(savacct) && Rename(usracct);
    }

    private void Read(string path, int keyBytes, Action<ReadOnlySpan<byte>, SaSums> add)
    {
        try
        {
            if (!File.Exists(path) && !Directory.Exists(path))
            {
                return;
            }

            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var record = new byte[keyBytes + SumBytes];
            var bad = 0L;
            int read;
            while ((read = file.ReadAtLeast(record, record.Length, throwOnEndOfStream: false)) == record.Length)
            {
                var sums = SumsOf(record.AsSpan(keyBytes));
                if (sums.Calls == 0)
                {
                    bad++;
                    continue;
                }

                add(record.AsSpan(0, keyBytes), sums);
            }

            if (bad > 0 || read > 0)
            {
                Flaw(path, bad, read);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            io.Errors.WriteLine($"{applet}: cannot read the summary {path}: {FileFault.Why(error, path)}; "
                + "-i reports without it");
            Result = ReadResult.NotRead;
        }
    }

    private static SaSums SumsOf(ReadOnlySpan<byte> bytes)
    {
        var numbers = MemoryMarshal.Cast<byte, double>(bytes[sizeof(ulong)..]);
        return new()
        {
            Calls = MemoryMarshal.Read<ulong>(bytes),
            Times = Vector256.Create(numbers[0], numbers[1], numbers[2], numbers[4]),
            Usage = Vector256.Create(numbers[3], numbers[5], numbers[6], numbers[7]),
        };
    }

    private void Flaw(string path, long bad, int rest)
    {
        io.Errors.WriteLine($"{applet}: the summary {path} is damaged: rows without calls: {bad}, bytes behind the "
            + $"last whole row: {rest}; they are left out; sa -i -s makes it anew from an accounting file");
        Result = Result == ReadResult.Whole ? ReadResult.WithFlaws : Result;
    }

    private bool Write(string path, int keyBytes, SaTally tally, int[] order, Action<int, Span<byte>> writeKey)
    {
        try
        {
            using var file = new FileStream(path + "~", FileMode.Create, FileAccess.Write, FileShare.Read);
            if (File.Exists(path))
            {
                // Whoever was allowed to read the old one may read the new one.
                File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(path));
            }

            var record = new byte[keyBytes + SumBytes];
            foreach (var row in order)
            {
                Array.Clear(record);
                writeKey(row, record.AsSpan(0, keyBytes));
                MemoryMarshal.Write(record.AsSpan(keyBytes), tally[row].Calls);
                var numbers = MemoryMarshal.Cast<byte, double>(record.AsSpan(keyBytes + sizeof(ulong)));
                var sums = tally[row];
                ReadOnlySpan<double> values =
                [
                    sums.User, sums.System, sums.Elapsed, sums.Memory, sums.Io, sums.MinorFaults, sums.MajorFaults,
                    sums.Swaps,
                ];
                values.CopyTo(numbers);
                file.Write(record);
            }

            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return CannotWrite(path, FileFault.Why(error, path));
        }
    }

    private bool Rename(string path)
    {
        try
        {
            File.Move(path + "~", path, overwrite: true);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return CannotWrite(path, FileFault.Why(error, path));
        }
    }

    private bool CannotWrite(string path, string why)
    {
        io.Errors.WriteLine($"{applet}: cannot write the summary {path}: {why}; "
            + "--other-savacct-file and --other-usracct-file name other places");
        return false;
    }
}
