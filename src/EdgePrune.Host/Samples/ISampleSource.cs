namespace EdgePrune.Host;

/// <summary>
/// Samples that a model is calibrated and evaluated with. Samples are read one at a time, so memory does not grow with
/// their number.
/// </summary>
public interface ISampleSource
{
    /// <summary>Number of samples.</summary>
    int Count { get; }

    /// <summary>The arrays of one sample: one for each input of the model, in the model's order or by name.</summary>
    IReadOnlyList<SampleInput> Inputs { get; }

    /// <summary>Class of each sample, or null when there are no labels.</summary>
    IReadOnlyList<int>? Labels { get; }
}

/// <summary>One array of every sample.</summary>
/// <param name="Name">Name of the model's input, or null for the one at the same place.</param>
/// <param name="Shape">Shape of one sample, without the batch.</param>
/// <param name="Read">Writes sample number <c>index</c> as floats, row-major, into a span of the shape's size.</param>
public sealed record SampleInput(string? Name, IReadOnlyList<long> Shape, SampleReader Read)
{
    /// <summary>How the numbers came from the stored ones; null when they are the stored ones. <value>Default: null.</value></summary>
    public SampleNormalization? Normalization { get; init; }

    /// <summary>The same array with its samples in another order.</summary>
    /// <param name="number">The number that a sample has here.</param>
    internal SampleInput Renumbered(Func<int, int> number)
    {
        SampleReader Of(SampleReader read) => (index, destination) => read(number(index), destination);
        return this with { Read = Of(Read), Normalization = Normalization is { } n ? n with { ReadStored = Of(n.ReadStored) } : null };
    }
}

/// <summary>Writes one sample.</summary>
/// <param name="index">Number of the sample.</param>
/// <param name="destination">Where to, exactly as long as the sample.</param>
public delegate void SampleReader(int index, Span<float> destination);
