// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Suite;
using AcctExporter.Tests.Properties;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Suite;

/// <summary>Lines of CUPS' log of printed pages, and of qacct.</summary>
public class PrintTests
{
    private const string Date = "[20/May/1999:19:21:06 +0000]";

    [Theory]
    [InlineData($"DeskJet root 1 {Date} total 2 acme-123 localhost myjob na_letter one-sided",
        "DeskJet root 1 2 total")]
    [InlineData($"DeskJet root 2 {Date} 1 1 acme-123", "DeskJet root 2 1")]
    [InlineData($"p a 3 {Date} 1 4", "p a 3 4")]
    [InlineData($"p DOM\\user name 3 {Date} total 0 - h j", "p DOM\\user name 3 0 total")]
    [InlineData("p a 3 [20/May/1999:21:21:06.123456 +0200] total 5", "p a 3 5 total")] // LogTimeFormat usecs
    [InlineData($"p a 3 {Date} total 5 - host job 9 {Date} total 99", "p a 3 5 total")] // the job's name
    [InlineData($"p a [x] 3 {Date} total 5", "p a [x] 3 5 total")]
    [InlineData("p a 3 20/May/1999:19:21:06 total 5", null)] // another PageLogFormat
    [InlineData($"p a 3 {Date} total", null)]
    [InlineData($"p a 3 {Date} total -5", null)]
    [InlineData($"p a 3 {Date} total 99999999999", null)]
    [InlineData($"p a x {Date} total 5", null)]
    [InlineData($"p 3 {Date} total 5", null)]
    [InlineData("p a 3 [31/Feb/1999:19:21:06 +0000] total 5", null)]
    [InlineData("", null)]
    public void PageLogLine_IsWhatCupsWrites(string line, string? decoded)
    {
        var is1999 = PageLogLine.TryDecode(Encoding.Latin1.GetBytes(line), out var its);
        Assert.Equal(decoded, is1999
            ? $"{Encoding.Latin1.GetString(its.Printer)} {Encoding.Latin1.GetString(its.User)} {its.Job} {its.Sheets}"
                + (its.IsTotal ? " total" : "")
            : null);
        Assert.Equal(is1999 ? 927_228_066 : 0, its.UnixSeconds);
    }

    /// <summary>cupsd hands on both kinds of message; a total holds the pages that were told before.</summary>
    [Theory]
    [InlineData("1:1 1:1 1:t2", 2)]
    [InlineData("1:1 2:1 1:t5 2:1", 7)]
    [InlineData("1:t2 1:t2", 4)] // printed again
    [InlineData("1:3 1:t2", 3)]
    public void Total_HoldsThePagesOfItsJob(string lines, long pages)
    {
        var book = new PrintBook();
        var counted = 0L;
        foreach (var line in lines.Split(' '))
        {
            var (job, number) = (line.Split(':')[0], line.Split(':')[1]);
            var text = $"p u {job} {Date} {(number[0] == 't' ? "total " + number[1..] : "1 " + number)}";
            Assert.True(PageLogLine.TryDecode(Encoding.ASCII.GetBytes(text), out var decoded));
            counted += book.Count(decoded);
        }

        Assert.Equal((pages, pages), (counted, book.Pages().Sum(each => each.Pages)));
    }

    [Fact]
    public void Pairs_AreLimited_AndNoPageIsLost()
    {
        var book = new PrintBook();
        for (var i = 0; i < PrintBook.MostPairs + 1000; i++)
        {
            Assert.True(PageLogLine.TryDecode(Encoding.ASCII.GetBytes($"p u{i} 1 {Date} total 1"), out var line));
            book.Count(line);
        }

        Assert.Equal(PrintBook.MostPairs + 1, book.Pages().Count);
        Assert.Equal(PrintBook.MostPairs + 1000, book.Pages().Sum(each => each.Pages));
    }

    [Fact]
    public void AnyBytes_GiveAStatus() => Holds.ForAll(Gen.Choose(0, int.MaxValue), 3_000, seed =>
    {
        var random = new Random(seed);
        var line = random.Next(2) == 0 ? new byte[random.Next(300)] : Encoding.ASCII.GetBytes($"p u 3 {Date} total 12");
        if (line.Length != 0 && random.Next(2) == 0)
        {
            random.NextBytes(line);
        }
        else if (line.Length != 0)
        {
            line[random.Next(line.Length)] = (byte)random.Next(256);
        }

        _ = PageLogLine.TryDecode(line, out _);
        var table = new UserTable<TacctSums>();
        _ = QacctFile.Read(new MemoryStream(line), table, _ => { });
        _ = FeeFile.Read(new MemoryStream(line), table, _ => { });
        _ = FeeAmount.TryParse(line, out _);
        return true;
    });

    [Fact]
    public void LinesOfQacct_HoldAnyName() => Holds.ForAll(Gen.Choose(0, int.MaxValue), 3_000, seed =>
    {
        var random = new Random(seed);
        var (user, printer) = (new byte[random.Next(1, 256)], new byte[random.Next(1, 128)]);
        random.NextBytes(user);
        random.NextBytes(printer);
        var line = new byte[QacctFile.LongestBytes];
        var length = QacctFile.Write(line, new()
        {
            User = user, Uid = (uint)random.NextInt64(1L << 32), Pages = random.Next(), Printer = printer,
            UnixSeconds = random.Next(),
        });
        return QacctFile.TryRead(line.AsSpan(0, length - 1), new byte[length], out var again)
            && !line.AsSpan(0, length - 1).Contains((byte)'\n')
            && again.User.SequenceEqual(user) && again.Printer.SequenceEqual(printer);
    });

    [Theory]
    [InlineData("alice 1001 3\nbob 1002 4\nalice 1001 5 laser 927228066\n", "1001 alice 8|1002 bob 4", "")]
    [InlineData("alice 1001 -3\nalice x 3\nalice 1001\n\nx 4294967295 1", "4294967295 x 1", "1 2 3")]
    public void Qacct_IsAixsLinesAndOurs(string text, string sums, string bad)
    {
        var (table, wrong) = (new UserTable<TacctSums>(), new List<long>());
        QacctFile.Read(new MemoryStream(Encoding.ASCII.GetBytes(text)), table, wrong.Add);
        Assert.Equal(sums, Shown(table, each => each.PrintedPages));
        Assert.Equal(bad, string.Join(' ', wrong));
    }

    internal static string Shown(UserTable<TacctSums> table, Func<TacctSums, long> figure) => string.Join(
        '|', table.Sorted().Select(each => $"{each.Uid} {Encoding.Latin1.GetString(each.Name)} {figure(each.Sums)}"));
}
