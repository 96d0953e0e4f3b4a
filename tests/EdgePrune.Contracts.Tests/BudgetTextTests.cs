namespace EdgePrune.Contracts.Tests;

public sealed class BudgetTextTests
{
    [Fact]
    public void Parse_ShortForm_ReadsEveryLimit()
    {
        var budget = BudgetText.Parse("latency=50ms, memory=64MiB,file=10%,energy=2mJ,loss=0.5");

        Assert.Equal(
            new Budget
            {
                LatencyP95 = new Limit(LimitKind.Duration, 0.05),
                PeakMemory = new Limit(LimitKind.Size, 64 << 20),
                FileSize = new Limit(LimitKind.Relative, 0.1),
                EnergyPerInference = new Limit(LimitKind.Energy, 0.002),
                MaxAccuracyLoss = 0.5,
            },
            budget);
    }

    [Fact]
    public void Parse_OverAnotherBudget_KeepsWhatIsNotStated()
    {
        var start = BudgetText.Parse("latency=50ms,memory=64MiB,loss=0.5");

        var budget = BudgetText.Parse("latency=none,file=1MB", start);

        Assert.Null(budget.LatencyP95);
        Assert.Equal(start.PeakMemory, budget.PeakMemory);
        Assert.Equal(new Limit(LimitKind.Size, 1e6), budget.FileSize);
        Assert.Equal(0.5, budget.MaxAccuracyLoss);
    }

    [Fact]
    public void Parse_JsonOverAnotherBudget_KeepsWhatIsNotStated()
    {
        var start = BudgetText.Parse("latency=50ms,memory=64MiB,loss=0.5");

        var budget = BudgetText.Parse("""{ "latencyP95": null, "fileSize": "1 MB" }""", start);

        Assert.Null(budget.LatencyP95);
        Assert.Equal(start.PeakMemory, budget.PeakMemory);
        Assert.Equal(new Limit(LimitKind.Size, 1e6), budget.FileSize);
        Assert.Equal(0.5, budget.MaxAccuracyLoss);
    }

    [Theory]
    [InlineData("latency=50ms,memory=64MiB,file=10%,energy=2mJ,loss=0.5")]
    [InlineData("latency=1234.5678ms,file=33.3333%")]
    [InlineData("latency=0.1us,loss=0")]
    [InlineData("memory=1234567B,energy=1.23456J")]
    public void Print_Parsed_IsReadBackUnchanged(string text)
    {
        var budget = BudgetText.Parse(text);

        Assert.Equal(budget, BudgetText.Parse(BudgetText.Print(budget)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("=")]
    [InlineData("latency")]
    [InlineData("latency=")]
    [InlineData("latency=50")]
    [InlineData("latency=50ms,latency=60ms")]
    [InlineData("latency=NaN ms")]
    [InlineData("latency=Infinity s")]
    [InlineData("latency=-5ms")]
    [InlineData("latency=1e999ms")]
    [InlineData("latency=\u0665\u0660ms")]
    [InlineData("memory=50ms")]
    [InlineData("energy=64MiB")]
    [InlineData("loss=NaN")]
    [InlineData("loss=-1")]
    [InlineData("loss=101")]
    [InlineData("loss=none")]
    [InlineData("speed=1")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("""{"latencyP95":50}""")]
    [InlineData("""{"latencyP95":"\ud800"}""")]
    [InlineData("""{"maxAccuracyLoss":"1"}""")]
    [InlineData("""{"maxAccuracyLoss":1e999}""")]
    [InlineData("""{"latency":"50 ms"}""")]
    [InlineData("""{"fileSize":"1 MB","fileSize":"2 MB"}""")]
    public void Parse_Unreadable_IsAnInvalidBudget(string text)
    {
        Assert.Equal(ErrorCode.InvalidBudget, Assert.Throws<InputException>(() => BudgetText.Parse(text)).Code);
    }

    [Theory]
    [InlineData("latency=0ms")]
    [InlineData("memory=0%")]
    [InlineData("file=0.1B")]
    [InlineData("""{"energyPerInference":"0 J"}""")]
    public void Parse_NothingCanMeetIt_IsAnImpossibleBudget(string text)
    {
        Assert.Equal(ErrorCode.ImpossibleBudget, Assert.Throws<InputException>(() => BudgetText.Parse(text)).Code);
    }

    [Fact]
    public void Parse_ManyFaults_ListsThemAllWithTheNearestName()
    {
        var error = Assert.Throws<InputException>(() => BudgetText.Parse("latncy=5ms,memory=big,loss=200"));

        Assert.Contains("did you mean 'latency'?", error.Message, StringComparison.Ordinal);
        Assert.Contains("memory is 'big'", error.Message, StringComparison.Ordinal);
        Assert.Contains("maxAccuracyLoss is 200", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadFile_Missing_SaysSo()
    {
        Assert.Equal(ErrorCode.FileNotFound, Assert.Throws<InputException>(() => BudgetText.LoadFile("no-such-budget.json")).Code);
    }
}
