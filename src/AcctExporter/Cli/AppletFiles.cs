// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Kernel;
using AcctExporter.Logins;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>The files that an applet is given by name.</summary>
/// <param name="applet">Its name, for messages.</param>
/// <param name="io">What it reads and writes besides.</param>
internal sealed class AppletFiles(string applet, ReportIo io)
{
    /// <summary>The name that means standard input or output.</summary>
    public const string Standard = "-";

    /// <summary>The option <c>--output</c> of those that write records.</summary>
    public static Option<string?> OutputOption() => new("--output", "-o")
    {
        Description = "Write to this file, which is replaced; not one of the system's own login files",
        HelpName = "FILE",
    };

    /// <summary>An option without a value: what follows it is an argument.</summary>
    public static Option<bool> Switch(string name, string? letter, string help) =>
        new(name, letter is null ? [] : [letter]) { Description = help, Arity = ArgumentArity.Zero };

    /// <summary>
    /// Does work on an input and an output. What cannot be opened or read is said, and is
    /// <see cref="ExitCode.CannotRead"/>; an output that may not be written is <see cref="ExitCode.Usage"/>.
    /// </summary>
    /// <param name="input">A file's name; null and <c>-</c> are standard input.</param>
    /// <param name="output">A file's name; null is standard output.</param>
    /// <param name="work">The work; its result is the exit code.</param>
    public int With(string? input, string? output, Func<Stream, Stream, int> work)
    {
        if (output != null && Refuses(output, input))
        {
            return ExitCode.Usage;
        }

        if (Open(input) is not { } from)
        {
            return ExitCode.CannotRead;
        }

        using (from)
        {
            return WithOutput(output, to => Reading(input, () => work(from, to)));
        }
    }

    /// <summary>Does work on an output.</summary>
    /// <param name="output">A file's name; null is standard output.</param>
    /// <param name="work">The work; its result is the exit code.</param>
    public int WithOutput(string? output, Func<Stream, int> work)
    {
        if (output == null)
        {
            return work(io.Output);
        }

        try
        {
            using var to = new FileStream(output, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            return work(to);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Say($"cannot write {output}: {FileFault.Why(error, output)}");
            return ExitCode.Failure;
        }
    }

    /// <summary>True, and said why, when a file may not be written.</summary>
    /// <param name="output">The file.</param>
    /// <param name="input">What is read meanwhile, if that is a file.</param>
    public bool Refuses(string output, string? input = null)
    {
        var isSystems = SystemLoginFiles.Contain(output);
        if (isSystems)
        {
            Say($"{output}: it belongs to the programs that write the system's logins, and is only read; name a copy");
        }
        else if (input is not (null or Standard) && SystemLoginFiles.IsSame(output, input))
        {
            Say($"{output}: it is what is read; name another file");
            return true;
        }

        return isSystems;
    }

    /// <summary>Opens a file to read it; null, and said why, when it cannot be.</summary>
    public Stream? Open(string? input)
    {
        if (input is null or Standard)
        {
            return io.Input;
        }

        try
        {
            if (PackedFile.Fault(input) is { } fault)
            {
                Say($"cannot read {input}: {fault}");
                return null;
            }

            return AccountingFile.OpenToRead(input);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Say($"cannot read {(input.Length > 0 ? input : "''")}: {FileFault.Why(error, input)}");
            return null;
        }
    }

    /// <summary>A message to standard error.</summary>
    public void Say(string message) => io.Errors.WriteLine($"{applet}: {message}");

    /// <summary>Says how much was wrong with a file, if it was.</summary>
    /// <param name="file">The file.</param>
    /// <param name="flawed">How many records or places.</param>
    /// <param name="fate">What became of them.</param>
    public int Told(string? file, ulong flawed, string fate)
    {
        if (flawed > 0)
        {
            Say($"{NameOf(file)}: {flawed} {(flawed == 1 ? "place is no good record" : "places are no good records")}: "
                + fate);
        }

        return flawed > 0 ? ExitCode.BadRecords : ExitCode.Done;
    }

    /// <summary>The name of a file for messages.</summary>
    public static string NameOf(string? file) => file is null or Standard ? "standard input" : file;

    private int Reading(string? input, Func<int> work)
    {
        try
        {
            return work();
        }
        catch (IOException error) when (FileFault.ErrnoOf(error) is Errno.EISDIR or Errno.EIO)
        {
            Say($"cannot read {NameOf(input)}: {FileFault.Why(error)}");
            return ExitCode.CannotRead;
        }
    }
}
