// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.Records;

/// <summary>The files of <c>Fixtures/taskstats</c>; its README says how each was made.</summary>
internal static class TaskStatsFixture
{
    /// <summary>The number of taskstats on the machine where the files were made.</summary>
    public const ushort Family = 31;

    /// <summary>Names of all recorded streams, without their ending.</summary>
    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Folder, "*.bin").Select(file => Path.GetFileNameWithoutExtension(file)!).Order();

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures", "taskstats");

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Folder, file));

    /// <summary>The datagrams of a stream, as they came.</summary>
    public static IEnumerable<byte[]> Datagrams(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder, name + ".bin"));
        for (var at = 0; at < bytes.Length;)
        {
            var length = BitConverter.ToInt32(bytes, at);
            yield return bytes[(at + sizeof(int))..(at + sizeof(int) + length)];
            at += sizeof(int) + length;
        }
    }

    /// <summary>One message of the recorded conversation, by how its heading begins.</summary>
    public static byte[] Said(string heading) => Lines("genl-conversation.hex.txt")
        .SkipWhile(line => !line.StartsWith("== " + heading, StringComparison.Ordinal)).Skip(1)
        .TakeWhile(line => line.Length > 0)
        .SelectMany(line => Slot.Hex(line.Split(':')[1])).ToArray();

    /// <summary>What the other decoder says of each thread, and whether a group follows in its message.</summary>
    public static List<(Dictionary<string, string> Fields, bool EndsGroup)> Decoded(string name)
    {
        var threads = new List<(Dictionary<string, string> Fields, bool EndsGroup)>();
        var current = new Dictionary<string, string>();
        foreach (var line in Lines(name + ".decoded.txt"))
        {
            if (line.StartsWith("--- PID", StringComparison.Ordinal))
            {
                threads.Add((current = [], false));
            }
            else if (line.StartsWith("--- TGID", StringComparison.Ordinal))
            {
                threads[^1] = (threads[^1].Fields, true);
                current = [];
            }
            else
            {
                var parts = line.Split(" = ");
                current.Add(parts[0].Trim(), parts[1]);
            }
        }

        return threads;
    }
}

/// <summary>Where the fields of <c>struct taskstats</c> stand in one version: <c>struct-offsets.txt</c>.</summary>
internal sealed class TaskStatsOffsets
{
    private static readonly string[] Lines = TaskStatsFixture.Lines("struct-offsets.txt");

    private TaskStatsOffsets(int size, IEnumerable<string> lines)
    {
        Size = size;
        Fields = lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(parts => parts[2], parts => (int.Parse(parts[0]), int.Parse(parts[1])));
    }

    public int Size { get; }

    /// <summary>Offset and size by name in C.</summary>
    public Dictionary<string, (int Offset, int Size)> Fields { get; }

    /// <summary>The fields of a version that lie within so many bytes.</summary>
    public bool Has(string name, int length) =>
        Fields.TryGetValue(name, out var field) && field.Offset + field.Size <= length;

    public static TaskStatsOffsets Of(int version)
    {
        const string size15 = "v15 size ";
        var own = Array.FindIndex(Lines, line => line.StartsWith(size15, StringComparison.Ordinal));
        if (version == 15)
        {
            return new(int.Parse(Lines[own][size15.Length..]), Lines[(own + 1)..]);
        }

        var size = Lines.Single(line => line.StartsWith($"v{version} ", StringComparison.Ordinal)).Split(' ')[1];
        return new(int.Parse(size), Lines.TakeWhile(line => !line.StartsWith('v')));
    }
}
