using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class TargetEnergyTests
{
    private static readonly Target Board = new()
    {
        Name = "board", Title = "A board", Architecture = "arm64", Hardware = new HardwareFacts { IdleWatts = [2, 3], LoadWatts = 7 },
    };

    private static ProfileReport Report(string system = "Linux, kernel 6, Arm64", EnergyUse? energy = null)
    {
        var made = MadeReport.Of(1000, new ProfileSettings(), spread: 2);
        return made with { Energy = energy, Latency = made.Latency with { Mean = TimeSpan.FromMilliseconds(2) }, Conditions = made.Conditions with { System = system } };
    }

    [Fact]
    public void Complete_OfAReportWithoutEnergy_IsLoadPowerTimesTheInference()
    {
        var energy = TargetEnergy.Complete(Report(), Board).Energy!;
        Assert.Equal("estimate from target", energy.Source);
        Assert.True(energy.Estimated);
        Assert.Equal(7 * 0.002, energy.Gross.Joules, 9);
        Assert.Equal((7 - 2.5) * 0.002, energy.Net!.Value.Joules, 9);
        Assert.Equal(0, energy.Coverage);
    }

    [Fact]
    public void Complete_OfAMeasuredEnergy_LeavesIt()
    {
        var report = Report(energy: new EnergyUse("hwmon:ina226", new Energy(1), null, 1, Estimated: false));
        Assert.Same(report, TargetEnergy.Complete(report, Board));
    }

    [Theory]
    [InlineData("Linux, kernel 6, X64")]
    [InlineData("Linux")]
    public void Complete_OfALatencyOfAnotherProcessor_HasNoEnergy(string system) => Assert.Null(TargetEnergy.Complete(Report(system), Board).Energy);

    [Fact]
    public void Complete_ForATargetOfAnyProcessor_IsEstimated() =>
        Assert.NotNull(TargetEnergy.Complete(Report("Linux, kernel 6, X64"), Board with { Architecture = "any" }).Energy);

    [Fact]
    public void Complete_WithoutIdleOrLoadPower_HasNoEnergy()
    {
        Assert.Null(TargetEnergy.Complete(Report(), Board with { Hardware = new HardwareFacts { LoadWatts = 7 } }).Energy);
        Assert.Null(TargetEnergy.Complete(Report(), Board with { Hardware = new HardwareFacts { IdleWatts = [2] } }).Energy);
    }

    [Fact]
    public void Complete_WhenLoadIsNotAboveIdle_HasNoNetEnergy() =>
        Assert.Null(TargetEnergy.Complete(Report(), Board with { Hardware = new HardwareFacts { IdleWatts = [8], LoadWatts = 7 } }).Energy!.Net);
}
