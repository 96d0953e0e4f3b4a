using EdgePrune.Host;

namespace EdgePrune.Bench;

/// <summary>Random samples that are made when they are read, so that they take no memory of their own.</summary>
/// <param name="shape">Shape of one sample.</param>
/// <param name="count">Number of samples.</param>
internal sealed class RandomImages(IReadOnlyList<long> shape, int count) : ISampleSource
{
    public int Count => count;

    public IReadOnlyList<SampleInput> Inputs { get; } = [new SampleInput(null, shape, Fill)];

    public IReadOnlyList<int>? Labels => null;

    private static void Fill(int index, Span<float> sample)
    {
        var random = new Random(index);
        foreach (ref var value in sample)
        {
            value = random.NextSingle() - 0.5f;
        }
    }
}
