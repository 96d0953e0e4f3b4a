using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>Criteria that look at activations, against numbers worked by hand.</summary>
public sealed class SampleCriteriaTests
{
    // Channel 0 is relu(x), channel 1 relu(-x). Pixels 2, -1 and 0, 4: channel 0 sees 2, 0, 0, 4, channel 1 sees 0, 1, 0, 0.
    private static readonly float[][] TwoImages = [[2, -1], [0, 4]];

    [Fact]
    public void Activation_IsTheMeanMagnitudeWhereItIsRead() =>
        Assert.Equal([2 * 6 / 7.0, 2 * 1 / 7.0], TinyGroups.Score("activation", TinyGroups.Flat(), TwoImages), TinyGroups.Close);

    [Fact]
    public void Apoz_IsTheShareThatIsNotZero() =>
        Assert.Equal([0.5, 0.25], TinyGroups.Score("apoz", TinyGroups.Flat(), TwoImages), TinyGroups.Close);

    [Fact]
    public void Wanda_JoinsWeightsAndActivationsOfEveryPosition()
    {
        // Mean squares: channel 0 has 4/2 and 16/2, channel 1 has 0 and 1/2. Columns squared: 1, 4 and 9, 36.
        var (first, second) = (Math.Sqrt((1 * 2) + (4 * 8)), Math.Sqrt(36 * 0.5));
        var mean = (first + second) / 2;

        Assert.Equal([first / mean, second / mean], TinyGroups.Score("wanda", TinyGroups.Flat(), TwoImages), TinyGroups.Close);
    }

    [Fact]
    public void Wanda_OfAGroupedReader_WeighsEachChannelByItsOwnBlock() =>
        Assert.Equal([0.4, 0.8, 1.2, 1.6], TinyGroups.Score("wanda", TinyGroups.Grouped(), TwoImages), TinyGroups.Close);

    [Fact]
    public void Wanda_BehindConcat_TakesEachPartsOwnColumns()
    {
        // Channels are 1, 2 and 3, 4 times relu(x), read with as much: products go as squares.
        var analysis = ModelAnalysis.Of(TinyGroups.Joined());

        Assert.Equal([1 / 2.5, 4 / 2.5], TinyGroups.Score("wanda", analysis, 0, TwoImages), TinyGroups.Close);
        Assert.Equal([9 / 12.5, 16 / 12.5], TinyGroups.Score("wanda", analysis, 1, TwoImages), TinyGroups.Close);
    }

    [Fact]
    public void Activation_OfASpine_IsThatOfTheSum() =>
        Assert.Equal([4 / 3.5, 3 / 3.5], TinyGroups.Score("activation", TinyGroups.Spine(), TwoImages), TinyGroups.Close);

    [Fact]
    public void Activation_BehindADepthwiseConvolution_IsWhatItGives() =>
        Assert.Equal([0.5, 1.5], TinyGroups.Score("activation", TinyGroups.Depthwise(), TwoImages), TinyGroups.Close);

    [Fact]
    public void Apoz_WithoutASingleZero_IsTheNorm() =>
        Assert.Equal(TinyGroups.Score("l2", TinyGroups.Spine()), TinyGroups.Score("apoz", TinyGroups.Spine(), [1, 2]));

    [Theory]
    [InlineData("activation")]
    [InlineData("apoz")]
    [InlineData("wanda")]
    public void Score_WithoutStatistics_IsTheNorm(string criterion) =>
        Assert.Equal(TinyGroups.Score("l2", TinyGroups.Flat()), TinyGroups.Score(criterion, TinyGroups.Flat()));

    [Fact]
    public void Counters_OfBatches_AreThoseOfAllSamplesTogether()
    {
        float[] values = [1, -2, 0, 0, 3, 4];
        var (whole, parts) = (new ActivationCounters(axis: 1, size: 3), new ActivationCounters(axis: 1, size: 3));

        whole.Add(Tensor.Of([2, 3], values));
        parts.Add(Tensor.Of([1, 3], values.AsSpan(0, 3)));
        parts.Add(Tensor.Of([1, 3], values.AsSpan(3)));

        Assert.Equal([(0.5, 0.5, 0.5), (2.5, 6.5, 0), (2, 8, 0.5)], Enumerable.Range(0, 3).Select(i => (whole.MeanMagnitude(i), whole.MeanSquare(i), whole.ShareOfZeros(i))));
        Assert.Equal(Enumerable.Range(0, 3).Select(whole.MeanSquare), Enumerable.Range(0, 3).Select(parts.MeanSquare));
    }

    [Fact]
    public void Counters_WithoutSamples_AreZero() => Assert.Equal(0, new ActivationCounters(1, 2).MeanMagnitude(1));
}
