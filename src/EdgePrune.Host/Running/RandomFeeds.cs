using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Random inputs for a model, the same for the same seed: standard normal floats, small integers.</summary>
public static class RandomFeeds
{
    /// <summary>One tensor for each input that must be fed.</summary>
    /// <param name="model">The model.</param>
    /// <param name="shapes">Shapes of its inputs.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>Tensors by input name.</returns>
    /// <exception cref="ModelException">An input's shape is not declared.</exception>
    public static IReadOnlyDictionary<string, Tensor> For(Model model, ShapeTable shapes, int seed)
    {
        var random = new Random(seed);
        return model.Graph.FedInputs.ToDictionary(v => v.Name, v => Fill(v, shapes, random));
    }

    private static Tensor Fill(Value input, ShapeTable shapes, Random random)
    {
        var shape = shapes.Find(input) ?? throw new ModelException(ErrorCode.ShapeMismatch,
            $"The input '{input.Name}' declares no shape, so the model cannot be analysed. Export it with a shape for every input.");
        var values = new float[Tensor.Elements(shape)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = input.ElementType.IsFloat() ? Normal(random) : random.Next(2);
        }

        return ElementCast.FromFloats(values, shape, input.ElementType);
    }

    // Box and Muller, 1958.
    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
