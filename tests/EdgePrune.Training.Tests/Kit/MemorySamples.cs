using EdgePrune.Host;

namespace EdgePrune.Training.Tests;

/// <summary>Random samples whose class is the place of their largest element: something that can be learnt.</summary>
internal sealed class MemorySamples : ISampleSource
{
    private readonly float[][] _samples;

    public MemorySamples(int count, int classes, params long[] shape)
    {
        var random = new Random(5);
        _samples = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (2 * random.NextSingle()) - 1).ToArray())];
        Inputs = [new SampleInput(null, shape, (index, destination) => _samples[index].CopyTo(destination))];
        Labels = [.. _samples.Select(s => s.Take(classes).Select((v, i) => (v, i)).Max().i)];
    }

    public int Count => _samples.Length;

    public IReadOnlyList<SampleInput> Inputs { get; }

    public IReadOnlyList<int>? Labels { get; init; }
}
