namespace EdgePrune.Host.Tests;

/// <summary>Random images of bytes, with 0 and 255 in each, normalised by channel.</summary>
internal sealed class StoredImages : ISampleSource
{
    public StoredImages(IReadOnlyList<long> shape, double[] scales, double[] zeros, int count = 24, int axis = 0)
    {
        Count = count;
        var inner = (int)(shape.Aggregate(1L, (a, b) => a * b) / scales.Length);
        SampleReader read = (index, destination) =>
        {
            Stored(index, destination);
            for (var i = 0; i < destination.Length; i++)
            {
                var channel = scales.Length == 1 ? 0 : i / inner;
                destination[i] = (float)((destination[i] * scales[channel]) - (scales[channel] * zeros[channel]));
            }
        };
        Inputs = [new SampleInput(null, shape, read) { Normalization = new SampleNormalization(Stored, scales, [.. scales.Zip(zeros, (s, z) => s * z)], axis) }];
    }

    /// <summary>What the samples hold in the place of a random byte, or null.</summary>
    public float? Flaw { get; init; }

    public int Count { get; }

    public IReadOnlyList<SampleInput> Inputs { get; }

    public IReadOnlyList<int>? Labels => null;

    private void Stored(int index, Span<float> destination)
    {
        var random = new Random(500 + index);
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = random.Next(256);
        }

        (destination[0], destination[^1]) = (0, 255);
        destination[1] = Flaw ?? destination[1];
    }
}
