using System.Text.Json;

namespace EdgePrune.Contracts.Tests;

public sealed class BudgetTests
{
    [Theory]
    [InlineData("60 %", LimitKind.Relative, 0.6, "60 %")]
    [InlineData("33.3333%", LimitKind.Relative, 0.333333, "33.3333 %")]
    [InlineData("50ms", LimitKind.Duration, 0.05, "50 ms")]
    [InlineData("1234.5678 ms", LimitKind.Duration, 1.2345678, "1.2345678 s")]
    [InlineData("85.2 us", LimitKind.Duration, 0.0000852, "85.2 us")]
    [InlineData("64 MiB", LimitKind.Size, 67108864, "64 MiB")]
    [InlineData("1000", LimitKind.Size, 1000, "1000 B")]
    [InlineData("1536 B", LimitKind.Size, 1536, "1536 B")]
    [InlineData("2 KiB", LimitKind.Size, 2048, "2 KiB")]
    [InlineData("0 B", LimitKind.Size, 0, "0 B")]
    [InlineData("0.5 J", LimitKind.Energy, 0.5, "500 mJ")]
    [InlineData("1.23456 J", LimitKind.Energy, 1.23456, "1.23456 J")]
    [InlineData("2mJ", LimitKind.Energy, 0.002, "2 mJ")]
    public void Limit_Text_IsReadAndPrintedWithoutLoss(string text, LimitKind kind, double value, string printed)
    {
        Assert.True(Limit.TryParse(text, out var limit));
        Assert.Equal(kind, limit!.Kind);
        Assert.Equal(value, limit.Value, value * 1e-12);
        Assert.Equal(printed, limit.ToString());
        Assert.True(Limit.TryParse(printed, out var again));
        Assert.Equal(limit, again);
    }

    [Theory]
    [InlineData(LimitKind.Relative)]
    [InlineData(LimitKind.Duration)]
    [InlineData(LimitKind.Size)]
    [InlineData(LimitKind.Energy)]
    public void Validate_LimitThatNothingMeets_IsAFaultAndPrints(LimitKind kind)
    {
        foreach (var value in new[] { 0, -1, double.NaN, double.NegativeInfinity })
        {
            var budget = new Budget { LatencyP95 = new Limit(kind, value) };

            Assert.Single(budget.Validate());
        }
    }

    [Fact]
    public void Validate_LimitsOfTheWrongKind_ListsEachFault()
    {
        var budget = new Budget
        {
            LatencyP95 = new Limit(LimitKind.Size, 1),
            PeakMemory = new Limit(LimitKind.Duration, 1),
            FileSize = new Limit(LimitKind.Energy, 1),
            EnergyPerInference = new Limit(LimitKind.Size, 1),
            MaxAccuracyLoss = double.NaN,
        };

        Assert.Equal(["latencyP95", "peakMemory", "fileSize", "energyPerInference", "maxAccuracyLoss"], budget.Validate().Select(f => f.Split(' ')[0]));
    }

    [Fact]
    public void With_StatedLimits_WinOverTheOthers()
    {
        var one = new Budget { LatencyP95 = new Limit(LimitKind.Duration, 1), FileSize = new Limit(LimitKind.Size, 5) };
        var other = new Budget { LatencyP95 = new Limit(LimitKind.Duration, 2), MaxAccuracyLoss = 3 };

        Assert.Equal(new Budget { LatencyP95 = other.LatencyP95, FileSize = one.FileSize, MaxAccuracyLoss = 3 }, one.With(other));
    }

    [Theory]
    [InlineData(LimitKind.Relative, 0.6, 60)]
    [InlineData(LimitKind.Duration, 0.6, 0.6)]
    public void Resolve_RelativeLimit_IsAShareOfTheOriginal(LimitKind kind, double value, double expected)
    {
        Assert.Equal(expected, new Limit(kind, value).Resolve(100));
    }

    [Theory]
    [InlineData("""{"latencyP95":50}""")]
    [InlineData("""{"latencyP95":"fifty"}""")]
    [InlineData("""{"latencyP95":{}}""")]
    [InlineData("""{"latencyP95":["50 ms"]}""")]
    public void Json_LimitThatIsNone_IsAJsonException(string json)
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, ContractsJson.Default.Budget));
    }
}
