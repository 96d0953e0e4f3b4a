using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>
/// New weights for a model: each weight of a contraction normal with variance 2 / fan-in (He et al., 2015), biases 0, normalizations
/// as if there were none. What is none of these keeps its numbers.
/// </summary>
internal static class FirstWeights
{
    private static readonly string[] Normalizations = ["BatchNormalization", "InstanceNormalization", "LayerNormalization", "GroupNormalization", "RMSNormalization", "SimplifiedLayerNormalization"];

    /// <summary>Draws weights for a copy of a model; equal seeds draw equal weights.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The copy.</returns>
    public static Model Draw(Model model, int seed)
    {
        var copy = model.Clone();
        PassSequence.Run(copy, new ConstantNodesToInitializers());
        var editor = new GraphEditor(copy.Graph);
        var kernels = Kernels(copy);
        foreach (var value in copy.Graph.Initializers.Where(v => v.Constant!.ElementType.IsFloat()).ToList())
        {
            if (kernels.TryGetValue(value, out var fanIn))
            {
                editor.SetInitializer(value, Normal(value.Constant!, Math.Sqrt(2.0 / fanIn), new Random(HashSeed.Of(seed, editor.Graph.Initializers.ToList().IndexOf(value)))));
            }
            else if (Constant(value) is { } number)
            {
                editor.SetInitializer(value, value.Constant!.Map((_, _) => number));
            }
        }

        return copy;
    }

    // What one output sums over: input channels of one block, times taps.
    private static Dictionary<Value, int> Kernels(Model model)
    {
        var shapes = ShapeProbe.Complete(model, ShapeInference.Infer(model.Graph));
        var linker = ChannelLinker.Link(model.Graph, shapes);
        Dictionary<Value, int> kernels = [];
        foreach (var contraction in linker.Contractions.Where(c => c.Weight.Value.Constant is not null))
        {
            var view = WeightView.Of(contraction);
            kernels.TryAdd(contraction.Weight.Value, view.Inputs / view.Blocks * view.Taps);
        }

        foreach (var carry in linker.Carries.Where(c => c.Weight.Value.Constant is not null))
        {
            var dims = carry.Weight.Value.Constant!.Dims;
            kernels.TryAdd(carry.Weight.Value, (int)Math.Max(1, Tensor.Elements(dims) / dims[carry.Weight.Axis]));
        }

        return kernels;
    }

    // Biases are 0, also those added behind a matrix product; scales are 1.
    private static float? Constant(Value value)
    {
        var roles = value.Uses.Where(u => u.Index >= 0).Select(u => Role(u.Node, u.Index, value.Constant!)).Distinct().ToList();
        return roles.Count == 1 ? roles[0] : null;
    }

    private static float? Role(Node node, int input, Tensor constant) => node.OperatorType switch
    {
        _ when Normalizations.Contains(node.OperatorType) => input is 1 or 4 ? 1 : 0,
        "Conv" or "ConvTranspose" or "Gemm" when input == 2 => 0,
        "Add" when constant.Rank > 0 && constant.Dims.ToArray().Count(d => d > 1) <= 1 => 0,
        _ => null,
    };

    // Box and Muller, 1958.
    private static Tensor Normal(Tensor shape, double deviation, Random random) => shape.Map((_, _) =>
        (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())));
}
