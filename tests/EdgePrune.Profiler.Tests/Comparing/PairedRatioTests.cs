using EdgePrune.Contracts;

namespace EdgePrune.Profiler.Tests;

public sealed class PairedRatioTests
{
    private static (double[] Ratios, InterleavedStage Stage) Interleave(Random random, double ratio, int rounds, double driftPerRound = 0)
    {
        var clock = new ManualClock();
        var stage = new InterleavedStage(clock, 5);
        var level = 10_000.0;
        void Run(double factor)
        {
            level += driftPerRound / 24;
            clock.Advance(level * factor * (1 + (0.03 * Noise.Normal(random))));
        }

        return ([.. Enumerable.Range(0, rounds).Select(_ => stage.Round(() => Run(ratio), () => Run(1)))], stage);
    }

    [Theory]
    [InlineData(0.9, 0, SpeedVerdict.Faster)]
    [InlineData(1.1, 0, SpeedVerdict.Slower)]
    [InlineData(0.95, 200, SpeedVerdict.Faster)]
    [InlineData(1.05, -100, SpeedVerdict.Slower)]
    public void Judge_OfModelsThatDiffer_SaysSoWhateverTheDrift(double ratio, double drift, SpeedVerdict expected)
    {
        var (ratios, stage) = Interleave(new SplitMix(3), ratio, 60, drift);
        var result = PairedRatio.Of(ratios, 0.95);
        Assert.Equal(expected, PairedRatio.Judge(result));
        Assert.InRange(result.Estimate, ratio * 0.98, ratio * 1.02);
        Assert.Equal(120, stage.First.Count);
        Assert.Equal(120, stage.Second.Count);
    }

    [Fact]
    public void Judge_OfEqualModels_IsWrongInAtMostFiveOfAHundred()
    {
        var random = new SplitMix(4);
        var wrong = Enumerable.Range(0, 600).Count(_ => PairedRatio.Judge(PairedRatio.Of(Interleave(random, 1, 30, 50).Ratios, 0.95)) != SpeedVerdict.CannotTell);
        Assert.InRange(wrong, 6, 45);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Of_FewRounds_HasNoIntervalAndNoVerdict(int rounds)
    {
        var result = PairedRatio.Of(Enumerable.Repeat(0.5, rounds).ToArray(), 0.95);
        Assert.Null(result.Upper);
        Assert.Equal(SpeedVerdict.CannotTell, PairedRatio.Judge(result));
    }

    [Fact]
    public void Of_NoRound_Throws() => Assert.Throws<ArgumentException>(() => PairedRatio.Of([], 0.95));

    [Fact]
    public void Round_IsTwiceTheCandidateAroundTwiceTheReference()
    {
        var order = "";
        new InterleavedStage(new ManualClock(), 2).Round(() => order += "A", () => order += "B");
        Assert.Equal("AAABBBBBBAAA", order);
    }

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(0.01, 1000)]
    [InlineData(10, 5)]
    [InlineData(100, 1)]
    public void RunsFor_FillsTheBlock(double milliseconds, int runs) =>
        Assert.Equal(runs, InterleavedStage.RunsFor(TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromMilliseconds(50)));
}
