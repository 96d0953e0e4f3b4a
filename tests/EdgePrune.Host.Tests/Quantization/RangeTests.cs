using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>How the range of a value follows from how its values are spread.</summary>
public sealed class RangeTests
{
    [Fact]
    public void MinMax_IsWhatWasSeen() =>
        Assert.Equal(new ValueRange(-3, 7), Seen([-3, 0, 7, 1]).RangeBy(CalibrationMethod.MinMax, 99.99));

    [Fact]
    public void Extremes_BatchesThatDiffer_ReachByTheirSpreadBeyondWhatWasSeen()
    {
        var range = Seen([0, 3], [0, 5], [0, 4]).RangeBy(CalibrationMethod.Extremes, 99.99);

        Assert.Equal(0, range.Low); // It is the same in every batch.
        Assert.Equal(5 + (Math.Sqrt(6) / Math.PI * Math.Log(3)), range.High, 1e-4); // The standard deviation of 3, 4 and 5 is 1.
    }

    [Fact]
    public void Extremes_HeavyTail_GrowsByAQuarterAtMost() =>
        Assert.Equal(new ValueRange(-1, 126), Seen([-1, 1], [-1, 1], [-1, 100.6f]).RangeBy(CalibrationMethod.Extremes, 99.99), (a, b) => a.Low == b.Low && Math.Abs(a.High - b.High) < 0.01);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Extremes_BellShapedValues_HoldMostOfThreeTimesAsManySamples(int seed)
    {
        var random = new Random(seed);
        float[] Batch() => [.. Enumerable.Range(0, 400).Select(_ => (float)Normal(random))];
        var (tight, roomy) = (0, 0);
        for (var round = 0; round < 100; round++)
        {
            var seen = Seen([.. Enumerable.Range(0, 16).Select(_ => Batch())]);
            var (more, room) = (Enumerable.Range(0, 48).SelectMany(_ => Batch()).Max(), seen.RangeBy(CalibrationMethod.Extremes, 99.99));
            tight += more > seen.Seen.High ? 1 : 0;
            roomy += more > room.High ? 1 : 0;
        }

        Assert.InRange(roomy, 25, 60); // Half of the time, as the extremes that are expected are no bound.
        Assert.InRange(tight, 62, 90); // Three of four times, as the largest of four equal parts lies in each of them alike.
    }

    [Fact]
    public void MovingAverage_IsTheMeanOfTheFirstBatches_AndOneOutlierMovesItLittle()
    {
        var observer = new ValueObserver();
        observer.Observe([-1, 1]);
        observer.Observe([-3, 5]);
        Assert.Equal(new ValueRange(-2, 3), observer.Distribution!.RangeBy(CalibrationMethod.MovingAverage, 99.99));

        for (var i = 0; i < 200; i++)
        {
            observer.Observe([-2, 3]);
        }

        observer.Observe([-2, 103]);
        Assert.Equal(4, observer.Distribution!.RangeBy(CalibrationMethod.MovingAverage, 99.99).High, 0.02);
    }

    [Fact]
    public void Mse_OneOutlierAmongMany_IsClippedAsFarAsItPays()
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextSingle()), 20];
        var range = Seen(values).RangeBy(CalibrationMethod.Mse, 99.99);

        Assert.InRange(range.High, 10f, 19f); // Further in, the one clipped value costs more than all others win.
        Assert.InRange(Error(values, range), 0, Error(values, new ValueRange(0, 20)) * 0.95);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mse_IsNoWorseThanAnyShareOfTheRange(int seed)
    {
        var random = new Random(seed);
        float[] values = [.. Enumerable.Range(0, 20_000).Select(_ => (float)(Math.Log(random.NextDouble()) * (random.Next(3) == 0 ? 1 : -2)))];
        var seen = Seen(values);
        var found = Error(values, seen.RangeBy(CalibrationMethod.Mse, 99.99));

        for (var share = 0.3f; share <= 1; share += 0.05f)
        {
            Assert.InRange(found, 0, Error(values, new ValueRange(seen.Seen.Low * share, seen.Seen.High * share)) * 1.01);
        }
    }

    [Fact]
    public void Entropy_TriesMoreThanTheWholeRange()
    {
        var random = new Random(5);
        float[] values = [.. Enumerable.Range(0, 200_000).Select(_ => (float)Math.Abs(Normal(random))), .. Enumerable.Repeat(60f, 3)];
        var range = Seen(values).RangeBy(CalibrationMethod.Entropy, 99.99);

        Assert.Equal(0, range.Low, 0.01);
        Assert.InRange(range.High, 2, 30);
    }

    [Fact]
    public void Entropy_ManyZeros_DoNotPullTheRangeTogether()
    {
        var random = new Random(5);
        float[] values = [.. Enumerable.Range(0, 50_000).Select(_ => random.NextSingle() * 8), .. new float[50_000]];

        Assert.InRange(Seen(values).RangeBy(CalibrationMethod.Entropy, 99.99).High, 7, 8);
    }

    [Theory]
    [InlineData(CalibrationMethod.MinMax)]
    [InlineData(CalibrationMethod.MovingAverage)]
    [InlineData(CalibrationMethod.Percentile)]
    [InlineData(CalibrationMethod.Mse)]
    [InlineData(CalibrationMethod.Entropy)]
    public void EveryMethod_StaysWithinWhatWasSeen(CalibrationMethod method)
    {
        foreach (var values in new float[][] { [0, 0, 0], [5, 5], [-4, -4, -4], [1e30f, -1e30f, 0], [1e-38f, 2e-38f], [-1, -2, -3, -1000] })
        {
            var distribution = Seen(values);
            var range = distribution.RangeBy(method, 99.99);
            Assert.InRange(range.Low, distribution.Seen.Low, distribution.Seen.High);
            Assert.InRange(range.High, range.Low, distribution.Seen.High);
        }
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double Error(float[] values, ValueRange range)
    {
        var parameters = AffineParameters.FromRange(range);
        return values.Average(v => Math.Pow(v - (parameters.Scale * (parameters.Quantize(v) - parameters.ZeroPoint)), 2));
    }

    private static ValueDistribution Seen(params float[][] batches)
    {
        var observer = new ValueObserver();
        Array.ForEach(batches, b => observer.Observe(b));
        return observer.Distribution!;
    }
}
