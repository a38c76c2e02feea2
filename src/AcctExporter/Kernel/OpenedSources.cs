// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace AcctExporter.Kernel;

/// <summary>
/// Sources that were opened while the process still had the right to, for those who use them later: the directory of
/// the segments (CAP_SYS_PTRACE), taskstats and the process connector (CAP_NET_ADMIN). What is not here is opened by
/// whoever needs it. They can be handed over an execve(2): open descriptors stay open, and the kernel goes on sending
/// to a socket that was registered.
/// </summary>
internal sealed class OpenedSources : IDisposable
{
    private const char Separator = ';';
    private const string DirectoryPart = "directory";
    private const string TaskStatsPart = "taskstats";
    private const string ConnectorPart = "connector";
    private const string TaskStatsFaultPart = "no-taskstats";
    private const string ConnectorFaultPart = "no-connector";

    private SegmentDirectory? directory;
    private TaskStatsSocket? tasks;
    private ProcessConnector? connector;
    private TaskStatsFault? tasksFault;
    private ProcessConnectorFault? connectorFault;

    /// <summary>Opens what can be opened. Of what cannot be, the reason is handed over.</summary>
    /// <param name="segments">The directory of the segments; null when there are to be none.</param>
    /// <param name="taskStatsBytes">The buffer of taskstats; 0 for none.</param>
    /// <param name="connectorBytes">Likewise of the process connector.</param>
    /// <exception cref="IOException">The directory cannot be opened or made.</exception>
    public static OpenedSources Open(string? segments, int taskStatsBytes, int connectorBytes)
    {
        var opened = new OpenedSources { directory = segments is null ? null : SegmentDirectory.Open(segments) };
        if (connectorBytes > 0)
        {
            opened.connector = ProcessConnector.TryOpen(connectorBytes, out var fault);
            opened.connectorFault = opened.connector is null ? fault : null;
        }

        if (taskStatsBytes > 0)
        {
            opened.tasks = TaskStatsSocket.TryOpen(taskStatsBytes, out var fault);
            opened.tasksFault = opened.tasks is null ? fault : null;
        }

        return opened;
    }

    /// <summary>
    /// What another program of this process was given, by the text that <see cref="HandOver"/> made; null when it is
    /// not for this process, or not what it says.
    /// </summary>
    public static OpenedSources? TakeOver(string text)
    {
        var parts = text.Split(Separator);
        if (parts[0] != Number(Environment.ProcessId))
        {
            return null;
        }

        var sources = new OpenedSources();
        foreach (var part in parts[1..])
        {
            var words = part.Split(',');
            if (words.Length < 3 || !TryNumber(words[1], out var first) || !sources.Take(words, first))
            {
                sources.Dispose();
                return null;
            }
        }

        return sources;
    }

    /// <summary>Lets the descriptors stay open for the program that this process becomes.</summary>
    /// <returns>What that program needs for <see cref="TakeOver"/>.</returns>
    public string HandOver()
    {
        var parts = new List<string> { Number(Environment.ProcessId) };
        if (directory is not null)
        {
            parts.Add(string.Join(',', DirectoryPart, Number(InheritedDescriptor.Keep(directory.Handle)),
                directory.SurvivesMountNamespace ? "1" : "0", Packed(directory.Path), Packed(directory.Warning ?? "")));
        }

        if (tasks is not null)
        {
            parts.Add(string.Join(',', TaskStatsPart, Number(InheritedDescriptor.Keep(tasks.Socket.Handle)),
                Number(tasks.Family), Number(tasks.ReceiveBufferBytes)));
        }

        if (connector is not null)
        {
            parts.Add(string.Join(',', ConnectorPart, Number(InheritedDescriptor.Keep(connector.Socket.Handle)),
                connector.IsFiltered ? "1" : "0"));
        }

        if (tasksFault is { } lackOfTasks)
        {
            parts.Add(string.Join(
                ',', TaskStatsFaultPart, Number((int)lackOfTasks.Obstacle), Number(lackOfTasks.Error)));
        }

        if (connectorFault is { } lack)
        {
            parts.Add(string.Join(',', ConnectorFaultPart, Number((int)lack.Obstacle), Number(lack.Error)));
        }

        return string.Join(Separator, parts);
    }

    /// <summary>The directory of the segments, once; when that one is not here, it is opened now.</summary>
    /// <param name="path">Where it is.</param>
    /// <exception cref="IOException">It cannot be opened or made.</exception>
    public SegmentDirectory TakeDirectory(string path)
    {
        if (directory is not { } taken || taken.Path != Path.GetFullPath(path))
        {
            return SegmentDirectory.Open(path);
        }

        directory = null;
        return taken;
    }

    /// <summary>The socket of taskstats, once, without what waited in it; else it is tried to open one now.</summary>
    /// <param name="receiveBufferBytes">See <see cref="TaskStatsSocket.TryOpen"/>.</param>
    /// <param name="fault">When null is returned: why; of the first attempt, which had the most rights.</param>
    public TaskStatsSocket? TakeTaskStats(int receiveBufferBytes, out TaskStatsFault fault)
    {
        fault = tasksFault ?? default;
        if (tasks is null && tasksFault is null)
        {
            return TaskStatsSocket.TryOpen(receiveBufferBytes, out fault);
        }

        var taken = tasks;
        tasks = null;
        taken?.Socket.Discard();
        return taken;
    }

    /// <summary>The process connector, likewise.</summary>
    /// <param name="receiveBufferBytes">See <see cref="ProcessConnector.TryOpen"/>.</param>
    /// <param name="fault">When null is returned: why.</param>
    public ProcessConnector? TakeConnector(int receiveBufferBytes, out ProcessConnectorFault fault)
    {
        fault = connectorFault ?? default;
        if (connector is null && connectorFault is null)
        {
            return ProcessConnector.TryOpen(receiveBufferBytes, out fault);
        }

        var taken = connector;
        connector = null;
        taken?.Socket.Discard();
        return taken;
    }

    /// <summary>What nobody took.</summary>
    public void Dispose()
    {
        directory?.Dispose();
        tasks?.Dispose();
        connector?.Dispose();
    }

    /// <param name="words">What it is, a number, and more.</param>
    /// <param name="first">The number: the descriptor, or what was in the way.</param>
    private bool Take(string[] words, int first)
    {
        switch (words)
        {
            case [TaskStatsFaultPart, _, var error] when TryNumber(error, out var errno):
                tasksFault = new((TaskStatsObstacle)first, errno);
                return true;
            case [ConnectorFaultPart, _, var error] when TryNumber(error, out var errno):
                connectorFault = new((ProcessConnectorObstacle)first, errno);
                return true;
            case [DirectoryPart, _, var survives, var path, var warning]
                when InheritedDescriptor.TryTakeDirectory(first, out var handle):
                directory = SegmentDirectory.TakeOver(handle, Unpacked(path), survives == "1", Unpacked(warning));
                return true;
            case [TaskStatsPart, _, var family, var bytes]
                when TryNumber(family, out var number) && TryNumber(bytes, out var size)
                    && NetlinkSocket.TryTakeOver(first, NetlinkSocket.Generic) is { } socket:
                tasks = TaskStatsSocket.TakeOver(socket, (ushort)number, size);
                return true;
            case [ConnectorPart, _, var filtered]
                when NetlinkSocket.TryTakeOver(first, ProcessConnector.Protocol) is { } socket:
                connector = ProcessConnector.TakeOver(socket, filtered == "1");
                return true;
            default:
                return false;
        }
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Packed(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));

    private static string Unpacked(string text)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromHexString(text));
        }
        catch (FormatException)
        {
            return "";
        }
    }
}
