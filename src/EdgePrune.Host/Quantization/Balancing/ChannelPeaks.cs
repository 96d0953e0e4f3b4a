using EdgePrune.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>Lowest and highest value at each index of a value's axis, over all samples.</summary>
internal sealed class ChannelPeaks
{
    private readonly float[] _low;
    private readonly float[] _high;

    /// <summary>What is known of an axis.</summary>
    public ChannelPeaks(AxisRef axis, float[] low, float[] high)
    {
        (Value, Axis) = (axis.Value.Name, axis.Axis);
        (_low, _high) = (low, high);
    }

    /// <summary>Name of the value.</summary>
    public string Value { get; }

    /// <summary>Its axis.</summary>
    public int Axis { get; }

    /// <summary>Size of the axis.</summary>
    public int Channels => _low.Length;

    /// <summary>Lowest value at an index.</summary>
    public float Low(int index) => _low[index];

    /// <summary>Highest value at an index.</summary>
    public float High(int index) => _high[index];

    /// <summary>Largest magnitude at an index.</summary>
    public float Largest(int index) => Math.Max(Math.Abs(_low[index]), Math.Abs(_high[index]));

    /// <summary>Measures axes of values.</summary>
    /// <param name="model">The model.</param>
    /// <param name="axes">The axes, of values that nodes make.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static IReadOnlyList<ChannelPeaks> Gather(Model model, IEnumerable<(AxisRef Axis, int Channels)> axes, ISampleSource samples, CancellationToken cancellationToken)
    {
        List<ChannelPeaks> peaks = [.. axes.Select(a => new ChannelPeaks(a.Axis, Filled(a.Channels, float.PositiveInfinity), Filled(a.Channels, float.NegativeInfinity)))];
        if (peaks.Count == 0)
        {
            return peaks;
        }

        using var runner = new GraphRunner(ProbedModel.Of(model, peaks.Select(p => p.Value)), new RunnerOptions { Optimize = false });
        foreach (var (feeds, _, _) in new SampleFeeder(model, samples, SampleFeeder.Few).Batches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            runner.Look(feeds, outputs => peaks.ForEach(p => p.Add(outputs[p.Value])));
        }

        return peaks;
    }

    private void Add(Tensor tensor)
    {
        var values = tensor.Span<float>();
        var inner = (int)Tensor.Elements(tensor.Dims[(Axis + 1)..]);
        for (var i = 0; i < values.Length && inner > 0; i += inner)
        {
            var index = i / inner % Channels;
            _low[index] = Math.Min(_low[index], TensorPrimitives.Min(values.Slice(i, inner)));
            _high[index] = Math.Max(_high[index], TensorPrimitives.Max(values.Slice(i, inner)));
        }
    }

    private static float[] Filled(int count, float value) => [.. Enumerable.Repeat(value, count)];
}
