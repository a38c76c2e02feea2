// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;
using AcctExporter.Tests.Properties;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Kernel;

/// <summary>
/// The socket against the family that every kernel has and everybody may ask: who asks much and reads late overflows.
/// </summary>
public sealed class NetlinkSocketTests : IDisposable
{
    private const ushort Unknown = 0xfff0;

    private readonly NetlinkSocket socket = NetlinkSocket.TryOpen(NetlinkSocket.Generic, 0, out _)!;
    private readonly byte[] question = GenericNetlink.Question(
        GenericNetlink.Controller, GenericNetlink.Request, 1, GenericNetlink.GetFamily, GenericNetlink.FamilyName,
        "nlctrl\0"u8);

    public void Dispose() => socket.Dispose();

    [Fact]
    public void TryOpen_SaysWhyNot()
    {
        Assert.Null(NetlinkSocket.TryOpen(31, 0, out var errno));
        Assert.Equal(Errno.EPROTONOSUPPORT, errno);
    }

    [Theory]
    [InlineData("CTRL_CMD_GETFAMILY name=TASKSTATS", 16, 1, 1, 3, 2, "TASKSTATS\0")]
    [InlineData("CTRL_CMD_GETFAMILY name=NOSUCH", 16, 1, 2, 3, 2, "NOSUCH\0")]
    [InlineData("REGISTER_CPUMASK \"0-1\" (NLM_F_REQUEST|NLM_F_ACK)", 31, 5, 3, 1, 3, "0-1\0")]
    [InlineData("REGISTER_CPUMASK \"garbage\"", 31, 5, 7, 1, 3, "garbage\0")]
    public void Question_HasTheRecordedBytes(
        string heading, ushort family, ushort flags, uint sequence, byte command, ushort attribute, string value)
    {
        var bytes = global::System.Text.Encoding.ASCII.GetBytes(value);
        Assert.Equal(
            TaskStatsFixture.Said(heading + " request"),
            GenericNetlink.Question(family, flags, sequence, command, attribute, bytes));
    }

    [Theory]
    [InlineData("CTRL_CMD_GETFAMILY name=TASKSTATS", 1, 0, 31)]
    [InlineData("CTRL_CMD_GETFAMILY name=NOSUCH", 2, Errno.ENOENT, 0)]
    [InlineData("REGISTER_CPUMASK \"0-1\" (NLM_F_REQUEST|NLM_F_ACK)", 3, 0, 0)]
    [InlineData("REGISTER_CPUMASK \"garbage\"", 7, Errno.EINVAL, 0)]
    public void Answer_IsReadFromTheRecordedBytes(string heading, uint sequence, int errno, ushort family)
    {
        var message = TaskStatsFixture.Said(heading + " reply");
        Assert.True(GenericNetlink.TryReadAnswer(message, sequence, out var saidErrno, out var saidFamily));
        Assert.Equal((errno, family), (saidErrno, saidFamily));
        Assert.False(GenericNetlink.TryReadAnswer(message, sequence + 1, out _, out _));
        for (var length = 0; length < message.Length; length++)
        {
            Assert.False(GenericNetlink.TryReadAnswer(message.AsSpan(0, length), sequence, out _, out _));
        }
    }

    /// <summary>Exits are numbered too, from 0 on each CPU.</summary>
    [Fact]
    public void Answer_IsNoExitOfTheSameNumber()
    {
        var exit = TaskStatsFixture.Said("exit event");
        BitConverter.GetBytes(2U).CopyTo(exit, 8);
        Assert.False(GenericNetlink.TryReadAnswer(exit, 2, out _, out _));
    }

    [Fact]
    public void Find_AsksTheKernel()
    {
        Assert.Equal(0, GenericNetlink.Find(socket, "nlctrl\0"u8, out var family));
        Assert.Equal(GenericNetlink.Controller, family);
        Assert.Equal(Errno.ENOENT, GenericNetlink.Find(socket, "no such family\0"u8, out family));
        Assert.Equal(0, family);
        Assert.Equal(Errno.ENOENT, GenericNetlink.Do(socket, Unknown, 1, 1, "x"u8));
    }

