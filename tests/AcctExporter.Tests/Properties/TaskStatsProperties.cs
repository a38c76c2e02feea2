// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Tests.Records;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Properties;

/// <summary>What holds for every message of taskstats.</summary>
public sealed class TaskStatsProperties
{
    private static readonly Dictionary<int, TaskStatsOffsets> Offsets =
        TaskStatsBytes.Versions.ToDictionary(version => version, TaskStatsOffsets.Of);

    private static readonly Gen<(int Seed, int Version)> Threads =
        from seed in Gen.Choose(0, int.MaxValue)
        from version in Gen.Elements(TaskStatsBytes.Versions)
        select (seed, version);

    [Fact]
    public void WrittenAndReadAgain_IsTheSame_AsFarAsTheVersionGoes() => Holds.ForAll(Threads, 5_000, input =>
    {
        var random = new Random(input.Seed);
        var thread = TaskStatsBytes.AnyThread(random, input.Version);
        var offsets = Offsets[input.Version];
        var message = TaskStatsBytes.Message(thread, offsets, random);
        return TaskStatsMessage.TryRead(message, TaskStatsFixture.Family, out var read) == TaskStatsStatus.Ok
            && IsWithin(read, thread, offsets, offsets.Size)
            && read.EndsGroupOfMany == thread.EndsGroupOfMany;
    });

    /// <summary>The length says what is there, also one that no version has.</summary>
    [Fact]
    public void FiguresCutOffAnywhere_AreReadAsFarAsTheyGo() => Holds.ForAll(
        from input in Threads
        from cut in Gen.Choose(0, 1000)
        select (input.Seed, input.Version, cut), 5_000, input =>
    {
        var random = new Random(input.Seed);
        var thread = TaskStatsBytes.AnyThread(random, input.Version);
        var offsets = Offsets[input.Version];
        var least = TaskStatsMessage.LeastStatsSize;
        var length = least + input.cut % (offsets.Size - least + 1);
        var stats = TaskStatsBytes.Stats(thread, offsets, random)[..length];
        var status = TaskStatsMessage.TryRead(
            TaskStatsBytes.Message(thread.Pid, stats), TaskStatsFixture.Family, out var read);

        // What is left of the order of version 15 cannot be told from the other; its figures name another thread.
        return input.Version == 15 && length < offsets.Size
            ? status == TaskStatsStatus.UnknownLayout && TaskStatsBytes.IsNothing(read)
            : status == TaskStatsStatus.Ok && IsWithin(read, thread, offsets, length);
    });

    [Fact]
    public void AnyBytes_GiveAStatus_AndAThreadOnlyWhenOk() => Holds.ForAll(
        from input in Threads
        from changes in Gen.Choose(0, 600).Three()
        from value in Gen.Choose(0, 255).Three()
        from noise in Gen.Choose(0, 3)
        select (input.Seed, input.Version, changes, value, noise), 50_000, input =>
    {
        var random = new Random(input.Seed);
        var thread = TaskStatsBytes.AnyThread(random, input.Version);
        var message = TaskStatsBytes.Message(thread, Offsets[input.Version], random);
        if (input.noise == 0)
        {
            random.NextBytes(message.AsSpan(input.changes.Item1 % message.Length));
        }

        // The headers and the attributes stand among the first 36 bytes.
        message[input.changes.Item1 % 36] = (byte)input.value.Item1;
        message[input.changes.Item2 % 36] = (byte)(input.value.Item2 % 8);
        message[input.changes.Item3 % message.Length] = (byte)input.value.Item3;
        var status = TaskStatsMessage.TryRead(message, TaskStatsFixture.Family, out var read);
        return Enum.IsDefined(status) && (status == TaskStatsStatus.Ok || TaskStatsBytes.IsNothing(read));
    });

    [Fact]
    public void AnyBytesAtAll_GiveAStatus() => Prop.ForAll<byte[]>(bytes =>
    {
        var messages = new NetlinkMessages(bytes);
        var count = 0;
        while (messages.TryNext(out var message))
        {
            _ = TaskStatsMessage.TryRead(message, TaskStatsFixture.Family, out _);
            count++;
        }

        return count <= bytes.Length;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void ReadingMessages_AllocatesNothing()
    {
        var datagrams = TaskStatsFixture.Names.SelectMany(TaskStatsFixture.Datagrams).ToArray();
        ulong sum = 0;
        Assert.Equal(0, Allocated.By(() =>
        {
            foreach (var datagram in datagrams)
            {
                var messages = new NetlinkMessages(datagram);
                while (messages.TryNext(out var message))
                {
                    _ = TaskStatsMessage.TryRead(message, TaskStatsFixture.Family, out var thread);
                    sum += thread.ElapsedMicroseconds + thread.Pid;
                }
            }
        }));
        Assert.NotEqual(0UL, sum);
    }

    private static bool IsWithin(in ThreadExit read, in ThreadExit thread, TaskStatsOffsets offsets, int length)
    {
        var expected = TaskStatsBytes.FiguresWithin(thread, offsets, length);
        return read.Command == thread.Command
            && TaskStatsBytes.Figures(read).All(figure => expected[figure.Key] == figure.Value);
    }
}
