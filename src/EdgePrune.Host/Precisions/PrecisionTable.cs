using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>All precisions. A new one is a member of <see cref="Precision"/>, a line here, and an <see cref="IPrecisionConversion"/> that makes it.</summary>
public static class PrecisionTable
{
    /// <summary>The precisions, in the order of <see cref="Precision"/>.</summary>
    public static IReadOnlyList<PrecisionForm> All { get; } =
    [
        new() { Precision = Precision.Float32, Name = "float32", StoredIn = "32-bit floats" },
        new()
        {
            Precision = Precision.Int8, Name = "int8", StoredIn = "int8", NeedsSamples = true, Quanta = "int8", Style = "s2",
            Cost = new() { StoredBytes = 1, WeightBytes = 1, ActivationBytes = 1, IsInteger = true, Reaches = (node, _) => IntegerOperators.Reaches(node) },
        },
        new()
        {
            Precision = Precision.Dynamic, Name = "dynamic", StoredIn = "dynamic int8", Conversion = new DynamicInt8(), Quanta = "int8", Style = "s4",
            Cost = new() { StoredBytes = 1, WeightBytes = 1, IsInteger = true, Reaches = DynamicInt8.Reaches },
            Suits = f => !f.IsConvolutional && f.IsSequential && f.RoundableShare >= 0.5,
        },
        new()
        {
            // ONNX Runtime makes 32-bit floats of them when it loads the model.
            Precision = Precision.Float16, Name = "float16", StoredIn = "16-bit floats", Conversion = new Float16Weights(), Style = "s5",
            Cost = new() { StoredBytes = 2, FirstWeight = 0 },
            Suits = f => !f.IsConvolutional && f.HasHalfArithmetic,
        },
        new()
        {
            // Blocks of 128 with a scale.
            Precision = Precision.Weights8, Name = "weights8", StoredIn = "8-bit weights", Conversion = new WeightOnly(bits: 8), Style = "s6",
            Cost = new() { StoredBytes = 1 + (4 / 128.0), WeightBytes = 1 + (4 / 128.0), Reaches = WeightOnly.Reaches },
            Suits = f => !f.IsConvolutional && f.LargeDenseShare >= 0.5,
        },
        new()
        {
            // Blocks of 32 with a scale and a zero point of half a byte: what so few bits need.
            Precision = Precision.Weights4, Name = "weights4", StoredIn = "4-bit weights", Conversion = new WeightOnly(bits: 4), Style = "s7",
            Cost = new() { StoredBytes = 0.5 + (4.5 / 32), WeightBytes = 0.5 + (4.5 / 32), Reaches = WeightOnly.Reaches },
            Suits = f => !f.IsConvolutional && f.LargeDenseShare >= 0.5,
        },
    ];

    /// <summary>Names of all precisions.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(f => f.Name)];

    /// <summary>What there is to know of a precision.</summary>
    /// <param name="precision">The precision.</param>
    /// <returns>Its line.</returns>
    public static PrecisionForm Of(Precision precision) => All[(int)precision];

    /// <summary>Finds a precision by its name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Its line.</returns>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>: there is none of that name.</exception>
    public static PrecisionForm Find(string name) =>
        All.FirstOrDefault(f => f.Name == name)
        ?? throw new InputException(ErrorCode.InvalidOption, $"There is no precision '{name}'. Choose of {string.Join(", ", Names)}.");

    /// <summary>The precisions that are worth trying for a model on a target. Models of convolutions get float32 and int8.</summary>
    /// <param name="analysis">The model.</param>
    /// <param name="target">The target, or null when nothing is known of it.</param>
    /// <returns>The precisions, float32 first.</returns>
    public static IReadOnlyList<Precision> Suiting(ModelAnalysis analysis, Target? target)
    {
        var facts = PrecisionFacts.Of(analysis, target);
        return [.. All.Where(f => f.Suits(facts)).Select(f => f.Precision)];
    }
}
