namespace EdgePrune.Host.Tests;

public sealed class BudgetJudgeTests
{
    [Fact]
    public void PairedDeviation_CountsOnlyTheSamplesThatDiffer()
    {
        bool[] original = [.. Enumerable.Repeat(true, 90), .. Enumerable.Repeat(false, 10)];
        bool[] candidate = [.. Enumerable.Repeat(false, 6), .. Enumerable.Repeat(true, 84), .. Enumerable.Repeat(true, 2), .. Enumerable.Repeat(false, 8)];

        // Six losses, two gains, one pair added: sqrt(6 + 2 + 1 - 4^2 / 100) / 100.
        Assert.Equal(Math.Sqrt(8.84) / 100, BudgetJudge.PairedDeviation(original, candidate), 1e-12);
    }

    [Fact]
    public void PairedDeviation_OfEqualOutcomes_IsStillAboveZero() =>
        Assert.Equal(1.0 / 50, BudgetJudge.PairedDeviation([.. Enumerable.Repeat(true, 50)], [.. Enumerable.Repeat(true, 50)]), 1e-12);

    [Theory]
    [InlineData(0.9, 1.1, true)]
    [InlineData(1.1, 1.2, false)]
    [InlineData(0.8, 0.9, false)]
    public void IsUndecided_OnlyWhenTheEstimateIsWithinAndTheBoundIsNot(double estimate, double upper, bool expected) =>
        Assert.Equal(expected, BudgetJudge.IsUndecided([new BudgetCheck("latencyP95", "s", 1, estimate, upper, upper <= 1)]));
}
