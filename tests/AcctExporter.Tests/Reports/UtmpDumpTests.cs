// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using AcctExporter.Cli;
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>utmpdump where the real one cannot be the truth: foreign layouts, late times, damaged files.</summary>
public sealed class UtmpDumpTests
{
    [Fact]
    public void WideFile_IsReadAsWhatItIs()
    {
        var done = Filter.Run(["utmpdump", WtmpFixture.PathOf("arm64-400.wtmp")]);
        Assert.Equal(
            "[2] [00000] [~~  ] [reboot  ] [~           ] [6.18.44-test        ] [0.0.0.0        ] "
            + "[2026-03-01T08:00:00,000000+00:00]\n"
            + "[7] [00512] [ts/0] [bob     ] [pts/0       ] [192.0.2.7           ] [192.0.2.7      ] "
            + "[2026-03-01T10:15:00,000007+00:00]\n"
            + "[8] [00512] [    ] [        ] [pts/0       ] [                    ] [0.0.0.0        ] "
            + "[2026-03-01T10:45:30,000000+00:00]\n", done.Text);
        Assert.Equal(ExitCode.Done, done.ExitCode);
    }

    [Fact]
    public void TimesAfter2038_AreNotOf1901() => Assert.Contains(
        "[8] [00001] [ts/0] [        ] [pts/0       ] [                    ] [0.0.0.0        ] [2038-01-19T03:14:15,",
        Filter.Run(["utmpdump", WtmpFixture.PathOf("y2038.wtmp")]).Text, StringComparison.Ordinal);

    [Fact]
    public void Messages_GoToStandardError()
    {
        var path = WtmpFixture.PathOf("partial.wtmp");
        var done = Filter.Run(["utmpdump", path]);
        Assert.Equal(
            $"Utmp dump of {path}\nutmpdump: {path}: 1 place is no good record: left out\n", done.Errors);
        Assert.Equal((ExitCode.BadRecords, 12), (done.ExitCode, done.Text.Count(letter => letter == '\n')));

        done = Filter.Run(["utmpdump"], WtmpFixture.Bytes("basic.wtmp"));
        Assert.Equal("Utmp dump of /dev/stdin\n", done.Errors);
    }

    [Fact]
    public void WhatCannotBeRead_IsSaid()
    {
        var done = Filter.Run(["utmpdump", "/nonexistent/wtmp"]);
        Assert.Equal(ExitCode.CannotRead, done.ExitCode);
        Assert.StartsWith("utmpdump: cannot read /nonexistent/wtmp: ", done.Errors, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, Filter.Run(["utmpdump", "-f"]).ExitCode);
    }

    /// <summary>What can be shown comes back, byte by byte; the real one leaves blanks in ids shorter than 4.</summary>
    [Theory]
    [InlineData("basic.wtmp")]
    [InlineData("clock.wtmp")]
    [InlineData("crash.wtmp")]
    [InlineData("failed.btmp")]
    [InlineData("login-real.wtmp")]
    [InlineData("midnight.wtmp")]
    [InlineData("neg.wtmp")]
    [InlineData("open.wtmp")]
    [InlineData("warp.wtmp")]
    [InlineData("y2038.wtmp")]
    public void Reverse_GivesTheSameBytes(string name)
    {
        var text = Filter.Run(["utmpdump", WtmpFixture.PathOf(name)]).Output;
        var done = Filter.Run(["utmpdump", "--reverse"], text);
        Assert.Equal((ExitCode.Done, "Utmp undump of /dev/stdin\n"), (done.ExitCode, done.Errors));
        Assert.Equal(WtmpFixture.Bytes(name), done.Output);
    }

    [Fact]
    public void Reverse_ReadsTheOlderForm_AndSaysWhatItCannotRead()
    {
        var lines = "[7] [00512] [ts/0] [bob     ] [pts/0       ] [192.0.2.7           ] [192.0.2.7      ] "
            + "[Sun Mar 01 10:15:00 2026 UTC]\nno line\n"
            + "[7] [1] [a] [b] [c] [] [] [                            ]\n";
        var done = Filter.Run(["utmpdump", "-r"], Encoding.ASCII.GetBytes(lines));

        Assert.Equal(
            "Utmp undump of /dev/stdin\nutmpdump: standard input: line 2 is not what utmpdump writes: left out\n",
            done.Errors);
        Assert.Equal((ExitCode.BadRecords, 768), (done.ExitCode, done.Output.Length));
        var record = new UtmpRecord(done.Output.AsSpan(0, 384), UtmpLayout.Usual);
        Assert.Equal(1_772_360_100, record.Seconds);
        Assert.Equal("C0000207000000000000000000000000", Convert.ToHexString(record.Address));
        Assert.Equal(0, new UtmpRecord(done.Output.AsSpan(384), UtmpLayout.Usual).Seconds);
    }

