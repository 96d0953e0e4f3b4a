using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Makes the input and the expected output of a bundle's self-test. Free dimensions, the batch included, are 1. A model
/// with several inputs gets the elements of all of them, one input after the other in the graph's order;
/// <see cref="SelfTest.InputShape"/> is the first one's shape, and a reader cuts the rest by the shapes the model declares.
/// </summary>
internal sealed record SelfTestMaker
{
    private SelfTestMaker()
    {
    }

    public required IReadOnlyList<long> InputShape { get; init; }

    public required ReadOnlyMemory<byte> Input { get; init; }

    public required ReadOnlyMemory<byte> Output { get; init; }

    public static SelfTestMaker Make(ReadOnlyMemory<byte> model, int seed)
    {
        var graph = OnnxFile.Read(model.Span).Graph;
        var random = new Random(seed);
        var inputs = graph.FedInputs.Select(i => (i.Name, Tensor: RandomTensor(i, random))).ToList();
        if (inputs.Count == 0)
        {
            throw new ModelException(ErrorCode.ModelRejected, "The model has no input, so no self-test can be made for it. Bundle a model that takes an input.");
        }

        using var runner = new GraphRunner(model.ToArray());
        var output = runner.Run(inputs.ToDictionary(i => i.Name, i => i.Tensor))[0];
        return new SelfTestMaker
        {
            InputShape = inputs[0].Tensor.Dims.ToArray(),
            Input = inputs.SelectMany(i => i.Tensor.Bytes.ToArray()).ToArray(),
            Output = MemoryMarshal.AsBytes<float>(RequireFinite(output)).ToArray(),
        };
    }

    private static float[] RequireFinite(Tensor output)
    {
        if (!output.ElementType.IsFloat() || output.Count == 0)
        {
            throw new ModelException(ErrorCode.ModelRejected, $"The model's first output is {output.ElementType} of shape [{string.Join(", ", output.Dims.ToArray())}]; a self-test compares real numbers. Put a float output first.");
        }

        var values = output.ToFloats();
        return values.All(float.IsFinite)
            ? values
            : throw new ModelException(ErrorCode.ModelRejected, "The model gives infinite values or no numbers on a random input, so devices would refuse it. Check its weights with 'edgeprune evaluate'.");
    }

    private static Tensor RandomTensor(Value input, Random random)
    {
        var dims = input.DeclaredShape?.Select(d => d.Size is > 0 and { } size ? size : 1).ToArray()
            ?? throw new ModelException(ErrorCode.ShapeMismatch, $"Input '{input.Name}' declares no shape, so no self-test can be made. Export the model with input shapes.");
        var count = Tensor.Elements(dims);
        if (count > Array.MaxLength / sizeof(float))
        {
            throw new ModelException(ErrorCode.ShapeMismatch, $"Input '{input.Name}' has {count} elements, too many for a self-test. Export the model with free dimensions.");
        }

        var values = new float[count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Draw(input.ElementType, random);
        }

        return ElementCast.FromFloats(values, dims, input.ElementType);
    }

    // Whole numbers are often indices or masks, where only 0 and 1 are always allowed; reals spread like normalised data.
    private static float Draw(ElementType type, Random random) => type switch
    {
        ElementType.UInt8 => random.Next(256),
        ElementType.Int8 => random.Next(-128, 128),
        _ when type.IsFloat() || type == ElementType.Undefined => (2 * random.NextSingle()) - 1,
        _ => random.Next(2),
    };
}
