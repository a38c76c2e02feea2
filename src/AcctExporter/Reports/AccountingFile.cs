// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Reports;

/// <summary>
/// The exits of one file that a report was given by name, or of standard input: packed or not, in whichever order they
/// are wanted. What is wrong with it is said once, when its end is reached.
/// </summary>
internal sealed class AccountingFile : ExitSource
{
    /// <summary>The name of standard input.</summary>
    public const string Standard = "-";

    /// <summary>As many records of System V tell the byte order.</summary>
    private const int TellingRecords = 64;

    private readonly string name;
    private readonly ExitInputOptions options;
    private readonly ReportIo io;
    private readonly string applet;
    private readonly InputFlaws flaws = new();
    private readonly Stream opened;
    private readonly InputStream raw;
    private InputStream? unpacked;
    private ExitSource? exits;
    private int tornBytes;

    private AccountingFile(string name, ExitInputOptions options, ReportIo io, string applet)
    {
        this.name = name == Standard ? "standard input" : name;
        this.options = options;
        this.io = io;
        this.applet = applet;
        opened = name == Standard ? io.Input : OpenToRead(name);
        raw = opened as InputStream ?? new InputStream(opened);
    }

    /// <summary>How the reading went, once it is over.</summary>
    public ReadResult Result { get; private set; }

    /// <summary>Records of System V that are of no process.</summary>
    public ulong OtherRecords { get; private set; }

    /// <summary>Opens a file, and says so when it cannot be read.</summary>
    public static AccountingFile? TryOpen(string name, ExitInputOptions options, ReportIo io, string applet)
    {
        AccountingFile? file = null;
        var isOpen = false;
        try
        {
            file = new AccountingFile(name, options, io, applet);
            isOpen = file.Begin();
            return isOpen ? file : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var shown = name.Length > 0 ? name : "''";
            io.Errors.WriteLine($"{applet}: cannot read {shown}: {FileFault.Why(error, name)}");
            return null;
        }
        finally
        {
            if (!isOpen)
            {
                file?.Dispose();
            }
        }
    }

    /// <summary>Opens a file as one that is written meanwhile, moved, or deleted.</summary>
    public static FileStream OpenToRead(string path) => path.Length > 0
        ? new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0)
        // As open(2) has it; .NET takes it for a fault of the program.
        : throw new FileNotFoundException();

    /// <inheritdoc/>
    public override bool Read(ExitBatch batch)
    {
        if (exits is null)
        {
            return false;
        }

        try
        {
            if (exits.Read(batch))
            {
                return true;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // From the end, the file itself is read, past the stream that keeps faults.
            Say($"cannot read {name}: {FileFault.Why(error)}", ReadResult.NotRead);
        }

        Tell();
        exits = null;
        return false;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        unpacked?.Dispose();
        raw.Dispose();
    }

    private bool Begin()
    {
        var bytes = raw;
        if (Packing.FormOf(raw.Peek(Packing.MagicBytes)) is { } form)
        {
            if (Packing.Unpack(form, raw) is not { } stream)
            {
                io.Errors.WriteLine($"{applet}: cannot read {name}: it is packed as {form}, which is not unpacked here:"
                    + $" unpack it, or read it through a pipe from {(form == "xz" ? "xzcat" : "bzcat")}");
                return false;
            }

            bytes = unpacked = new InputStream(stream);
        }

        var head = options.SystemV ? bytes.Peek(SystemVRecord.Size * TellingRecords) : [];
        if (bytes.Fault is not null && !bytes.HasBegun)
        {
            Tell();
            return false;
        }

        if (!options.NewestFirst)
        {
            exits = Forward(bytes, head);
            return true;
        }

        var file = unpacked is null && opened is FileStream { SafeFileHandle: var handle } && IsRegular(handle)
            ? handle
            : TrySpool(bytes);
        exits = file is null ? null : Backward(file, head);
        return exits is not null;
    }

    private static bool IsRegular(SafeFileHandle handle) =>
        FileIdentity.TryOfHandle(handle, out var identity, out _) && identity.IsRegular;

    private SafeFileHandle? TrySpool(InputStream bytes)
    {
        try
        {
            return Spool.Of(bytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            io.Errors.WriteLine($"{applet}: cannot read {name} from its end: it must be kept in"
                + $" {Path.GetTempPath()} for that: {FileFault.Why(error)}. Name a folder with more room in TMPDIR");
            return null;
        }
    }

    private ExitSource Forward(InputStream bytes, ReadOnlySpan<byte> head) =>
        FormOfSlots(head) is { } form
            ? new SlotsForward(bytes, form, rest => tornBytes = rest, options.Follow)
            : new AcctForward(bytes, options.AssumedTicksPerSecond, flaws, options.Follow);

    private ExitSource Backward(SafeFileHandle file, ReadOnlySpan<byte> head) =>
        FormOfSlots(head) is { } form
            ? new SlotsBackward(file, form, rest => tornBytes = rest)
            : new AcctBackward(file, options.AssumedTicksPerSecond, flaws);

    /// <summary>What the slots hold when each of them counts; null when records must be found.</summary>
    private ISlotForm? FormOfSlots(ReadOnlySpan<byte> head)
    {
        if (!options.SystemV)
        {
            return options.BySlot ? new CompatSlots(options.AssumedTicksPerSecond, io.Errors) : null;
        }

        var size = head.IsEmpty ? SystemVRecord.Size : SystemVRecord.SizeOf(head[0]);
        return new SystemVSlots(
            size, SystemVRecord.IsSwapped(head, size, io.Clock.GetUtcNow().ToUnixTimeSeconds()),
            options.AssumedTicksPerSecond, count => OtherRecords += (ulong)count);
    }

    private void Tell()
    {
        if ((raw.Fault ?? unpacked?.Fault) is { } fault)
        {
            if (raw.Fault is null)
            {
                Say($"{name}: it is damaged or cut off: {FileFault.Why(fault)}; what came before is read",
                    unpacked!.HasBegun ? ReadResult.WithFlaws : ReadResult.NotRead);
            }
            else
            {
                Say($"cannot read {name}: {FileFault.Why(fault)}", ReadResult.NotRead);
            }
        }

        if (flaws.Total > 0)
        {
            Say($"{name}: {flaws}: left out", ReadResult.WithFlaws);
        }

        if (tornBytes > 0 && !options.BySlot)
        {
            Say($"{name}: {tornBytes} bytes at its end are less than a record: left out", ReadResult.WithFlaws);
        }
    }

    private void Say(string message, ReadResult result)
    {
        io.Errors.WriteLine($"{applet}: {message}");
        Result = Result > result ? Result : result;
    }
}
