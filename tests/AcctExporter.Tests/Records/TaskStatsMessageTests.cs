// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>
/// Messages of a real kernel, compared with what another decoder says of them; and messages that are odd.
/// </summary>
public sealed class TaskStatsMessageTests
{
    private const ushort Family = TaskStatsFixture.Family;

    private readonly Random random = new(1);

    public static TheoryData<string> Streams => new(TaskStatsFixture.Names);

    [Theory]
    [MemberData(nameof(Streams))]
    public void EveryField_IsWhatAnIndependentDecoderSays(string name)
    {
        var theirs = new Queue<(Dictionary<string, string> Fields, bool EndsGroup)>(TaskStatsFixture.Decoded(name));
        Assert.NotEmpty(theirs);
        foreach (var datagram in TaskStatsFixture.Datagrams(name))
        {
            var messages = new NetlinkMessages(datagram);
            while (messages.TryNext(out var message))
            {
                Assert.Equal(TaskStatsStatus.Ok, TaskStatsMessage.TryRead(message, Family, out var thread));
                var (fields, endsGroup) = theirs.Dequeue();
                foreach (var (figure, value) in TaskStatsBytes.Figures(thread))
                {
                    Assert.Equal((figure, fields.GetValueOrDefault(figure, "0")), (figure, $"{value}"));
                }

                Assert.Equal(fields["ac_comm"], $"b'{NameOf(thread)}'");
                Assert.Equal(endsGroup, thread.EndsGroupOfMany);
            }
        }

        Assert.Empty(theirs);
    }

    [Fact]
    public void Recordings_HaveLeadersAndOtherThreads_AndEndsOfGroups()
    {
        var threads = TaskStatsFixture.Names.SelectMany(TaskStatsFixture.Datagrams).Select(Read).ToArray();
        Assert.Contains(threads, thread => !thread.IsLeader && (thread.Flags & ThreadExit.LastThread) != 0);
        Assert.Contains(threads, thread => thread.IsLeader && (thread.Flags & ThreadExit.LastThread) == 0);
        Assert.Equal(4, threads.Count(thread => thread.EndsGroupOfMany));
    }

    [Fact]
    public void Answers_AreNoExits()
    {
        var family = TaskStatsFixture.Said("CTRL_CMD_GETFAMILY name=TASKSTATS reply");
        Assert.Equal(TaskStatsStatus.NotAnExit, Status(family));
        var done = TaskStatsFixture.Said("REGISTER_CPUMASK \"0-1\" (NLM_F_REQUEST|NLM_F_ACK) reply");
        Assert.Equal(TaskStatsStatus.NotAnExit, Status(done));
        var exit = TaskStatsFixture.Said("exit event");
        Assert.Equal(TaskStatsStatus.Ok, TaskStatsMessage.TryRead(exit, Family, out var thread));
        Assert.Equal(("python3", 3U << 8, 0x6e42U), (NameOf(thread), thread.ExitCode, thread.Pid));
        Assert.Equal(TaskStatsStatus.NotAnExit, TaskStatsMessage.TryRead(exit, Family + 1, out _));
    }

    [Fact]
    public void OtherMessages_AreNoExits()
    {
        byte[] pid = [1, 0, 0, 0];
        Assert.Equal(TaskStatsStatus.NotAnExit, Status(TaskStatsBytes.Netlink(3, [])));
        Assert.Equal(TaskStatsStatus.NotAnExit, Status(TaskStatsBytes.Netlink(Family, [1, 1, 0, 0])));
        Assert.Equal(TaskStatsStatus.NotAnExit, Status(TaskStatsBytes.Netlink(Family, [2, 1, 0, 0])));
        byte[] group = [2, 1, 0, 0, .. TaskStatsBytes.Attribute(5, TaskStatsBytes.Attribute(2, pid))];
        Assert.Equal(TaskStatsStatus.NotAnExit, Status(TaskStatsBytes.Netlink(Family, group)));
    }

    [Fact]
    public void MissingAttributes_AreMalformed()
    {
        byte[] pid = TaskStatsBytes.Attribute(1, 1, 0, 0, 0);
        byte[] stats = TaskStatsBytes.Attribute(3, new byte[328]);
        TaskStatsStatus With(params byte[] inner) =>
            Status(TaskStatsBytes.Netlink(Family, [2, 1, 0, 0, .. TaskStatsBytes.Attribute(4, inner)]));
        Assert.Equal(TaskStatsStatus.Malformed, With());
        Assert.Equal(TaskStatsStatus.Malformed, With(pid));
        Assert.Equal(TaskStatsStatus.Malformed, With(stats));
        Assert.Equal(TaskStatsStatus.Malformed, With([.. TaskStatsBytes.Attribute(1, 1, 0), .. stats]));
        Assert.Equal(TaskStatsStatus.Malformed, With([.. pid, .. stats, 9, 0, 0, 0]));
        Assert.Equal(TaskStatsStatus.Malformed, Status(TaskStatsBytes.Netlink(Family, [2, 1, 0])));
        Assert.Equal(TaskStatsStatus.Malformed, Status(TaskStatsBytes.Netlink(Family, [2, 1, 0, 0, 3, 0, 4, 0])));
        Assert.Equal(TaskStatsStatus.UnknownLayout, With([.. pid, .. stats]));
    }

