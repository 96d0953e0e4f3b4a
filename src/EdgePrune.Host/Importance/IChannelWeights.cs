using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>One constant as a group sees it: every channel has elements of its own in it.</summary>
internal interface IChannelWeights
{
    /// <summary>The constant.</summary>
    Value Weight { get; }

    /// <summary>Row-major places of one channel's elements.</summary>
    IEnumerable<int> Places(int channel);

    /// <summary>Sum of |w| to a power over each channel's elements.</summary>
    /// <param name="power">1 or 2.</param>
    double[] Sums(int power);

    /// <summary>The elements of one channel, always in the same order.</summary>
    float[] Read(int channel);
}
