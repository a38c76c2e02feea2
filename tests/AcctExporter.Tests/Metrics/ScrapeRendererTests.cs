// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using AcctExporter.Metrics;

namespace AcctExporter.Tests.Metrics;

public class ScrapeRendererTests
{
    [Theory]
    [InlineData("Text")]
    [InlineData("OpenMetrics")]
    [InlineData("Protobuf")]
    public void Series_CostNoAllocation(string format)
    {
        var few = Allocated(100, Enum.Parse<ExpositionFormat>(format));
        var many = Allocated(1_000, Enum.Parse<ExpositionFormat>(format));
        // What a scrape itself may take does not depend on the number of pairs.
        Assert.Equal(few, many);
        Assert.InRange(many, 0, 1_024);
    }

    [Fact]
    public async Task Scrapes_AtTheSameTime_AreEachWhole()
    {
        using var source = new FakeSource(pairLimit: 500);
        source.Count([.. Enumerable.Range(0, 500).Select(i => FakeSource.Exit($"command-{i}", exitCode: 9))]);
        var renderer = source.Renderer();
        var expected = await ScrapeAsync(renderer);
        var texts = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => ScrapeAsync(renderer))));
        // Only the figures of the scrapes themselves may differ.
        Assert.All(texts, text => Assert.Equal(WithoutScrapeFigures(expected), WithoutScrapeFigures(text)));
    }

    [Fact]
    public async Task Scrape_ReadSlowly_ShowsOneInstant()
    {
        using var source = new FakeSource(pairLimit: 500);
        var exits = Enumerable.Range(0, 500).Select(i => FakeSource.Exit($"command-{i}")).ToArray();
        source.Count(exits);
        var renderer = source.Renderer();
        await ScrapeAsync(renderer);
        var pipe = new Pipe();
        var slow = renderer.WriteAsync(default, pipe.Writer, ExpositionFormat.Text, CancellationToken.None);
        Assert.False(slow.IsCompleted);
        source.Count(exits);
        Assert.Contains("\nacct_exits_total 1000\n", await ScrapeAsync(renderer), StringComparison.Ordinal);
        var reading = new StreamReader(pipe.Reader.AsStream()).ReadToEndAsync();
        await slow;
        await pipe.Writer.CompleteAsync();
        Assert.Contains("\nacct_exits_total 500\n", await reading, StringComparison.Ordinal);
    }

    /// <summary>A family is longer than a chunk, so the reader is waited for in the middle of it.</summary>
    [Fact]
    public async Task Messages_ReadSlowly_ShowOneInstant()
    {
        using var source = new FakeSource(pairLimit: 2_000);
        var exits = Enumerable.Range(0, 2_000).Select(i => FakeSource.Exit($"command-{i}")).ToArray();
        source.Count(exits);
        var renderer = source.Renderer();
        var pipe = new Pipe();
        var slow = renderer.WriteAsync(default, pipe.Writer, ExpositionFormat.Protobuf, CancellationToken.None);
        Assert.False(slow.IsCompleted);
        source.Count(exits);
        // Another scrape meanwhile has a buffer of its own.
        Assert.Contains("\nacct_exits_total 4000\n", await ScrapeAsync(renderer), StringComparison.Ordinal);
        var other = new ArrayBufferWriter<byte>();
        renderer.Write(other, ExpositionFormat.Protobuf);
        using var stream = new MemoryStream();
        var reading = pipe.Reader.AsStream().CopyToAsync(stream);
        await slow;
        await pipe.Writer.CompleteAsync();
        await reading;
        Check(stream.ToArray(), 1);
        Check(other.WrittenSpan, 2);

        static void Check(ReadOnlySpan<byte> bytes, double each)
        {
            var families = FamilyMessage.Read(bytes);
            Assert.Equal(2_000 * each, families.Single(family => family.Name == "acct_exits_total").Metrics[0].Value);
            var pairs = families.Single(family => family.Name == "acct_process_exits_total").Metrics;
            Assert.Equal(2_000, pairs.Count);
            Assert.All(pairs, pair => Assert.Equal(each, pair.Value));
        }
    }

    [Fact]
    public async Task Scrape_ThatCouldNotCatchUp_IsCountedAndAnswered()
    {
        using var source = new FakeSource { CatchUp = _ => Task.FromResult(false) };
        var renderer = source.Renderer();
        var first = ExpositionReader.Read(await ScrapeAsync(renderer));
        Assert.Equal("1", ExpositionTests.Only(first, "acct_exporter_scrape_catch_up_timeouts_total").Text);
        Assert.Equal("1", ExpositionTests.Only(first, "acct_exporter_scrapes_total").Text);
        Assert.DoesNotContain(first, sample => sample.Name == "acct_exporter_scrape_duration_seconds");
        var second = ExpositionReader.Read(await ScrapeAsync(renderer));
        Assert.Equal("2", ExpositionTests.Only(second, "acct_exporter_scrapes_total").Text);
        Assert.InRange(ExpositionTests.Only(second, "acct_exporter_scrape_duration_seconds").Value, 0, 60);
    }

    [Fact]
    public async Task Scrape_EndsWhenTheReaderGoes()
    {
        using var source = new FakeSource(pairLimit: 5_000);
        source.Count([.. Enumerable.Range(0, 5_000).Select(i => FakeSource.Exit($"command-{i}"))]);
        var renderer = source.Renderer();
        var pipe = new Pipe();
        await pipe.Reader.CompleteAsync();
        await renderer.WriteAsync(default, pipe.Writer, ExpositionFormat.Text, CancellationToken.None);
        Assert.Equal(-1, renderer.Figures.LastMicroseconds);
    }

    [Fact]
    public void Copies_AreMadeAnew_ForEveryScrape()
    {
        using var source = new FakeSource();
        var renderer = source.Renderer();
        source.Count(FakeSource.Exit("a", exitCode: 9), FakeSource.Exit("b"));
        Assert.Equal(2UL, renderer.Overview().Exits);
        source.Count(FakeSource.Exit("a"));
        Assert.Equal(3UL, renderer.Overview().Exits);
        Assert.Equal(2, renderer.Overview().Pairs);
    }

    private static long Allocated(int pairs, ExpositionFormat format)
    {
        using var source = new FakeSource(pairs);
        source.Count([.. Enumerable.Range(0, pairs)
            .Select(i => FakeSource.Exit($"command-{i}", (uint)i % 3, 139, 10_000, elapsed: 123_450_000))],
            [.. Enumerable.Repeat(TaskFiguresTests.Large, pairs)]);
        var renderer = source.Renderer(allHistograms: true);
        var output = new OneBuffer();
        for (var i = 0; i < 3; i++)
        {
            renderer.Write(output, format);
        }

        return Properties.Allocated.By(() => renderer.Write(output, format));
    }

    private static async Task<string> ScrapeAsync(ScrapeRenderer renderer)
    {
        using var stream = new MemoryStream();
        var output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        var start = await renderer.BeginAsync(CancellationToken.None);
        await renderer.WriteAsync(start, output, ExpositionFormat.Text, CancellationToken.None);
        await output.CompleteAsync();
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string WithoutScrapeFigures(string text) => string.Join('\n',
        text.Split('\n').Where(line => !line.Contains("acct_exporter_scrape", StringComparison.Ordinal)));

    /// <summary>An output that forgets what it is given.</summary>
    private sealed class OneBuffer : IBufferWriter<byte>
    {
        private readonly byte[] buffer = new byte[1 << 20];

        public void Advance(int count) => Assert.True(count <= buffer.Length);

        public Memory<byte> GetMemory(int sizeHint = 0) => buffer;

        public Span<byte> GetSpan(int sizeHint = 0) => buffer;
    }
}