    /// <summary>A message that its buffer was too small for, and every other one without its end.</summary>
    [Fact]
    public void MessageWithoutItsEnd_IsMalformed()
    {
        var message = TaskStatsFixture.Said("exit event");
        for (var length = 0; length < message.Length; length++)
        {
            Assert.Equal(TaskStatsStatus.Malformed, Status(message.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Figures_ShorterThanAnyKernelWrites_AreTooShort()
    {
        var offsets = TaskStatsOffsets.Of(8);
        var thread = TaskStatsBytes.AnyThread(random, 8);
        var stats = TaskStatsBytes.Stats(thread, offsets, random);
        Assert.Equal(TaskStatsStatus.Ok, Status(TaskStatsBytes.Message(thread.Pid, stats)));
        Assert.Equal(TaskStatsStatus.TooShort, Status(TaskStatsBytes.Message(thread.Pid, stats[..327])));
        Assert.Equal(TaskStatsStatus.TooShort, Status(TaskStatsBytes.Message(thread.Pid, [])));
    }

    /// <summary>Figures of another thread would be joined with a process that they say nothing about.</summary>
    [Fact]
    public void FiguresThatNameAnotherThread_AreAnUnknownLayout()
    {
        var thread = TaskStatsBytes.AnyThread(random, 16);
        var stats = TaskStatsBytes.Stats(thread, TaskStatsOffsets.Of(16), random);
        var status = TaskStatsMessage.TryRead(TaskStatsBytes.Message(thread.Pid + 1, stats), Family, out var read);
        Assert.Equal(TaskStatsStatus.UnknownLayout, status);
        Assert.True(TaskStatsBytes.IsNothing(read));
    }

    /// <summary>A vendor's version 15 has softirq figures behind those of version 14.</summary>
    [Fact]
    public void PrivateVersion15_IsReadLikeVersion14()
    {
        var offsets = TaskStatsOffsets.Of(14);
        var thread = TaskStatsBytes.AnyThread(random, 15);
        byte[] stats = [.. TaskStatsBytes.Stats(thread, offsets, random), .. new byte[16]];
        Assert.Equal(448, stats.Length);
        var read = Read(TaskStatsBytes.Message(thread.Pid, stats));
        Assert.Equal(TaskStatsBytes.Figures(thread), TaskStatsBytes.Figures(read));
    }

    /// <summary>A kernel to come has more behind what is known, and larger version numbers.</summary>
    [Fact]
    public void NewerVersion_IsReadAsFarAsItIsKnown()
    {
        var offsets = TaskStatsOffsets.Of(17);
        var thread = TaskStatsBytes.AnyThread(random, 99);
        byte[] stats = [.. TaskStatsBytes.Stats(thread, offsets, random), .. new byte[64]];
        var read = Read(TaskStatsBytes.Message(thread.Pid, stats));
        Assert.Equal(TaskStatsBytes.Figures(thread), TaskStatsBytes.Figures(read));
    }

    /// <summary>Before version 12 nothing says which process a thread was of.</summary>
    [Fact]
    public void OldVersion_HasNoProcessId_AndNoLeader()
    {
        var thread = TaskStatsBytes.AnyThread(random, 11);
        var read = Read(TaskStatsBytes.Message(thread, TaskStatsOffsets.Of(11), random));
        Assert.Equal(0U, read.Tgid);
        Assert.False(read.IsLeader);
    }

    [Fact]
    public void Datagram_MayHoldSeveralMessages_AndATornOne()
    {
        var one = TaskStatsBytes.Netlink(3, [1, 2, 3]);
        var exit = TaskStatsFixture.Said("exit event");
        byte[] datagram = [.. one, 0, .. exit, .. exit[..100]];
        var messages = new NetlinkMessages(datagram);
        var found = new List<TaskStatsStatus>();
        while (messages.TryNext(out var message))
        {
            found.Add(Status(message));
        }

        Assert.Equal([TaskStatsStatus.NotAnExit, TaskStatsStatus.Ok, TaskStatsStatus.Malformed], found);
    }

    private static TaskStatsStatus Status(ReadOnlySpan<byte> message) =>
        TaskStatsMessage.TryRead(message, Family, out _);

    private static ThreadExit Read(byte[] message)
    {
        Assert.Equal(TaskStatsStatus.Ok, TaskStatsMessage.TryRead(message, Family, out var thread));
        return thread;
    }

    private static string NameOf(in ThreadExit thread)
    {
        Span<byte> name = stackalloc byte[CommandName.Size];
        return Encoding.ASCII.GetString(name[..thread.Command.CopyTo(name)]);
    }
}
