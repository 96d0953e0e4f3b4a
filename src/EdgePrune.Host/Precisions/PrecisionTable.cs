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
            Cost = new() { StoredBytes = 1, WeightBytes = 1, ActivationBytes = 1, IsInteger = true, Compressed = c => c.Int8, Reaches = (node, _) => IntegerOperators.Reaches(node) },
            Counted = "Operators with an integer kernel in int8, conversions not counted.",
        },
        new()
        {
            Precision = Precision.Dynamic, Name = "dynamic", StoredIn = "dynamic int8", Conversion = new DynamicInt8(), Quanta = "int8", Style = "s4",
            Cost = new() { StoredBytes = 1, WeightBytes = 1, IsInteger = true, Compressed = c => c.Int8, Reaches = DynamicInt8.Reaches },
            Counted = "MatMul, Gemm and LSTM with 8-bit weights and integer products, finding the ranges of their inputs not counted.",
            Suits = f => !f.IsConvolutional && f.IsSequential && f.RoundableShare >= 0.5,
            Why = f => $"{AdviceWords.Percent(f.RoundableShare)} of the parameters are weights of MatMul, Gemm and LSTM, and in recurrent layers and attention the ranges of activations follow the input: found anew each time they are never wrong, which costs the time to find them.",
        },
        new()
        {
            // ONNX Runtime makes 32-bit floats of them when it loads the model.
            Precision = Precision.Float16, Name = "float16", StoredIn = "16-bit floats", Conversion = new Float16Weights(), Style = "s5",
            Cost = new() { StoredBytes = 2, FirstWeight = 0, Compressed = c => c.Float16 },
            Counted = "Weights of 16 bits in the file, and of 32 once it is loaded.",
            Suits = f => !f.IsConvolutional && f.HasHalfArithmetic,
            Why = _ => "The target's cores compute with 16-bit floats. ONNX Runtime does not yet make them do so: it turns the weights back into 32-bit floats when it loads the model. File and transfer are about halved, memory and time stay.",
        },
        new()
        {
            // Blocks of 128 with a scale.
            Precision = Precision.Weights8, Name = "weights8", StoredIn = "8-bit weights", Conversion = new WeightOnly(bits: 8), Style = "s6",
            Cost = new() { StoredBytes = 1 + (4 / 128.0), WeightBytes = 1 + (4 / 128.0), Compressed = c => c.Int8 + (1 / 128.0), Reaches = WeightOnly.Reaches },
            Counted = "MatMul and Gemm with 8-bit weights in blocks of 128, and products of floats.",
            Suits = f => !f.IsConvolutional && f.LargeDenseShare >= 0.5,
            Why = Large,
        },
        new()
        {
            // Blocks of 32 with a scale and a zero point of half a byte: what so few bits need.
            Precision = Precision.Weights4, Name = "weights4", StoredIn = "4-bit weights", Conversion = new WeightOnly(bits: 4), Style = "s7",
            Cost = new() { StoredBytes = 0.5 + (4.5 / 32), WeightBytes = 0.5 + (4.5 / 32), Compressed = c => c.Int4 + (4.5 / 128), Reaches = WeightOnly.Reaches },
            Counted = "MatMul and Gemm with 4-bit weights in blocks of 32, and products of floats.",
            Suits = f => !f.IsConvolutional && f.LargeDenseShare >= 0.5,
            Why = f => $"{Large(f)} 4 bits change a weight by several percent of its norm: score the model before it is shipped.",
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

    private static string Large(PrecisionFacts facts) =>
        $"{AdviceWords.Percent(facts.LargeDenseShare)} of the parameters are in weights of MatMul and Gemm so large that reading them takes the time. Activations stay floats.";
}
