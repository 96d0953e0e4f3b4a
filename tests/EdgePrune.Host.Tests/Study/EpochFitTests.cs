namespace EdgePrune.Host.Tests;

public sealed class EpochFitTests
{
    private const double Original = 99;
    private static readonly int[] Epochs = [0, 1, 3, 7, 15];

    [Fact]
    public void Fit_OfAKnownLine_FindsIt()
    {
        // log(1 + k) = -1 + 4 r, and the loss falls linearly in it through the tolerance.
        var curve = Fit([0.3, 0.5, 0.7, 0.9], (r, k) => 0.5 + (2 * (-1 + (4 * r) - Math.Log(1 + k))));

        Assert.Equal([1, 3, 7, 15], curve.Needs.Select(n => n.Epochs!.Value));
        Assert.Equal((-1, 4), (Math.Round(curve.Line!.Intercept, 6), Math.Round(curve.Line.Slope, 6)));
        Assert.True(curve.Rises);
        Assert.Equal(Math.Exp(1.4) - 1, curve.At(0.6)!.Value, 1e-6);
        Assert.Equal(curve.Line.At(0.6), curve.At(0.6)!.Value, 1e-6);
        Assert.Contains("structured: the more is pruned, the more epochs it needs.", EpochWords.Lines(curve));
    }

    [Fact]
    public void Fit_OfNoisyCells_StaysNearTheTruth()
    {
        var noise = new Random(3);
        double[] rates = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
        var curve = Fit(rates, (r, k) => 0.5 + (2 * (-1 + (4 * r) - Math.Log(1 + k))) + (0.3 * (noise.NextDouble() - 0.5)));

        Assert.All(rates, r => Assert.InRange(Math.Log(1 + curve.At(r)!.Value), (4 * r) - 1 - 0.3, (4 * r) - 1 + 0.3));
        Assert.InRange(curve.Line!.Slope, 3, 5);
        Assert.All(curve.Needs.Zip(curve.Needs.Skip(1)), p => Assert.True(p.First.Fitted <= p.Second.Fitted));
    }

    [Fact]
    public void Fit_OfARateOutOfReach_SaysSoAndNothingBeyond()
    {
        var curve = Fit([0.5, 0.9], (r, k) => r > 0.8 ? 6 - Math.Min(k, 3) : 2.0 / (1 + k));

        Assert.Null(curve.Needs[1].Epochs);
        Assert.Null(curve.At(0.9));
        Assert.Null(curve.At(0.7));
        Assert.Null(curve.At(0.95));
        Assert.NotNull(curve.At(0.5));
        Assert.NotNull(curve.At(0.2));
        Assert.Null(curve.Line);
        Assert.True(curve.Rises);
        Assert.Equal("structured, 90 % is out of reach: 3 points are lost after 15 epochs, and those beyond 3 brought less than 0.5.", EpochWords.Lines(curve)[1]);
    }

    [Fact]
    public void Fit_WhereNothingIsLost_NeedsNoTraining()
    {
        var curve = Fit([0.3, 0.5, 0.7], (_, _) => 0.1);

        Assert.All(curve.Needs, n => Assert.Equal((0, 0.0), (n.Epochs!.Value, n.Fitted!.Value)));
        Assert.False(curve.Rises);
        Assert.Null(curve.Line);
        Assert.Equal("structured, 30 % needs no training: at most 0.5 points are lost untrained.", EpochWords.Lines(curve)[0]);
        Assert.Contains("structured: no measured rate needs training.", EpochWords.Lines(curve));
    }

    [Fact]
    public void Fit_WhereMorePruningNeedsLess_DoesNotSayOtherwise()
    {
        var curve = Fit([0.3, 0.5, 0.7], (r, k) => 0.5 + (2 * (2.5 - (2 * r) - Math.Log(1 + k))));

        Assert.False(curve.Rises);
        Assert.Contains("structured: the measured rates do not show that more pruning needs more epochs.", EpochWords.Lines(curve));
        Assert.DoesNotContain(EpochWords.Lines(curve), l => l.Contains("over", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_OfALuckyEpoch_IsNotMisled()
    {
        // Alone, the second number of epochs would be within the tolerance at once.
        var curve = Fit([0.5], (_, k) => k switch { 0 => 4, 1 => 3, 3 => 0.45, 7 => 2.5, _ => 0.2 });

        Assert.Equal(15, curve.Needs[0].Epochs);
    }

    [Fact]
    public void Fit_OfOneRate_SaysNothingOfTheTrend() => Assert.Single(EpochWords.Lines(Fit([0.5], (_, k) => 1.0 / (1 + k))));

    [Fact]
    public void Fit_WithoutTrainedCells_IsNone()
    {
        Assert.Empty(EpochFit.Of(Studies.Cells([0.5], [0], (_, _) => 97, Original), 0.5));
        Assert.Empty(EpochFit.Of([], 0.5));
    }

    [Fact]
    public void Fit_OfSeveralSeeds_TakesTheirMean()
    {
        List<StudyCell> cells = [.. Studies.Cells([0.5], [0, 1], (_, k) => k == 0 ? 90 : 98.4, Original, seed: 1), .. Studies.Cells([0.5], [0, 1], (_, k) => k == 0 ? 90 : 98.8, Original, seed: 2)];

        Assert.Equal(1, EpochFit.Of(cells, 0.5).Single().Needs[0].Epochs);
    }

    private static EpochCurve Fit(double[] rates, Func<double, int, double> loss) =>
        Assert.Single(EpochFit.Of(Studies.Cells(rates, Epochs, (r, k) => Original - loss(r, k), Original), 0.5));
}
