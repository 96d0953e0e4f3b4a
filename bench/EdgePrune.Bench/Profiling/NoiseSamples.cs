using EdgePrune.Host;

namespace EdgePrune.Bench;

/// <summary>Seeded uniform noise to calibrate a model on whose accuracy nobody asks.</summary>
internal sealed class NoiseSamples(int count, params long[] shape) : ISampleSource
{
    public int Count => count;

    public IReadOnlyList<int>? Labels => null;

    public IReadOnlyList<SampleInput> Inputs => [new SampleInput(null, shape, Read)];

    private static void Read(int index, Span<float> destination)
    {
        var random = new Random(index);
        foreach (ref var value in destination)
        {
            value = random.NextSingle();
        }
    }
}
