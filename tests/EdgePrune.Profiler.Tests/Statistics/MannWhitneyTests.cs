namespace EdgePrune.Profiler.Tests;

public sealed class MannWhitneyTests
{
    [Fact]
    public void PValue_OfKnownSamples_IsTheNormalApproximation() =>
        // U = 4 of 25 with five values each: z = (8.5 - 0.5) / sqrt(25 * 11 / 12), two-sided.
        Assert.Equal(0.0947, MannWhitney.PValue([1, 2, 3, 4, 9], [5, 6, 7, 8, 10]), 3);

    [Fact]
    public void PValue_OfSeparateSamples_IsTiny() =>
        Assert.True(MannWhitney.PValue([.. Enumerable.Range(0, 30)], [.. Enumerable.Range(100, 30)]) < 1e-6);

    [Fact]
    public void PValue_OfEqualValues_IsOne() =>
        Assert.Equal(1, MannWhitney.PValue([7, 7, 7], [7, 7, 7, 7]));

    [Fact]
    public void PValue_WithManyTies_IsSymmetric()
    {
        double[] first = [1, 1, 2, 2, 3], second = [2, 2, 3, 3, 3, 4];
        Assert.Equal(MannWhitney.PValue(first, second), MannWhitney.PValue(second, first), 12);
    }

    [Fact]
    public void PValue_UnderTheNullHypothesis_RejectsAboutFivePercent()
    {
        var random = new Random(6);
        var rejected = Enumerable.Range(0, 1000).Count(_ =>
            MannWhitney.PValue(Noise.Correlated(random, 30, 0), Noise.Correlated(random, 30, 0)) < 0.05);
        Assert.InRange(rejected, 25, 75);
    }

    [Fact]
    public void PValue_OfAnEmptySample_Throws() => Assert.Throws<ArgumentException>(() => MannWhitney.PValue([], [1]));
}
