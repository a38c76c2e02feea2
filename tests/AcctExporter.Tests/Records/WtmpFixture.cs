// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>The files of <c>Fixtures/wtmp</c>, and login records made for a test.</summary>
internal static class WtmpFixture
{
    public static readonly UtmpLayout[] AllLayouts =
        [new(false, false), new(true, false), new(false, true), new(true, true)];

    /// <summary>Their names: <c>basic.wtmp</c>.</summary>
    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Folder, "*tmp").Select(file => Path.GetFileName(file)!).Order();

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures", "wtmp");

    public static string PathOf(string file) => Path.Combine(Folder, file);

    public static byte[] Bytes(string file) => File.ReadAllBytes(PathOf(file));

    /// <summary>A file of good records; the times rise.</summary>
    public static byte[] Made(int records, UtmpLayout layout, int seed = 1)
    {
        var bytes = new byte[records * layout.Size];
        var random = new Random(seed);
        for (var i = 0; i < records; i++)
        {
            Login(bytes.AsSpan(i * layout.Size), layout, i, random);
        }

        return bytes;
    }

    /// <summary>One record.</summary>
    public static byte[] Record(
        UtmpType type, string user, string line, long seconds, UtmpLayout? layout = null, int pid = 100,
        string host = "", string id = "")
    {
        var bytes = new byte[(layout ?? UtmpLayout.Usual).Size];
        new UtmpFields
        {
            Type = type,
            User = global::System.Text.Encoding.UTF8.GetBytes(user),
            Line = global::System.Text.Encoding.UTF8.GetBytes(line),
            Host = global::System.Text.Encoding.UTF8.GetBytes(host),
            Id = global::System.Text.Encoding.UTF8.GetBytes(id),
            Pid = pid,
            Seconds = seconds,
        }.Write(bytes, layout ?? UtmpLayout.Usual);
        return bytes;
    }

    /// <summary>The records of a file, in one layout.</summary>
    public static List<byte[]> Slots(byte[] file, UtmpLayout layout) =>
        [.. file.Chunk(layout.Size).Where(slot => slot.Length == layout.Size)];

    private static void Login(Span<byte> to, UtmpLayout layout, int number, Random random)
    {
        Span<byte> address = stackalloc byte[4];
        random.NextBytes(address);
        new UtmpFields
        {
            Type = number % 3 == 2 ? UtmpType.DeadProcess : UtmpType.UserProcess,
            Pid = random.Next(1, 4_000_000),
            User = number % 3 == 2 ? default : "alice"u8,
            Line = "pts/3"u8,
            Id = "ts/3"u8,
            Host = number % 2 == 0 ? "client.example.org"u8 : default,
            Seconds = 1_772_352_000 + (number * 60),
            Microseconds = random.Next(1_000_000),
            Address = number % 2 == 0 ? address : default,
        }.Write(to, layout);
    }
}
