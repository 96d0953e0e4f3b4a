using CsCheck;

namespace EdgePrune.Host.Tests;

/// <summary>Which nodes go back to float.</summary>
public sealed class FloatFallbackTests
{
    [Fact]
    public void Choose_TwoCheapOnes_InsteadOfTheOneThatGainsMost() =>
        Assert.Equal([1, 2], FloatFallback.Choose([(0.5, 10), (0.3, 2), (0.3, 2)], 0.5));

    [Fact]
    public void Choose_MoreThanAllCanGive_IsAllThatGain() =>
        Assert.Equal([0, 2], FloatFallback.Choose([(0.1, 1), (0, 1), (0.2, 5)], 0.5));

    [Fact]
    public void Choose_AmongNone_IsNone() => Assert.Empty(FloatFallback.Choose([], 1));

    [Fact]
    public void Choose_IsAsCheapAsTheBestOfAllSubsets() =>
        Gen.Select(Gen.Int[1, 100], Gen.Int[1, 100]).Array[1, 9].Sample(
            nodes =>
            {
                // Whole percents, so that the steps of the gain are exact.
                (double Gain, double Cost)[] candidates = [.. nodes.Select(n => ((double)n.Item1, (double)n.Item2))];
                var chosen = FloatFallback.Choose(candidates, 100);
                var gain = chosen.Sum(i => candidates[i].Gain);
                var best = Enumerable.Range(0, 1 << nodes.Length)
                    .Select(mask => candidates.Where((_, i) => (mask >> i & 1) == 1).ToList())
                    .Where(s => s.Sum(c => c.Gain) >= 100).Select(s => s.Sum(c => c.Cost)).DefaultIfEmpty(double.PositiveInfinity).Min();
                return double.IsPositiveInfinity(best) ? chosen.Count == nodes.Length : gain >= 100 && chosen.Sum(i => candidates[i].Cost) == best;
            },
            seed: "0N0XIzNsQ0O2");
}
