using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>What the calibration samples show of a model's tensors, by the tensors' names.</summary>
/// <param name="Values">One entry for each tensor that was looked at.</param>
/// <param name="Samples">Number of samples.</param>
internal sealed record CalibrationStatistics(IReadOnlyDictionary<string, ValueStatistics> Values, int Samples)
{
    /// <summary>What is known of a value, or null when it was not looked at.</summary>
    public ValueStatistics? Find(Value? value) => value is null ? null : Values.GetValueOrDefault(value.Name);

    /// <summary>The shapes seen, for the operators' definitions.</summary>
    public ShapeTable Shapes(Graph graph)
    {
        var shapes = new ShapeTable();
        foreach (var (name, statistics) in Values)
        {
            if (graph.Values.TryGetValue(name, out var value))
            {
                shapes.Set(value, statistics.Shape);
            }
        }

        return shapes;
    }
}

/// <summary>What the samples show of one tensor.</summary>
/// <param name="Type">Type of its elements.</param>
/// <param name="Shape">Its shape for one sample.</param>
/// <param name="Distribution">How its values are spread, or null when there are none or they are no 32-bit floats.</param>
/// <param name="IsFinite">Whether all values were finite.</param>
internal sealed record ValueStatistics(ElementType Type, long[] Shape, ValueDistribution? Distribution, bool IsFinite)
{
    /// <summary>Number of elements for one sample.</summary>
    public long Count { get; } = Tensor.Elements(Shape);

    /// <summary>Lowest and highest value; [0, 0] when nothing was seen.</summary>
    public ValueRange Seen => Distribution?.Seen ?? default;
}
