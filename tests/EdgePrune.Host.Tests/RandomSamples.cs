using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>Seeded random samples, correlated between neighbours as real activations are.</summary>
internal sealed class RandomSamples(int count, params long[] shape) : ISampleSource
{
    public int Count => count;

    public IReadOnlyList<int>? Labels { get; init; }

    public IReadOnlyList<SampleInput> Inputs => [new SampleInput(null, shape, Read)];

    public static RandomSamples For(Model model, int count)
    {
        var declared = model.Graph.FedInputs.First().DeclaredShape!;
        return new RandomSamples(count, [.. declared.Skip(1).Select(d => d.Size ?? 1)]);
    }

    private static void Read(int index, Span<float> destination)
    {
        var random = new Random(1000 + index);
        var level = 0f;
        for (var i = 0; i < destination.Length; i++)
        {
            level = (0.7f * level) + (float)(random.NextDouble() * 2) - 1;
            destination[i] = level;
        }
    }
}
