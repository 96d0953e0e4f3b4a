namespace EdgePrune.Bench;

/// <summary>What the calibration samples show of one value of a float model: enough for every method of others.</summary>
internal sealed class ValueRecord
{
    /// <summary>Bins of the histogram, as many as ONNX Runtime's percentile calibration has.</summary>
    public const int Bins = 2048;

    private readonly long[] _counts = new long[Bins];
    private double[]? _channelSums;
    private double _sumOfLows;
    private double _sumOfHighs;
    private double _sumOfMagnitudes;
    private long _perChannel;
    private int _samples;

    /// <summary>Shape for one sample.</summary>
    public required IReadOnlyList<long> Shape { get; init; }

    public float Low { get; private set; } = float.PositiveInfinity;

    public float High { get; private set; } = float.NegativeInfinity;

    /// <summary>Mean over the samples of each sample's lowest value.</summary>
    public double MeanLow => _sumOfLows / _samples;

    /// <summary>Mean over the samples of each sample's highest value.</summary>
    public double MeanHigh => _sumOfHighs / _samples;

    /// <summary>Mean over the samples of each sample's largest magnitude.</summary>
    public double MeanMagnitude => _sumOfMagnitudes / _samples;

    /// <summary>Counts of values in bins of equal width from minus to plus the largest magnitude.</summary>
    public SymmetricHistogram Histogram => new(Bound, _counts);

    /// <summary>Mean of each channel: axis 1 of images, the last axis of anything else.</summary>
    public double[] ChannelMeans => Array.ConvertAll(_channelSums!, s => s / _perChannel);

    private double Bound => Math.Max(Math.Abs(Low), Math.Abs(High)) is > 0 and var bound ? bound : 0.5;

    /// <summary>Sees one sample in the first pass.</summary>
    public void Range(ReadOnlySpan<float> values)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in values)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        (Low, High) = (Math.Min(Low, low), Math.Max(High, high));
        _sumOfLows += low;
        _sumOfHighs += high;
        _sumOfMagnitudes += Math.Max(Math.Abs(low), Math.Abs(high));
        _samples++;
        AddChannels(values);
    }

    /// <summary>Sees one sample in the second pass, when the range is known.</summary>
    public void Count(ReadOnlySpan<float> values)
    {
        var (bound, perUnit) = (Bound, Bins / (2 * Bound));
        foreach (var value in values)
        {
            _counts[Math.Clamp((int)((value + bound) * perUnit), 0, Bins - 1)]++;
        }
    }

    private void AddChannels(ReadOnlySpan<float> values)
    {
        var axis = Shape.Count > 3 ? 1 : Shape.Count - 1;
        var channels = axis < 0 ? 1 : (int)Shape[axis];
        var inner = (int)Shape.Skip(axis + 1).Aggregate(1L, (a, b) => a * b);
        _channelSums ??= new double[channels];
        for (var i = 0; i < values.Length; i++)
        {
            _channelSums[i / inner % channels] += values[i];
        }

        _perChannel += values.Length / channels;
    }
}