    [Fact]
    public void Receive_TakesBatches_InTheirOrder()
    {
        Assert.Equal(new DrainStep(DrainResult.Empty, 0), socket.Receive());
        Assert.Equal(0U, socket.QueuedBytes);
        const int asked = NetlinkSocket.BatchSize + 3;
        for (var i = 0; i < asked; i++)
        {
            BitConverter.GetBytes(i).CopyTo(question, 8);
            Assert.Equal(0, socket.Send(question));
        }

        var queued = socket.QueuedBytes;
        Assert.InRange(queued, (uint)asked, uint.MaxValue);
        Assert.Equal(new DrainStep(DrainResult.Batch, 1), socket.Receive(most: 1));
        Assert.Equal(0, Number(0));
        Assert.Equal(new DrainStep(DrainResult.Batch, NetlinkSocket.BatchSize), socket.Receive());
        Assert.Equal(NetlinkSocket.BatchSize, Number(NetlinkSocket.BatchSize - 1));
        Assert.InRange(socket.QueuedBytes, 1U, queued - 1);
        Assert.Equal(new DrainStep(DrainResult.Batch, 2), socket.Receive());
        Assert.Equal(asked - 1, Number(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Number(2));
        Assert.Equal(DrainResult.Empty, socket.Receive().Result);
        Assert.Throws<ArgumentOutOfRangeException>(() => Number(0));
        Assert.Equal((0U, 0UL), (socket.QueuedBytes, socket.Drops));
    }

    /// <summary>
    /// What was received and what was dropped is what was sent: an answer that finds no room is followed by an error
    /// that finds none. What waited when the queue was full comes first and whole, and nothing is added before it is
    /// empty.
    /// </summary>
    [Fact]
    public void Overflow_IsSaidOnce_AndEveryDropCounted()
    {
        socket.SetReceiveBuffer(8192);
        var sent = 0;
        var dropped = 0;
        for (var round = 0; round < 3; round++)
        {
            var first = sent;
            for (var i = 0; i < 500; i++)
            {
                BitConverter.GetBytes(sent++).CopyTo(question, 8);
                Assert.Equal(0, socket.Send(question));
            }

            Assert.Equal(new DrainStep(DrainResult.Overflow, 0), socket.Receive());
            Assert.Equal(DrainResult.Batch, socket.Receive(most: 1).Result);
            Assert.Equal(first, Number(0));
            var received = 1;

            // The queue is frozen: there is room again, and still nothing gets in.
            BitConverter.GetBytes(sent++).CopyTo(question, 8);
            Assert.Equal(0, socket.Send(question));
            for (var step = socket.Receive(); step.Result != DrainResult.Empty; step = socket.Receive())
            {
                Assert.Equal(DrainResult.Batch, step.Result);
                for (var i = 0; i < step.Count; i++)
                {
                    Assert.Equal(first + received++, Number(i));
                }
            }

            Assert.InRange(received, 2, 400);
            dropped += 2 * (501 - received);
            Assert.Equal((ulong)dropped, socket.Drops);
        }
    }

    [Fact]
    public void Drops_GoOn_AndTheirQuestionTakesNothing()
    {
        socket.SetReceiveBuffer(8192);
        for (var i = 0; i < 500; i++)
        {
            socket.Send(question);
        }

        var drops = socket.Drops;
        Assert.InRange(drops, 1UL, 999UL);
        Assert.Equal(drops, socket.Drops);
        Assert.Equal(DrainResult.Overflow, socket.Receive().Result);
    }

    /// <summary>An error quotes the question, however long.</summary>
    [Fact]
    public void DatagramThatDoesNotFit_IsCutOff_AndRejectedByItsReader()
    {
        var large = GenericNetlink.Question(Unknown, GenericNetlink.Request, 1, 1, 1, new byte[3000]);
        Assert.Equal(0, socket.Send(large));
        Assert.Equal(0, socket.Send(question));
        Assert.Equal(new DrainStep(DrainResult.Batch, 2), socket.Receive());
        Assert.Equal(NetlinkSocket.DatagramSize, socket.Datagram(0).Length);
        var messages = new NetlinkMessages(socket.Datagram(0));
        Assert.True(messages.TryNext(out var message));
        Assert.Equal(TaskStatsStatus.Malformed, TaskStatsMessage.TryRead(message, Unknown, out _));
        Assert.False(messages.TryNext(out _));
        Assert.Equal(1, Number(1));
    }

    [Fact]
    public void SetReceiveBuffer_SaysWhatWasSet() => Assert.Equal(2 * 32768, socket.SetReceiveBuffer(32768));

    [Fact]
    public void Waiter_SeesDatagrams_OfEitherSocket_UntilTheyAreTaken()
    {
        using var other = NetlinkSocket.TryOpen(NetlinkSocket.Generic, 0, out _)!;
        using var waiter = new Waiter();
        Assert.Equal(WaitResult.TimedOut, waiter.Wait(null, TimeSpan.Zero, socket, other));
        socket.Send(question);
        Assert.Equal(WaitResult.Datagrams, waiter.Wait(null, Timeout.InfiniteTimeSpan, socket, other));
        Assert.Equal(WaitResult.Datagrams, waiter.Wait(null, TimeSpan.Zero, null, socket));
        Assert.Equal(WaitResult.TimedOut, waiter.Wait(null, TimeSpan.Zero, other));
        waiter.Wake();
        var both = WaitResult.Datagrams | WaitResult.Woken;
        Assert.Equal(both, waiter.Wait(null, Timeout.InfiniteTimeSpan, other, socket));
        Assert.Equal(DrainResult.Batch, socket.Receive().Result);
        Assert.Equal(WaitResult.TimedOut, waiter.Wait(null, TimeSpan.Zero, socket, other));
    }

    [Fact]
    public void LookingAndWaiting_AllocateNothing()
    {
        using var waiter = new Waiter();
        long sum = 0;
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                socket.Send(question);
                waiter.Wait(null, TimeSpan.FromSeconds(1), socket);
                sum += socket.Receive().Count + (long)socket.Drops + socket.QueuedBytes + socket.Datagram(0).Length;
                socket.Receive();
            }
        }));
        Assert.NotEqual(0, sum);
    }

    private int Number(int index) => BitConverter.ToInt32(socket.Datagram(index)[8..]);
}