    [Fact]
    public void Json_HasEveryField()
    {
        var done = Filter.Run(["utmpdump", "--format=json", WtmpFixture.PathOf("basic.wtmp")]);
        using var rows = JsonDocument.Parse(done.Output);
        Assert.Equal(12, rows.RootElement.GetArrayLength());
        Assert.Equal(
            """{"type":7,"pid":512,"id":"ts/0","user":"bob","line":"pts/0","host":"192.0.2.7","address":"192.0.2.7","""
            + "\"time\":\"2026-03-01T10:15:00Z\",\"termination_signal\":0,\"exit_status\":0,\"session\":0,"
            + "\"flaw\":null}",
            rows.RootElement[5].GetRawText());
    }

    /// <summary>Full fields without a NUL, control characters, terminal escapes, negative and huge numbers.</summary>
    [Fact]
    public void HostileRecord_IsOneCleanLine()
    {
        var record = WtmpFixture.Record(
            (UtmpType)(-7), new string('u', 32), "\u001b[31m\nfake\t]", uint.MaxValue, pid: int.MinValue,
            host: new string('h', 255) + "\u007f", id: "[\n\u0001x");
        record[44 + 31] = (byte)'U';
        new byte[] { 0xff, 0xff, 0xff, 0xff }.CopyTo(record, 344);
        var done = Filter.Run(["utmpdump"], record);
        Assert.Equal(
            $"[-7] [-2147483648] [???x] [{new string('u', 31)}U] [??31m?fake??] [{new string('h', 255)}?] "
            + "[0.0.0.0        ] [2106-02-07T06:28:15,-00001+00:00]\n", done.Text);
    }

    [Fact]
    public void Follow_ShowsTheLastTen_WhatIsAppended_AndTheNextFile()
    {
        using var folder = new TemporaryDirectory();
        var path = folder.Of("wtmp");
        File.WriteAllBytes(path, WtmpFixture.Made(25, UtmpLayout.Usual));
        using var tail = new UtmpTail(path, UtmpDump.LastRecords);
        Assert.Equal(10, tail.Read().Count());

        // In two pieces: half a record is none.
        var more = WtmpFixture.Made(2, UtmpLayout.Usual, seed: 9);
        Append(path, more[..500]);
        Assert.Single(tail.Read());
        Append(path, more[500..]);
        Assert.Equal(more[384..], tail.Read().Single().ToArray());

        File.Move(path, path + ".1");
        Append(path + ".1", more[..384]);
        File.WriteAllBytes(path, WtmpFixture.Made(3, new(true, false)));
        Assert.Equal(4, tail.Read().Count());
        Assert.True(tail.Layout.IsWide);
        Assert.Empty(tail.Read());
    }

    [Fact]
    public async Task Follow_WritesAtOnce_AndEndsWhenTold()
    {
        using var folder = new TemporaryDirectory();
        var path = folder.Of("wtmp");
        File.WriteAllBytes(path, WtmpFixture.Made(1, UtmpLayout.Usual));
        using var output = new FileStream(
            folder.Of("text"), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        using var stop = new CancellationTokenSource();
        using var tail = new UtmpTail(path, UtmpDump.LastRecords);
        var run = Task.Run(() => new UtmpDump(output, ReportFormat.Text).Follow(
            tail, TimeSpan.FromMilliseconds(5), stop.Token));
        Append(path, WtmpFixture.Made(1, UtmpLayout.Usual));
        for (var wait = 0; Lines() < 2; wait++)
        {
            Assert.True(wait < 2_000, "what was appended is not shown");
            await Task.Delay(5);
        }

        await stop.CancelAsync();
        await run;

        int Lines()
        {
            using var file = new FileStream(folder.Of("text"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd().Count(letter => letter == '\n');
        }
    }

    [Fact]
    public void Output_IsNeverTheSystems_NorWhatIsRead()
    {
        var path = WtmpFixture.PathOf("basic.wtmp");
        foreach (var target in new[] { "/run/../run/utmp", "/run/utmp", path })
        {
            var done = Filter.Run(["utmpdump", "-o", target, path]);
            Assert.Equal(ExitCode.Usage, done.ExitCode);
            Assert.Contains($"utmpdump: {target}: ", done.Errors, StringComparison.Ordinal);
        }

        using var folder = new TemporaryDirectory();
        Assert.Equal(ExitCode.Done, Filter.Run(["utmpdump", "-o", folder.Of("text"), path]).ExitCode);
        Assert.Equal(12, File.ReadAllLines(folder.Of("text")).Length);
    }

    private static void Append(string path, byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.Append);
        file.Write(bytes);
    }
}
