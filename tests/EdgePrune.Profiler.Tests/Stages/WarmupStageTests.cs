namespace EdgePrune.Profiler.Tests;

public sealed class WarmupStageTests
{
    private static readonly WarmupRules Rules = new(10, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));

    private static (Contracts.WarmupResult Result, int Calls) Run(Func<int, double> microseconds, WarmupRules? rules = null)
    {
        var clock = new ManualClock();
        var calls = 0;
        var result = new WarmupStage(clock, rules ?? Rules).Run(() => clock.Advance(microseconds(calls++)));
        return (result, calls);
    }

    [Fact]
    public void Run_OfASteadyModel_EndsSoonAfterTheShortestTime()
    {
        var random = new Random(7);
        var (result, calls) = Run(_ => 1000 + random.Next(10));
        Assert.True(result.SteadyState);
        Assert.Equal(calls, result.Runs);
        Assert.InRange(result.Duration, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Run_OfAModelThatGetsFasterForThreeSeconds_WaitsForIt()
    {
        var random = new Random(8);
        var (result, _) = Run(i => (i < 2000 ? 2000 - (i / 2) : 1000) + random.Next(10));
        Assert.True(result.SteadyState);
        Assert.True(result.Duration > TimeSpan.FromSeconds(2.5), $"ended after {result.Duration}");
    }

    [Fact]
    public void Run_OfAModelThatAlwaysDrifts_StopsAtTheCapWithoutSteadyState()
    {
        var (result, _) = Run(i => 1000 + (i * 2));
        Assert.False(result.SteadyState);
        Assert.InRange(result.Duration, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10.1));
    }

    [Fact]
    public void Run_OfASlowSteadyModel_ComparesTheHalvesItHas()
    {
        var random = new Random(9);
        var (result, _) = Run(_ => 400_000 + random.Next(1000));
        Assert.Equal(25, result.Runs);
        Assert.True(result.SteadyState);
    }

    [Fact]
    public void Run_OfAVerySlowModel_ClaimsNoSteadyState()
    {
        var (result, _) = Run(_ => 3_000_000);
        Assert.Equal(4, result.Runs);
        Assert.False(result.SteadyState);
    }

    [Fact]
    public void Run_OfAVeryFastModel_KeepsBoundedMemoryAndEnds()
    {
        var random = new Random(10);
        var (result, _) = Run(_ => 10 + random.Next(2));
        Assert.True(result.SteadyState);
        Assert.True(result.Runs > 50_000);
    }

    [Fact]
    public void Run_WithNoTimeAtAll_RunsNothing()
    {
        var (result, calls) = Run(_ => 1, Rules with { MaxDuration = TimeSpan.Zero });
        Assert.Equal(0, calls);
        Assert.False(result.SteadyState);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(5, false)]
    public void IsSteady_WithAShiftOfPercent_Decides(int shift, bool expected)
    {
        var random = new Random(11);
        double[] series = [.. Enumerable.Range(0, 60).Select(i => 1000 + random.Next(20) + (i >= 30 ? 10 * shift : 0))];
        Assert.Equal(expected, SteadyStateDetector.IsSteady(series, 30));
    }

    [Fact]
    public void IsSteady_OfAShortSeries_IsFalse() => Assert.False(SteadyStateDetector.IsSteady(new double[59], 30));
}
