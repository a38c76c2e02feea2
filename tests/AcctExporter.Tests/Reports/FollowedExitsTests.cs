// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Reports;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>An accounting file that is followed while it grows, is rotated, cut off and deleted.</summary>
public sealed class FollowedExitsTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly StringWriter errors = new(CultureInfo.InvariantCulture);
    private readonly ExitBatch batch = new();
    private readonly ExitInput input;

    public FollowedExitsTests()
    {
        Append("pacct", "before");
        var io = new ReportIo(Stream.Null, Stream.Null, errors, TimeProvider.System);
        var options = new ExitInputOptions { Files = [folder.Of("pacct")], StoragePath = "/none", Follow = true };
        input = ExitInput.Open(options, io, "tool");
        Assert.Empty(New());
    }

    public void Dispose()
    {
        input.Dispose();
        folder.Dispose();
        errors.Dispose();
    }

    /// <summary>Between the end of the old file and the look at its name come a record and the new file.</summary>
    [Fact]
    public void TheLastOfTheOldFile_IsNotLost()
    {
        using var place = new TemporaryDirectory();
        var path = place.Of("pacct");
        File.WriteAllBytes(path, []);
        var isFirst = true;
        using var followed = new FollowedExits(
            path,
            (stream, flaws) =>
            {
                var exits = new AcctForward(stream, 100, flaws, follows: true);
                return isFirst ? new Late(exits, Rotate) : exits;
            },
            message => Assert.Fail(message));
        isFirst = false;
        var read = ExitsRead.Of(followed);
        while (ExitsRead.Of(followed) is { Records.Count: > 0 } more)
        {
            read.Records.AddRange(more.Records);
        }

        Assert.Equal(["last", "next"], read.Names);

        void Rotate()
        {
            File.Move(path, path + ".1");
            File.WriteAllBytes(path + ".1", AcctcmsTests.Linux("last", 1));
            File.WriteAllBytes(path, AcctcmsTests.Linux("next", 1));
        }
    }

    [Fact]
    public void Growth_IsSeen_WholeRecordsOnly()
    {
        Append("pacct", "a", "b");
        Assert.Equal(["a", "b"], New());
        var record = Record("torn");
        Append("pacct", record[..20]);
        Assert.Empty(New());
        Append("pacct", record[20..]);
        Assert.Equal(["torn"], New());
        Assert.Equal("", errors.ToString());
    }

    [Fact]
    public void Rotation_IsFollowed_WhenTheNewFileIsWrittenTo()
    {
        File.Move(folder.Of("pacct"), folder.Of("pacct.1"));
        File.WriteAllBytes(folder.Of("pacct"), []);
        // The kernel is told of the new file later.
        Append("pacct.1", "late");
        Assert.Equal(["late"], New());
        Append("pacct.1", "last");
        Append("pacct", "new");
        Assert.Equal(["last", "new"], New());
        File.Delete(folder.Of("pacct"));
        Assert.Empty(New());
        Append("pacct", "other");
        Assert.Equal(["other"], New());
        Assert.Equal(ReadResult.Whole, input.Result);
    }

    [Fact]
    public void CutOff_IsTold_AndReadAnew()
    {
        Append("pacct", "a", "b");
        Assert.Equal(2, New().Count);
        File.WriteAllBytes(folder.Of("pacct"), Record("c"));
        Assert.Equal(["c"], New());
        Assert.Equal(
            $"tool: {folder.Of("pacct")}: it was cut off: reading begins anew at its start\n", errors.ToString());
    }

    private List<string> New()
    {
        var names = new List<string>();
        Assert.True(input.WaitForMore(CancellationToken.None) || names.Count == 0);
        while (input.Read(batch))
        {
            var read = new ExitsRead([], [], [], "", ReadResult.Whole);
            read.Add(batch);
            names.AddRange(read.Names);
        }

        return names;
    }

    private static byte[] Record(string name)
    {
        var record = new AcctFileGenerator(3).Next();
        record.Command = Slot.Name(name);
        return Slot.Of(record);
    }

    private void Append(string file, params string[] names) => Append(file, [.. names.SelectMany(Record)]);

    private void Append(string file, byte[] bytes)
    {
        using var stream = new FileStream(folder.Of(file), FileMode.Append);
        stream.Write(bytes);
    }

    /// <summary>Has nothing at first, and then something has happened.</summary>
    private sealed class Late(ExitSource exits, Action happens) : ExitSource
    {
        private bool isLate;

        public override bool Read(ExitBatch batch)
        {
            if (isLate)
            {
                return exits.Read(batch);
            }

            isLate = true;
            happens();
            return false;
        }

        public override void Dispose() => exits.Dispose();
    }
}
