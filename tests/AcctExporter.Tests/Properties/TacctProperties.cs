// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Tests.Properties;

/// <summary>
/// Total accounting: sums have no order, files and lines say what was written, and any bytes are an answer.
/// </summary>
public class TacctProperties
{
    [Fact]
    public void Merge_HasNoOrder()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 100; round++)
        {
            var records = Enumerable.Range(0, 60).Select(_ => Any(random, long.MaxValue / 100)).ToArray();
            var whole = Written(Table(records));
            random.Shuffle(records);
            var cut = random.Next(61);
            var (left, right) = (Table(records[..cut]), Table(records[cut..]));
            Assert.Equal(whole, Written(Sum(left, right)));
            Assert.Equal(whole, Written(Sum(right, left)));
        }
    }

    [Fact]
    public void File_SaysWhatWasWritten()
    {
        var random = new Random(7);
        for (var round = 0; round < 100; round++)
        {
            var written = Table([.. Enumerable.Range(0, random.Next(40)).Select(_ => Any(random, long.MaxValue))]);
            var read = new UserTable<TacctSums>();
            Assert.Equal(default, TacctFile.Read(new MemoryStream(Written(written)), read));
            Assert.Equal(Listed(written), Listed(read));
        }
    }

    /// <summary>Lines with all digits, up to what a double holds.</summary>
    [Fact]
    public void Lines_SayWhatWasWritten()
    {
        var random = new Random(11);
        for (var round = 0; round < 100; round++)
        {
            var written = Table([.. Enumerable.Range(0, 20).Select(_ => Any(random, 1L << 50))]);
            using var output = new MemoryStream();
            var text = new ReportText(output);
            var lines = new TacctText(text, new() { IsVerbose = true });
            foreach (var (uid, name, sums) in written.Sorted())
            {
                lines.Add(uid, name, sums);
            }

            text.Flush();
            var records = TacctRecords.Of(new(new MemoryStream(output.ToArray())), new());
            var read = new UserTable<TacctSums>();
            while (records.TryRead())
            {
                read.Of(records.Uid, records.Name).Add(records.Sums);
            }

            Assert.Equal(0UL, records.BadRecords);
            Assert.Equal(Listed(written), Listed(read));
        }
    }

    /// <summary>Damage of every kind, in every form, ends in a status.</summary>
    [Fact]
    public void AnyBytes_AreAnAnswer()
    {
        var random = new Random(13);
        var table = Table([.. Enumerable.Range(0, 6).Select(_ => Any(random, 1L << 40))]);
        byte[][] sources =
        [
            Written(table), [], "1 a 0 0 0 0 0 0 0 0 0 0 0\n2\tb c\t1e5\n"u8.ToArray(), new byte[400],
        ];
        for (var round = 0; round < 4000; round++)
        {
            var bytes = (byte[])sources[random.Next(sources.Length)].Clone();
            for (var change = random.Next(5); change > 0 && bytes.Length > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            bytes = bytes[..random.Next(bytes.Length + 1)];
            TacctLayout? layout = random.Next(3) == 0 ? null
                : new((TacctSystem)random.Next(4), random.Next(2) == 0);
            var records = TacctRecords.Of(new(new MemoryStream(bytes)), new()
            {
                ReadAs = layout, IsText = random.Next(4) == 0, Compat = random.Next(2) == 0,
            });
            var count = 0;
            while (records.TryRead())
            {
                Assert.False(records.Name.IsEmpty);
                Assert.True(++count <= 1 + bytes.Length);
            }

            Assert.False(records.TryRead());
        }
    }

    private static (uint Uid, byte[] Name, TacctSums Sums) Any(Random random, long most)
    {
        long Number() => random.Next(4) == 0 ? 0 : random.NextInt64(-most / 4, most);
        TacctClass Class() => new()
        {
            CpuMicroseconds = Number(),
            KibMicroseconds = Number(),
            CharacterBytes = Number(),
            StorageBytes = Number(),
            ConnectMicroseconds = Number(),
        };
        var name = new byte[1 + random.Next(random.Next(10) == 0 ? 255 : 3)];
        random.NextBytes(name);
        return ((uint)random.Next(5), name, new()
        {
            Prime = Class(),
            NonPrime = Class(),
            DiskBytes = Number(),
            PrintedPages = Number(),
            FeeMilliunits = Number(),
            Processes = Number(),
            Sessions = Number(),
            DiskSamples = Number(),
        });
    }

    private static UserTable<TacctSums> Table((uint Uid, byte[] Name, TacctSums Sums)[] records)
    {
        var table = new UserTable<TacctSums>();
        foreach (var (uid, name, sums) in records)
        {
            table.Of(uid, name).Add(sums);
        }

        return table;
    }

    private static UserTable<TacctSums> Sum(params UserTable<TacctSums>[] parts) =>
        Table([.. parts.SelectMany(part => part.Sorted())]);

    private static byte[] Written(UserTable<TacctSums> table)
    {
        using var output = new MemoryStream();
        TacctFile.Write(output, table);
        return output.ToArray();
    }

    private static string[] Listed(UserTable<TacctSums> table) =>
        [.. table.Sorted().Select(row => $"{row.Uid} {Encoding.Latin1.GetString(row.Name)} {row.Sums}")];
}
