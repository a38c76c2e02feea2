// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Cli;
using AcctExporter.Reports;
using AcctExporter.Suite;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Suite;

/// <summary>Charges: by chargefee, and by files in the drop.</summary>
public sealed class FeeTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    private SuitePaths Paths => new(folder.Of("suite"));

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("5", 5000L)]
    [InlineData("-5", -5000L)]
    [InlineData("12.5", 12_500L)]
    [InlineData("0.001", 1L)]
    [InlineData("-0.250", -250L)]
    [InlineData("999999999999999.999", 999_999_999_999_999_999L)]
    [InlineData("1000000000000000", null)]
    [InlineData("", null)]
    [InlineData("-", null)]
    [InlineData(".5", null)]
    [InlineData("5.", null)]
    [InlineData("1.2345", null)]
    [InlineData("+5", null)]
    [InlineData("5 ", null)]
    [InlineData("1e3", null)]
    [InlineData("5,5", null)]
    [InlineData("--5", null)]
    [InlineData("0x5", null)]
    [InlineData("٣", null)]
    public void Amount_IsStrict(string text, long? milliunits)
    {
        Assert.Equal(milliunits is not null, FeeAmount.TryParse(text, out var parsed));
        Assert.Equal(milliunits ?? parsed, parsed);
        if (milliunits is not null)
        {
            Assert.True(FeeAmount.TryParse(FeeAmount.Text(parsed), out var again));
            Assert.Equal(parsed, again);
        }
    }

    /// <summary>T-M3: a credit of 5 and a charge of 10 are 5, and no number wraps.</summary>
    [Theory]
    [InlineData("", "1114 josh 0 0 0 0 0 0 0 0 0 0 0 0 -5 0 0 0\n1114 josh 0 0 0 0 0 0 0 0 0 0 0 0 10 0 0 0\n")]
    [InlineData("--compat ", "1114 josh 0 0 0 0 0 0 0 0 0 0 -5\n1114 josh 0 0 0 0 0 0 0 0 0 0 10\n")]
    public void ChargeFee_WritesALine_ThatIsReadWithoutLoss(string flag, string text)
    {
        Assert.Equal((0, ""), Charge($"{flag}josh -5"));
        Assert.Equal((0, ""), Charge($"{flag}josh 10"));
        Assert.Equal(text, File.ReadAllText(Paths.Fee));
        Assert.Equal("1114 josh 5000", Read(text));
        Assert.Equal(0, Charge($"{flag}josh 12.5").Code);
        Assert.Equal("1114 josh 17500", Read(File.ReadAllText(Paths.Fee)));
    }

    [Theory]
    [InlineData("josh", 2, 1, "chargefee: usage: chargefee USER NUMBER: one is missing\n")]
    [InlineData("josh 5 6", 2, 1, "chargefee: usage: chargefee USER NUMBER: there is one more\n")]
    [InlineData("nobody5 5", 1, 2, "chargefee: there is no user 'nobody5'\n")]
    [InlineData("josh x", 2, 3, $"chargefee: 'x' {FeeAmount.Form}\n")]
    [InlineData("josh 5x", 2, 3, $"chargefee: '5x' {FeeAmount.Form}\n")]
    [InlineData("josh -5.5.5", 2, 3, $"chargefee: '-5.5.5' {FeeAmount.Form}\n")]
    public void ChargeFee_SaysWhatIsWrong(string words, int code, int compat, string errors)
    {
        Assert.Equal((code, errors), Charge(words));
        Assert.Equal((compat, errors), Charge("--compat " + words));
        Assert.False(File.Exists(Paths.Fee));
    }

    [Theory]
    [InlineData("1 a 0 0 0 0 0 0 0 0 0 0 7\n", "1 a 7000", 0)]
    [InlineData("1\ta\t0 0 0 0 0 0 0 0 0 0 7.25", "1 a 7250", 0)]
    [InlineData("1 a 0 0 0 0 0 0 0 0 0 0 0 0 7 0 0 0\n1 a 0 0 0 0 0 0 0 0 0 0 0 0 7 0 0\n", "1 a 7000", 1)]
    [InlineData("1 a 0 0 0 0 0 0 0 0 0 9 7\n\n", "", 1)] // not of chargefee
    [InlineData("x a 0 0 0 0 0 0 0 0 0 0 7\n1 a\n1 a 0 0 0 0 0 0 0 0 0 0 7 0 0 0 0 0 0 0\n", "", 3)]
    [InlineData("1 a\\040b 0 0 0 0 0 0 0 0 0 0 7\n", "1 a b 7000", 0)]
    public void Read_TakesBothForms(string text, string sums, int bad)
    {
        var (table, wrong) = (new UserTable<TacctSums>(), 0);
        FeeFile.Read(new MemoryStream(Encoding.ASCII.GetBytes(text)), table, _ => wrong++);
        Assert.Equal((sums, bad), (PrintTests.Shown(table, each => each.FeeMilliunits), wrong));
    }

    [Fact]
    public void ChargesAtOnce_AreAllThere_AndATornOneIsNot()
    {
        Paths.MakeFolders();
        File.WriteAllText(Paths.Fee, "1 a 0 0 0 0 0 0 0 0 0 0 7\n1 a 0 0 0");
        Parallel.For(0, 40, _ => FeeFile.Append(Paths, 1, "a"u8, 1, compat: false));
        var lines = File.ReadAllLines(Paths.Fee);
        Assert.Equal(41, lines.Length);
        Assert.Equal("1 a 7040", Read(File.ReadAllText(Paths.Fee)));
    }

    [Fact]
    public void Taken_IsTakenOnce()
    {
        var taken = Paths.OfNite("fee", new(2026, 7, 2));
        Assert.False(FeeFile.Take(Paths, taken));
        FeeFile.Append(Paths, 1, "a"u8, 1000, compat: false);
        Assert.True(FeeFile.Take(Paths, taken));
        FeeFile.Append(Paths, 1, "a"u8, 2000, compat: false);
        Assert.True(FeeFile.Take(Paths, taken));
        Assert.Equal("1 a 1000", Read(File.ReadAllText(taken)));
        Assert.Equal("1 a 2000", Read(File.ReadAllText(Paths.Fee)));
    }

    [Fact]
    public void Drop_IsWholeFiles_AndBadLinesAreSetAside()
    {
        Paths.MakeFolders();
        Drop("b", "josh 5 for tea\n\n# nothing\nnobody5 7\njosh seven\njosh\n");
        Drop("a", "josh -1.5\n\u0001x 5\n");
        Drop(".hidden", "josh 100\n");
        Drop("half.tmp", "josh 100\n");
        Directory.CreateDirectory(Path.Combine(Paths.FeeDrop, "folder"));
        File.CreateSymbolicLink(Path.Combine(Paths.FeeDrop, "link"), "/etc/passwd");

        var pending = new UserTable<TacctSums>();
        Assert.Equal((2L, 4L), Numbers(FeeFile.ReadPending(Paths, UidOf, pending)));
        var folder = Paths.OfNite("fees", new(2026, 7, 2));
        Assert.Equal(2, FeeDrop.Take(Paths, folder));
        Drop("a", "josh 9\n");
        Assert.Equal(0, FeeDrop.Take(Paths, folder)); // for the next day
        for (var again = 0; again < 2; again++)
        {
            var table = new UserTable<TacctSums>();
            var reading = FeeDrop.Read(folder, UidOf, table);
            Assert.Equal((2L, 4L), Numbers(reading));
            Assert.Equal("1114 josh 3500", PrintTests.Shown(table, each => each.FeeMilliunits));
            Assert.Equal("a: line 2: there is no user '?x'", reading.FirstReason);
            Assert.Equal(
                "a: line 2: there is no user '?x': \u0001x 5\nb: line 4: there is no user 'nobody5': nobody5 7\n"
                + $"b: line 5: 'seven' {FeeAmount.Form}: josh seven\n"
                + "b: line 6: there is no number behind the user: josh\n",
                File.ReadAllText(folder + FeeDrop.RejectedSuffix));
        }

        Assert.Equal(4, Directory.GetFileSystemEntries(Paths.FeeDrop).Length - 1);
    }

    [Fact]
    public void AMillionLines_TakeNoMemory()
    {
        Paths.MakeFolders();
        using (var file = File.CreateText(Path.Combine(Paths.FeeDrop, "many")))
        {
            for (var i = 0; i < 1_000_000; i++)
            {
                file.WriteLine("josh 0.001 for something");
            }
        }

        var table = new UserTable<TacctSums>();
        FeeDrop.Read(Paths.FeeDrop, UidOf, table, rejects: null);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(1_000_000, FeeDrop.Read(Paths.FeeDrop, UidOf, table, rejects: null).Charges);
        // A name of each line as a key, and nothing kept.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40_000_000);
        Assert.Equal("1114 josh 2000000", PrintTests.Shown(table, each => each.FeeMilliunits));
    }

    private static uint? UidOf(byte[] name) => Encoding.ASCII.GetString(name) == "josh" ? 1114 : null;

    private static (long Charges, long Rejected) Numbers(FeeReading reading) => (reading.Charges, reading.Rejected);

    private static string Read(string text)
    {
        var table = new UserTable<TacctSums>();
        FeeFile.Read(new MemoryStream(Encoding.ASCII.GetBytes(text)), table, number => Assert.Fail($"line {number}"));
        return PrintTests.Shown(table, each => each.FeeMilliunits);
    }

    private void Drop(string name, string text) => File.WriteAllText(Path.Combine(Paths.FeeDrop, name), text);

    private (int Code, string Errors) Charge(string words)
    {
        using var errors = new StringWriter { NewLine = "\n" };
        var applet = ChargeFeeApplet.Create(new ReportIo(Stream.Null, Stream.Null, errors, TimeProvider.System), UidOf);
        var parsed = applet.Parse([.. applet.Rewrite([.. words.Split(' '), "--suite.path=" + Paths.Root])]);
        Assert.Empty(parsed.Errors);
        return (parsed.Invoke(), errors.ToString());
    }
}
