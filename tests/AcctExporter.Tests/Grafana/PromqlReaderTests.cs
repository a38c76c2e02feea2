// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.Grafana;

public class PromqlReaderTests
{
    [Fact]
    public void ASelector_HasItsNameMatchersRangeAndSurroundings()
    {
        var (selectors, made) = PromqlReader.Read(
            """sum by (user, mode) (rate(acct_a_total{job=~"$job", user!="a,b}\""}[$__rate_interval] @ end())) > 0""");
        var one = Assert.Single(selectors);
        Assert.Equal(("acct_a_total", "$__rate_interval", "rate"), (one.Metric, one.Range, one.Function));
        Assert.Equal([new("job", "=~", "$job"), new("user", "!=", "a,b}\\\"")], one.Matchers);
        Assert.Equal(["user", "mode"], one.Grouping);
        Assert.Empty(made);
    }

    [Fact]
    public void WordsFunctionsNumbersAndLabels_AreNoMetrics()
    {
        var (selectors, made) = PromqlReader.Read(
            """
            topk(10, label_replace(acct_a * $price / 1073741824 + 1.5e3, "item", "acct_no", "", "") and on (acct_l)
              (acct_b or vector(0))) unless ignoring (x) group_left (y) {__name__="acct_c"} offset 5m
            """);
        Assert.Equal(["acct_a", "acct_b", ""], selectors.Select(one => one.Metric));
        Assert.Equal(["label_replace", "", ""], selectors.Select(one => one.Function));
        Assert.Equal(["item"], made);
        Assert.All(selectors, one => Assert.Empty(one.Grouping));
    }
}
