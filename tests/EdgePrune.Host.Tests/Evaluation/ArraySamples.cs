namespace EdgePrune.Host.Tests;

/// <summary>Samples in an array, for tests.</summary>
internal sealed class ArraySamples(float[][] samples, int[]? labels = null) : ISampleSource
{
    public int Count => samples.Length;

    public IReadOnlyList<SampleInput> Inputs { get; } = [new(null, [samples.FirstOrDefault()?.Length ?? 1], (index, to) => samples[index].CopyTo(to))];

    public IReadOnlyList<int>? Labels => labels;
}
