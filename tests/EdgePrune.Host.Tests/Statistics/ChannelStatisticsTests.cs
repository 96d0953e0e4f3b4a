using CsCheck;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>Statistics of channels are those of the plain sums, whatever their number.</summary>
public sealed class ChannelStatisticsTests
{
    [Fact]
    public void Covariance_OfAnyNumberOfChannels_IsThatOfThePlainSums()
    {
        var value = TestModels.MnistCnnLike().Graph.FedInputs.First();
        Gen.Select(Gen.Int[1, 37], Gen.Int[2, 40], Gen.Int[0, 1000]).Sample(
            (channels, observations, seed) =>
            {
                var random = new Random(seed);
                float[] values = [.. Enumerable.Range(0, channels * observations).Select(_ => 3 + (float)random.NextDouble())];
                var statistics = new ChannelStatistics(new AxisRef(value, 1), [.. Enumerable.Range(0, channels).Select(c => (IReadOnlyList<int>)[c])]);
                statistics.Add(Tensor.Of([observations, channels], values));
                var covariance = statistics.Covariance();

                for (var i = 0; i < channels; i++)
                {
                    Assert.Equal(Mean(o => At(o, i)), statistics.Mean(i, 0), 1e-9);
                    for (var j = 0; j < channels; j++)
                    {
                        Assert.Equal(Mean(o => At(o, i) * At(o, j)) - (Mean(o => At(o, i)) * Mean(o => At(o, j))), covariance[i, j], 1e-9);
                    }
                }

                double At(int observation, int channel) => values[(observation * channels) + channel];
                double Mean(Func<int, double> of) => Enumerable.Range(0, observations).Average(of);
            },
            iter: 100,
            threads: 1);
    }
}
