namespace EdgePrune.Bench.Tests;

public sealed class FastBiasCorrectionTests
{
    [Fact]
    public void Correct_SmallShift_GoesIntoTheBias()
    {
        Assert.Equal([1.25f, -2.5f], FastBiasCorrection.Correct([1, -2], [3.25, 4], [3, 4.5])!);
    }

    [Fact]
    public void Correct_OneShiftTwiceItsBias_LeavesTheWholeLayer()
    {
        Assert.Null(FastBiasCorrection.Correct([1, 0.125f], [3.25, 4], [3, 4.25]));
    }

    [Fact]
    public void Correct_OneBiasExactlyZero_LeavesTheWholeLayer()
    {
        Assert.Null(FastBiasCorrection.Correct([1, 0], [3.25, 4], [3, 4]));
    }
}
