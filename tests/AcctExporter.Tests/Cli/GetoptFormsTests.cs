// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Cli;
using AcctExporter.Reports;

namespace AcctExporter.Tests.Cli;

/// <summary>Command lines as getopt_long(3) takes them, and GNU acct's long options cut short.</summary>
public sealed class GetoptFormsTests
{
    private static readonly GetoptForms Forms =
        new("hf:ab", "help", "file:", "forwards", "paging", "paging-avg", "user-summary", "", "user:", "until:");

    /// <summary>The long options of GNU acct 6.6.4, each with a colon when it takes a value.</summary>
    public static TheoryData<string, string> Classic => new()
    {
        {
            "sa", "debug version help other-acct-file: print-seconds dont-read-summary-files list-all-names "
            + "other-savacct-file: print-users percentages not-interactive user-summary group-summary reverse-sort "
            + "merge threshold: separate-forks other-usracct-file: separate-times sort-ksec print-ratio sort-tio "
            + "sort-sys-user-div-calls sort-avio sort-cpu-avmem sort-num-calls sort-real-time ahz: show-paging "
            + "show-paging-avg"
        },
        {
            "lastcomm", "debug version help file: strict-match print-controls user: tty: command: ahz: show-paging "
            + "forwards pid"
        },
        { "dump-acct", "reverse help num: raw ahz: format: byteswap" },
        { "accton", "version help" },
    };

    [Theory]
    [InlineData("--file x", "--file=x")]
    [InlineData("--file -x", "--file=-x")]
    [InlineData("--file=x y", "--file=x|y")]
    [InlineData("--fi x", "--file=x")]
    [InlineData("--fi=x", "--file=x")]
    [InlineData("--f x", "--f|x")]
    [InlineData("--fo x", "--forwards|x")]
    [InlineData("--paging", "--paging")]
    [InlineData("--paging-", "--paging-avg")]
    [InlineData("--pag", "--pag")]
    [InlineData("--user x", "--user=x")]
    [InlineData("--use", "--user-summary")]
    [InlineData("--us", "--user-summary")]
    [InlineData("--un x", "--until=x")]
    [InlineData("-f x", "-f=x")]
    [InlineData("-fx", "-f=x")]
    [InlineData("-f -a", "-f=-a")]
    [InlineData("-abfx y", "-a|-b|-f=x|y")]
    [InlineData("-abf x y", "-a|-b|-f=x|y")]
    [InlineData("-fab", "-f=ab")]
    [InlineData("-az", "-a|-z")]
    [InlineData("-a: x", "-a|-:|x")]
    [InlineData("-f", "-f")]
    [InlineData("--file", "--file")]
    [InlineData("- -a", "-|-a")]
    [InlineData("-a -- -b --file", "-a|--|-b|--file")]
    [InlineData("-- -ab", "--|-ab")]
    [InlineData("x -a", "x|-a")]
    public void ALine_IsTakenAsGetoptTakesIt(string line, string plain) =>
        Assert.Equal(plain, string.Join('|', Forms.Plain(line.Split(' '))));

    /// <summary>A script that cuts a name short means what GNU acct makes of it: ours take nothing away.</summary>
    [Theory]
    [MemberData(nameof(Classic))]
    public void AClassicName_MayBeCutShort(string applet, string options)
    {
        var io = new ReportIo(Stream.Null, Stream.Null, TextWriter.Null, TimeProvider.System);
        var command = Applets.All(io).Single(one => one.Name == applet);
        var names = options.Split(' ');
        var cuts = 0;
        foreach (var option in names)
        {
            var (name, takesValue) = (option.TrimEnd(':'), option.EndsWith(':'));
            for (var length = 1; length <= name.Length; length++)
            {
                var cut = name[..length];
                if (cut != name && names.Count(other => other.StartsWith(cut, StringComparison.Ordinal)) > 1)
                {
                    continue;
                }

                // One of ours that is called just so is asked for by its name.
                if (cut != name && command.Options.Any(ours => ours.Name == "--" + cut))
                {
                    continue;
                }

                cuts++;
                Assert.Equal(
                    [takesValue ? $"--{name}=-v" : $"--{name}", .. takesValue ? (string[])[] : ["-v"]],
                    command.Rewrite(["--" + cut, "-v"]).Select(word => word == "-v=" ? "-v" : word));
            }
        }

        Assert.True(cuts > names.Length);
    }
}
