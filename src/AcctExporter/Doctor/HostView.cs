// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;

namespace AcctExporter.Doctor;

/// <summary>
/// The host as the findings see it: files below a root, and the few questions that no file answers. What is asked for
/// changes nothing. In tests the root is a directory with a made-up host in it.
/// </summary>
internal sealed record HostView
{
    private const int LargestText = 1 << 20;

    /// <summary>In front of every path; empty on a real host.</summary>
    public string Root { get; init; } = "";

    /// <summary>Free space of the file system that a path is on; null when it cannot be asked.</summary>
    public Func<string, FreeSpace?> SpaceOf { get; init; } =
        path => FreeSpace.TryRead(path, out var space) ? space : null;

    /// <summary>Whether this process may make files in a directory: 0, or the errno.</summary>
    public Func<string, int> ErrnoOfMaking { get; init; } = DirectoryRights.ErrnoOfMaking;

    /// <summary>Why accounting into a directory may end with this process's mounts; null when it does not.</summary>
    public Func<string, string?> WhyAccountingEnds { get; init; } = SegmentDirectory.Foresee;

    /// <summary>Taskstats, with room for so many bytes.</summary>
    public Func<int, TaskStatsAnswer> AskTaskStats { get; init; } = TaskStatsAnswer.Ask;

    /// <summary>The process connector: what is in the way of its events.</summary>
    public Func<ProcessConnectorFault> AskConnector { get; init; } = ConnectorFault;

    /// <summary>The name of a user; takes as long as it takes.</summary>
    public Func<uint, bool> KnowsUser { get; init; } =
        uid => UserDatabase.TryGetName(uid, new byte[256], out _, out _);

    /// <summary>Whether the wall clock is kept right.</summary>
    public Func<ClockState> ReadClock { get; init; } = ClockDiscipline.Read;

    /// <summary>Clocks: the wall clock's time, and the monotonic clock's ticks.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>An environment variable.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Where a path of the host is for this process.</summary>
    public string PathOf(string path) => Root + path;

    /// <summary>True for a file or directory, also one that may not be read.</summary>
    public bool Exists(string path) => Path.Exists(PathOf(path));

    /// <summary>
    /// The text of a small file without blanks at its ends; null when it is not there or may not be read.
    /// </summary>
    public string? Read(string path)
    {
        try
        {
            // Files of /proc do not say how long they are.
            using var file = new StreamReader(PathOf(path));
            var text = new StringBuilder();
            var buffer = new char[4096];
            for (int count; text.Length < LargestText && (count = file.Read(buffer)) > 0;)
            {
                text.Append(buffer, 0, count);
            }

            return text.ToString().Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Where a symbolic link leads, as it says; null when it is none or may not be read.</summary>
    public string? Link(string path)
    {
        try
        {
            return new FileInfo(PathOf(path)).LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The names in a directory; none when it is not there or may not be read.</summary>
    public IReadOnlyList<string> Names(string directory)
    {
        try
        {
            return
            [
                .. Directory.EnumerateFileSystemEntries(PathOf(directory)).Select(path => Path.GetFileName(path)),
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>What stands behind <c>name:</c> in a file like /proc/self/status; null when nothing does.</summary>
    public string? Field(string path, string name)
    {
        foreach (var line in (Read(path) ?? "").Split('\n'))
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.AsSpan(name.Length).StartsWith(":"))
            {
                return line[(name.Length + 1)..].Trim();
            }
        }

        return null;
    }

    private static ProcessConnectorFault ConnectorFault()
    {
        const int enoughForOneChild = 64 << 10;
        using var connector = ProcessConnector.TryOpen(enoughForOneChild, out var fault);
        return fault;
    }
}
