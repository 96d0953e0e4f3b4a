using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>All that decides what a quantized model looks like; every step of the search makes a new one.</summary>
/// <param name="Prepared">The float model.</param>
/// <param name="Statistics">What the samples showed of it.</param>
/// <param name="Signed">Whether activations are signed.</param>
internal sealed record QuantizationRecipe(Model Prepared, CalibrationStatistics Statistics, bool Signed)
{
    /// <summary>Nodes that stay in float, by label or name of the first output, and why.</summary>
    public IReadOnlyDictionary<string, string> KeepFloat { get; init; } = new Dictionary<string, string>();

    /// <summary>How ranges are chosen.</summary>
    public CalibrationMethod Method { get; init; } = CalibrationMethod.MinMax;

    /// <summary>The share that <see cref="CalibrationMethod.Percentile"/> keeps, in percent.</summary>
    public double Percentile { get; init; } = 99.99;

    /// <summary>How ranges of single values are chosen where it is not by <see cref="Method"/>, by name.</summary>
    public IReadOnlyDictionary<string, CalibrationMethod> Methods { get; init; } = new Dictionary<string, CalibrationMethod>();

    /// <summary>Weights that are not rounded to the nearest integer, by the name of the node's first output.</summary>
    public IReadOnlyDictionary<string, RoundedWeight> Weights { get; init; } = new Dictionary<string, RoundedWeight>();

    /// <summary>What is added to biases, a number for each channel, by the name of the node's first output.</summary>
    public IReadOnlyDictionary<string, float[]> BiasShifts { get; init; } = new Dictionary<string, float[]>();

    /// <summary>Scale and zero point of values that are not chosen by ranges, by name: the bytes that a model takes.</summary>
    public IReadOnlyDictionary<string, AffineParameters> Fixed { get; init; } = new Dictionary<string, AffineParameters>();

    /// <summary>What a device measured of the model, or null where the work is estimated.</summary>
    public QuantizationCosts? Costs { get; init; }

    /// <summary>The range of a value.</summary>
    public ValueRange RangeOf(Value value) =>
        Statistics.Find(value)?.Distribution?.RangeBy(Methods.GetValueOrDefault(value.Name, Method), Percentile) ?? default;
}
