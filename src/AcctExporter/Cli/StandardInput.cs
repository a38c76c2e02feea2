// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Reports;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Cli;

/// <summary>Standard input for commands that read it when it is given, and the usual places when it is not.</summary>
internal static class StandardInput
{
    private const int KindMask = 0xf000;
    private const int PipeKind = 0x1000;

    /// <summary>
    /// The files that are named; if none is, standard input when it is a file or a pipe, and nothing, which is the
    /// usual places, when it is a terminal, /dev/null or a socket, as services and cron have it.
    /// </summary>
    public static IReadOnlyList<string> OrUsual(IReadOnlyList<string> named, ReportIo io) =>
        named.Count > 0 || !IsGiven(io.Input) ? named : [AppletFiles.Standard];

    /// <summary>A stream that is not the process's own is given when there is something in it.</summary>
    private static bool IsGiven(Stream input)
    {
        if (input == Stream.Null || input.CanSeek)
        {
            return input != Stream.Null;
        }

        using var handle = new SafeFileHandle(0, ownsHandle: false);
        return FileIdentity.TryOfHandle(handle, out var identity, out _)
            && (identity.IsRegular || (identity.Mode & KindMask) == PipeKind);
    }
}
