// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using AcctExporter.Service;
using Microsoft.Extensions.Logging;

namespace AcctExporter.Tests.Service;

public sealed class LogProviderTests : IDisposable
{
    private readonly LogControl control = new(LogSeverity.Info);
    private readonly BlockedStream output = new();
    private readonly LogProvider log;

    public LogProviderTests() => log = new LogProvider(LogFormat.Logfmt, control, output, TimeProvider.System);

    public void Dispose()
    {
        output.Open();
        log.Dispose();
        output.Dispose();
    }

    [Fact]
    public void Messages_AreCountedByLevel_FromTheLevelOn()
    {
        output.Open();
        var logger = log.CreateLogger("capture");
        Say(logger, LogLevel.Debug, "no");
        Say(logger, LogLevel.Information, "one");
        Say(logger, LogLevel.Warning, "two");
        Say(logger, LogLevel.Error, "three");
        Say(logger, LogLevel.Critical, "four");
        log.Dispose();
        Assert.Equal([0, 1, 1, 2], Enum.GetValues<LogSeverity>().Select(level => (int)log.Counts[level]));
        var lines = output.Lines();
        Assert.Equal(4, lines.Length);
        Assert.Matches("^time=20.*Z level=info source=capture msg=one$", lines[0]);
        Assert.Contains("level=error source=capture msg=four", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Level_CanChangeWhileThreadsLog()
    {
        output.Open();
        var logger = log.CreateLogger("capture");
        control.Level = LogSeverity.Debug;
        Assert.True(logger.IsEnabled(LogLevel.Debug));
        Say(logger, LogLevel.Debug, "seen");
        control.Level = LogSeverity.Error;
        Assert.False(logger.IsEnabled(LogLevel.Warning));
        Say(logger, LogLevel.Warning, "not");
        log.Dispose();
        Assert.Single(output.Lines());
        Assert.Equal(0UL, log.Counts[LogSeverity.Warn]);
    }

    [Fact]
    public void ReaderThatSleeps_HoldsNobodyUp_AndIsToldWhatIsMissing()
    {
        var logger = log.CreateLogger("capture");
        var text = new string('x', 4000);
        var clock = Stopwatch.StartNew();
        const int said = 1000; // four times what may wait
        for (var i = 0; i < said; i++)
        {
            Say(logger, LogLevel.Information, text);
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
        Assert.Equal((ulong)said, log.Counts[LogSeverity.Info]);
        var dropped = (int)log.Counts.Dropped;
        Assert.InRange(dropped, said - (LogQueue.MostBytes / 4000) - 2, said - (LogQueue.MostBytes / 4100) + 2);
        output.Open();
        SpinWait.SpinUntil(() => output.Lines().Length >= said - dropped + 1, TimeSpan.FromSeconds(10));
        var lines = output.Lines();
        Assert.Equal(said - dropped + 1, lines.Length);
        var gap = Assert.Single(lines, line => line.Contains("level=warn", StringComparison.Ordinal));
        Assert.EndsWith($" source=log msg=\"{dropped} messages are missing here: stderr was not read in time\" "
            + $"count={dropped}", gap, StringComparison.Ordinal);
    }

    [Fact]
    public void ReaderThatNeverReads_HoldsNoEndUp()
    {
        Say(log.CreateLogger("capture"), LogLevel.Information, "one");
        var clock = Stopwatch.StartNew();
        log.Dispose();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
        Say(log.CreateLogger("capture"), LogLevel.Information, "after the end");
        Assert.Equal(1UL, log.Counts.Dropped);
    }

    [Fact]
    public void ReaderThatIsGone_IsNoFault()
    {
        output.Break();
        output.Open();
        Say(log.CreateLogger("capture"), LogLevel.Information, "one");
        Assert.True(SpinWait.SpinUntil(() => log.Counts.Dropped == 1, TimeSpan.FromSeconds(10)));
    }

    private static void Say(ILogger logger, LogLevel level, string text) =>
        logger.Log(level, default, text, null, (said, _) => said);

    /// <summary>A pipe that takes nothing until it is opened.</summary>
    private sealed class BlockedStream : Stream
    {
        private readonly ManualResetEventSlim open = new();
        private readonly MemoryStream taken = new();
        private volatile bool broken;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get; set; }

        public void Open() => open.Set();

        public void Break() => broken = true;

        public string[] Lines()
        {
            lock (taken)
            {
                return Encoding.UTF8.GetString(taken.ToArray()).Split('\n')[..^1];
            }
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            open.Wait();
            if (broken)
            {
                throw new IOException("broken pipe");
            }

            lock (taken)
            {
                taken.Write(buffer, offset, count);
            }
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
