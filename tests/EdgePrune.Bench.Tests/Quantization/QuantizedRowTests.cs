namespace EdgePrune.Bench.Tests;

/// <summary>Means over draws, and differences sample by sample.</summary>
public sealed class QuantizedRowTests
{
    [Fact]
    public void Mean_OfDraws_AveragesFiguresAndKeepsTheLargestChange()
    {
        var mean = QuantizedRow.Mean([Row(90, 4, 0.5) with { Right = [1, 0] }, Row(92, 6, 0.25) with { Right = [1, 1] }]);

        Assert.Equal((91, 5, 0.5), (mean.Accuracy, mean.Changed, mean.LargestChange));
        Assert.Equal(1, mean.AccuracyError, 1e-12); // The deviation of 90 and 92 is the root of 2, that of their mean 1.
        Assert.Equal([1, 0.5], mean.Right);
    }

    [Fact]
    public void Mean_OfOneDraw_HasNoError() => Assert.Equal(0, QuantizedRow.Mean([Row(90, 4, 0.5)]).AccuracyError);

    [Fact]
    public void Paired_SamplesThatBothGet_AddNothing()
    {
        var (mean, error) = QuantizedRow.Paired([1, 1, 1, 0], [1, 1, 0, 0]);

        Assert.Equal(25, mean, 1e-12);
        Assert.Equal(25, error, 1e-12); // Of 0, 0, 100 and 0: deviation 50, over the root of 4.
    }

    private static QuantizedRow Row(double accuracy, double changed, double largest) => new("method", accuracy, changed, largest, 0.01, 100, 4, 0);
}
