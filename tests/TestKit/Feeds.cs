using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>Inputs for a model.</summary>
public static class Feeds
{
    /// <summary>Random inputs: floats in [-1, 1), whole numbers 0 or 1.</summary>
    /// <param name="model">The model; its inputs declare their shapes.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="freeDimension">Size of every dimension that the model leaves free.</param>
    /// <returns>A tensor for each fed input by name.</returns>
    public static IReadOnlyDictionary<string, Tensor> Random(Model model, int seed, int freeDimension = 1)
    {
        var random = new Random(seed);
        return model.Graph.FedInputs.ToDictionary(v => v.Name, v => Make(v, random, freeDimension), StringComparer.Ordinal);
    }

    private static Tensor Make(Value input, Random random, int freeDimension)
    {
        long[] dims = [.. input.DeclaredShape!.Select(d => d.Size ?? freeDimension)];
        var count = Tensor.Elements(dims);
        if (input.ElementType.IsFloat())
        {
            return new Tensor(input.ElementType, dims, new byte[count * input.ElementType.Size()]).WithFloats(Numbers.Uniform(random, count));
        }

        var bytes = new byte[count * input.ElementType.Size()];
        for (var i = 0; i < count; i++)
        {
            bytes[i * input.ElementType.Size()] = (byte)random.Next(2);
        }

        return new Tensor(input.ElementType, dims, bytes);
    }
}
