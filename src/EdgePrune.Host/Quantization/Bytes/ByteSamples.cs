namespace EdgePrune.Host;

/// <summary>Samples as the first integers of a model that takes bytes stand for them: <c>scale * (byte - zero point)</c>, padded where the model pads bytes.</summary>
internal sealed class ByteSamples : ISampleSource
{
    private readonly ISampleSource _samples;

    /// <summary>Wraps samples with one array.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="parameters">Scale and zero point of the bytes.</param>
    /// <param name="padding">What is put around, or null.</param>
    public ByteSamples(ISampleSource samples, AffineParameters parameters, BytePadding? padding)
    {
        _samples = samples;
        var input = samples.Inputs[0];
        var (read, size) = (ByteReader.Of(input), (int)Onnx.Tensor.Elements([.. input.Shape]));
        Inputs =
        [
            new SampleInput(input.Name, padding?.Around(input.Shape) ?? input.Shape, (index, destination) =>
            {
                if (padding is null)
                {
                    read(index, destination);
                }
                else
                {
                    var stored = new float[size];
                    read(index, stored);
                    padding.Put(stored, input.Shape, destination);
                }

                for (var i = 0; i < destination.Length; i++)
                {
                    destination[i] = parameters.Scale * (destination[i] + sbyte.MinValue - parameters.ZeroPoint);
                }
            }),
        ];
    }

    /// <inheritdoc/>
    public int Count => _samples.Count;

    /// <inheritdoc/>
    public IReadOnlyList<SampleInput> Inputs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int>? Labels => _samples.Labels;
}
