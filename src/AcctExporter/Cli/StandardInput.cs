// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>Standard input for commands that read it when it is given, and the usual places when it is not.</summary>
internal static class StandardInput
{
    /// <summary>
    /// The files that are named; if none is, standard input when it is a file, or a pipe with something in it, and
    /// nothing, which is the usual places, when it is a terminal, /dev/null or a socket, as services have it, or an
    /// empty pipe, as jobs of cron have it.
    /// </summary>
    /// <param name="named">The files that are named.</param>
    /// <param name="asClassic">Standard input, whatever it is, but for terminals and other devices.</param>
    /// <param name="io">Has standard input; then one from which nothing is missing.</param>
    public static IReadOnlyList<string> OrUsual(IReadOnlyList<string> named, bool asClassic, ref ReportIo io)
    {
        if (named.Count > 0)
        {
            return named;
        }

        // A stream that is not the process's own is like a pipe.
        var kind = FileIdentity.OfStandardInput();
        var isPipe = io.Input.CanSeek || kind is { IsPipe: true };
        if (isPipe && !asClassic)
        {
            var input = new InputStream(io.Input);
            io = io with { Input = input };
            return input.Peek(1).Length > 0 || input.Fault is not null ? [AppletFiles.Standard] : [];
        }

        return isPipe || kind is { IsRegular: true } || (asClassic && kind is { IsCharacterDevice: false })
            ? [AppletFiles.Standard] : [];
    }
}
