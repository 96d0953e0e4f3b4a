using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>Samples that a function makes from their number.</summary>
internal sealed class GeneratedSamples : ISampleSource
{
    public GeneratedSamples(int count, IReadOnlyList<IReadOnlyList<long>> shapes, Func<int, long, float[]> make)
    {
        Count = count;
        Inputs = [.. shapes.Select((s, k) => new SampleInput(null, s, (i, target) => make((i * shapes.Count) + k, target.Length).CopyTo(target)))];
    }

    public int Count { get; }

    public IReadOnlyList<SampleInput> Inputs { get; }

    public IReadOnlyList<int>? Labels => null;

    /// <summary>Random samples for every input of a model.</summary>
    public static GeneratedSamples For(Model model, int count = 32, float low = -1, float high = 1) =>
        new(count, Shapes(model), (i, n) => Uniform(new Random(1000 + i), n, low, high));

    /// <summary>Samples that hold one value only.</summary>
    public static GeneratedSamples Constant(Model model, float value, int count = 4) =>
        new(count, Shapes(model), (_, n) => [.. Enumerable.Repeat(value, (int)n)]);

    private static float[] Uniform(Random random, long count, float low, float high) =>
        [.. Enumerable.Range(0, (int)count).Select(_ => low + (random.NextSingle() * (high - low)))];

    private static IReadOnlyList<IReadOnlyList<long>> Shapes(Model model) =>
        [.. model.Graph.FedInputs.Select(i => (IReadOnlyList<long>)[.. i.DeclaredShape!.Skip(1).Select(d => d.Size ?? 1)])];
}
