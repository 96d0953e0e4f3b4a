namespace EdgePrune.Host;

/// <summary>Some samples of a source, in a given order.</summary>
/// <param name="source">All samples.</param>
/// <param name="indices">Numbers of the samples to use.</param>
public sealed class SampleSubset(ISampleSource source, IReadOnlyList<int> indices) : ISampleSource
{
    /// <inheritdoc/>
    public int Count => indices.Count;

    /// <inheritdoc/>
    public IReadOnlyList<SampleInput> Inputs { get; } =
        [.. source.Inputs.Select(i => i.Renumbered(index => indices[index]))];

    /// <inheritdoc/>
    public IReadOnlyList<int>? Labels { get; } = source.Labels is { } labels ? [.. indices.Select(i => labels[i])] : null;

    /// <summary>A random choice without repetition, the same for the same seed.</summary>
    /// <param name="source">All samples.</param>
    /// <param name="count">How many; all when there are fewer.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The chosen samples.</returns>
    public static SampleSubset Random(ISampleSource source, int count, int seed)
    {
        var indices = Enumerable.Range(0, source.Count).ToArray();
        new Random(seed).Shuffle(indices);
        return new SampleSubset(source, indices[..Math.Min(count, indices.Length)]);
    }

    /// <summary>The samples from <paramref name="start"/> on.</summary>
    /// <param name="source">All samples.</param>
    /// <param name="start">The first.</param>
    /// <param name="count">How many.</param>
    /// <returns>The chosen samples.</returns>
    public static SampleSubset Range(ISampleSource source, int start, int count) =>
        new(source, [.. Enumerable.Range(start, Math.Max(0, Math.Min(count, source.Count - start)))]);
}
