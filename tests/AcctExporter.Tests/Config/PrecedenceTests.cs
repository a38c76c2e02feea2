// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Config;

namespace AcctExporter.Tests.Config;

/// <summary>A flag wins over a variable, a variable over the file, the file over the default.</summary>
public sealed class PrecedenceTests
{
    /// <summary>A setting of each arity: its value by flag, variable and file, and its default.</summary>
    private static readonly (string Key, string[] Flag, string Variable, string File, string Shown, string Default)[]
        Kinds =
        [
            ("pairs.limit", ["11"], "22", "33", "11 22 33", "300"),
            ("pairs.all-histograms", ["true"], "false", "yes", "true false true", "false"),
            ("openmetrics.exemplars", ["false"], "on", "off", "false true false", "true"),
            ("labels", ["user,command,pod"], "user,command,unit", "[user, command, group]",
                "user,command,pod user,command,unit user,command,group", "user,command"),
            ("web.listen-address", [":1", ":2"], ":3,:4,:5", "[':6', ':7']", ":1;:2 :3;:4;:5 :6;:7", ":9810"),
            ("source", ["/flag"], "/variable", "/file", "/flag /variable /file", ""),
        ];

    public static TheoryData<string, bool, bool, bool> Combinations
    {
        get
        {
            var data = new TheoryData<string, bool, bool, bool>();
            foreach (var kind in Kinds)
            {
                for (var layers = 0; layers < 8; layers++)
                {
                    data.Add(kind.Key, (layers & 1) != 0, (layers & 2) != 0, (layers & 4) != 0);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Strongest_Wins_AndIsNamed(string key, bool flag, bool variable, bool file)
    {
        var kind = Array.Find(Kinds, kind => kind.Key == key);
        var setting = SettingTable.Find(key)!;
        var config = Configured.By(
            flag ? [.. kind.Flag.Select(text => $"{setting.Flag}={text}")] : [],
            variable ? new() { [setting.Variable] = kind.Variable } : [],
            file ? $"{key}: {kind.File}\n" : null);
        var winner = flag ? 0 : variable ? 1 : file ? 2 : 3;
        Assert.Empty(config.Faults);
        Assert.Equal(
            winner == 3 ? kind.Default : kind.Shown.Split(' ')[winner],
            string.Join(';', setting.Show(config.Options)));
        var list = kind.File.StartsWith('[') ? 1 : 0;
        string?[] origins = [setting.Flag, setting.Variable, $"agent.yml:1:{key.Length + 3 + list}", null];
        Assert.Equal(origins[winner], config.Origins.GetValueOrDefault(key));
    }

    [Fact]
    public void Fault_IsTold_AlsoWhereAnotherWins()
    {
        Assert.Equal(
            ["agent.yml:1:14: pairs.limit: 'x' is no whole number from 1 to 1000000",
                "ACCT_EXPORTER_PAIRS_LIMIT: 'y' is no whole number from 1 to 1000000"],
            Configured.By(
                ["--pairs.limit=5"], new() { ["ACCT_EXPORTER_PAIRS_LIMIT"] = "y" }, "pairs.limit: x\n").Faults);
    }

    [Fact]
    public void File_OfTheFlag_WinsOverThatOfTheVariable()
    {
        using var directory = new Kernel.TemporaryDirectory();
        File.WriteAllText(directory.Of("variable.yml"), "pairs.limit: 7\n");
        var variables = new Dictionary<string, string>
        {
            ["ACCT_EXPORTER_CONFIG_FILE"] = directory.Of("variable.yml"),
        };
        Assert.Equal(7, Configured.By([], variables).Options.Ledger.PairLimit);
        Assert.Equal(8, Configured.By([], variables, "pairs.limit: 8\n").Options.Ledger.PairLimit);
    }
}
