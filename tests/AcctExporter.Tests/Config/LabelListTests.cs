// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Config;
using AcctExporter.Ledger;

namespace AcctExporter.Tests.Config;

public sealed class LabelListTests
{
    [Theory]
    [InlineData("user,command", OptionalLabels.None)]
    [InlineData("user,command,group", OptionalLabels.Group)]
    [InlineData("user,command,container,unit", OptionalLabels.Unit | OptionalLabels.Container)]
    [InlineData("user, command, pod", OptionalLabels.Pod)]
    internal void List_IsRead_AndShownInTheOrderOfTheSeries(string text, OptionalLabels labels)
    {
        Assert.True(LabelList.TryParse(text, out var list, out _));
        Assert.Equal(labels, list.Labels);
        Assert.True(LabelList.TryParse(list.ToString(), out var again, out _));
        Assert.Equal(list, again);
    }

    [Theory]
    [InlineData("", "'' does not begin with user,command, which every pair has")]
    [InlineData("user", "'user' does not begin with user,command, which every pair has")]
    [InlineData("command,user", "'command,user' does not begin with user,command, which every pair has")]
    [InlineData("unit", "'unit' does not begin with user,command, which every pair has")]
    [InlineData("user,command,", "there is no label ''")]
    [InlineData("user,command,Unit", "there is no label 'Unit'")]
    [InlineData("user,command,unit,unit", "'unit' stands twice in 'user,command,unit,unit'")]
    [InlineData("user,command,user", "'user' stands twice in 'user,command,user'")]
    public void Fault_SaysWhatIsWrong(string text, string fault)
    {
        Assert.False(LabelList.TryParse(text, out _, out var said));
        Assert.Equal(fault, said);
    }

    [Fact]
    public void Serve_SaysWhatWouldBeRight()
    {
        var fault = Assert.Single(Configured.By("--labels=user,command,host").Faults);
        Assert.Equal("--labels: there is no label 'host'. Right would be user,command and any of group, unit, "
            + "container, pod behind them", fault);
        Assert.Empty(Configured.By("--labels=user,command,unit").Faults);
    }
}
