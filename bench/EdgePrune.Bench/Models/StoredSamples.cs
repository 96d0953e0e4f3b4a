using EdgePrune.Host;

namespace EdgePrune.Bench;

/// <summary>Samples of equal size, one behind the other in memory.</summary>
/// <param name="bytes">The stored samples.</param>
/// <param name="stride">Bytes from one sample to the next.</param>
/// <param name="shape">Shape of one sample as the model wants it.</param>
/// <param name="labels">Class of each sample.</param>
/// <param name="decode">Turns the bytes of one sample into floats.</param>
internal sealed class StoredSamples(byte[] bytes, int stride, IReadOnlyList<long> shape, IReadOnlyList<int> labels, SampleDecoder decode) : ISampleSource
{
    public int Count => labels.Count;

    public IReadOnlyList<SampleInput> Inputs { get; } =
        [new SampleInput(null, shape, (index, destination) => decode(bytes.AsSpan(index * stride, stride), destination))];

    public IReadOnlyList<int> Labels { get; } = bytes.Length == labels.Count * stride
        ? labels
        : throw new InvalidDataException($"{labels.Count} samples of {stride} bytes are {labels.Count * stride} bytes, but there are {bytes.Length}.");
}

/// <summary>Turns the bytes of one stored sample into floats.</summary>
/// <param name="stored">The bytes.</param>
/// <param name="sample">Where to, exactly as long as the sample.</param>
internal delegate void SampleDecoder(ReadOnlySpan<byte> stored, Span<float> sample);
