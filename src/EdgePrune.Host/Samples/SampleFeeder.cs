using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Turns samples into batches that fit a model's inputs, and checks once that they do.</summary>
public sealed class SampleFeeder
{
    /// <summary>Samples in a batch where all values of a model are there at a time: few, so that ten samples need as much memory as a thousand.</summary>
    internal const int Few = 8;

    private readonly ISampleSource _samples;
    private readonly List<(Value Input, SampleInput Sample)> _pairs;

    /// <summary>Pairs a model's inputs with the samples' arrays.</summary>
    /// <param name="model">The model.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="batch">Samples a batch where the model's batch is free. Default: 64.</param>
    /// <exception cref="InputException">There are no samples, or their shapes are not the model's.</exception>
    public SampleFeeder(Model model, ISampleSource samples, int batch = 64)
    {
        _samples = samples;
        if (samples.Count == 0)
        {
            throw new InputException(ErrorCode.NoSamples, "There is no sample to run the model on. Give a file or folder that holds at least one.");
        }

        var inputs = model.Graph.FedInputs.ToList();
        if (inputs.Count != samples.Inputs.Count)
        {
            throw new InputException(ErrorCode.SampleShapeMismatch,
                $"The model has {inputs.Count} inputs ({string.Join(", ", inputs.Select(i => i.Name))}) but each sample has {samples.Inputs.Count} arrays. Give one array for each input, as an .npz file with the inputs' names.");
        }

        _pairs = [.. inputs.Select((input, i) => (input, AsTaken(input, Find(samples, input, i))))];
        _pairs.ForEach(p => RequireShape(p.Input, p.Sample));
        BatchSize = _pairs.All(p => p.Input.DeclaredShape is [{ Size: null }, ..]) ? batch : 1;
    }

    /// <summary>Samples in a full batch: 1 when the model's batch is fixed.</summary>
    public int BatchSize { get; }

    /// <summary>All batches in order; the last may be shorter.</summary>
    /// <returns>For each batch, the tensors by input name and the number of its first sample and of its samples.</returns>
    public IEnumerable<(IReadOnlyDictionary<string, Tensor> Feeds, int Start, int Count)> Batches()
    {
        for (var start = 0; start < _samples.Count; start += BatchSize)
        {
            var count = Math.Min(BatchSize, _samples.Count - start);
            yield return (_pairs.ToDictionary(p => p.Input.Name, p => Pack(p.Input, p.Sample, start, count)), start, count);
        }
    }

    private static Tensor Pack(Value input, SampleInput sample, int start, int count)
    {
        var size = (int)Tensor.Elements([.. sample.Shape]);
        var values = new float[count * size];
        for (var i = 0; i < count; i++)
        {
            sample.Read(start + i, values.AsSpan(i * size, size));
        }

        var rank = input.DeclaredShape?.Count ?? sample.Shape.Count + 1;
        long[] dims = rank == sample.Shape.Count ? [.. sample.Shape] : [count, .. sample.Shape];
        return ElementCast.FromFloats(values, dims, input.ElementType);
    }

    private static SampleInput Find(ISampleSource samples, Value input, int index) =>
        samples.Inputs.FirstOrDefault(s => s.Name == input.Name)
        ?? (samples.Inputs[index].Name is null
            ? samples.Inputs[index]
            : throw new InputException(ErrorCode.SampleShapeMismatch,
                $"No array is named like the model's input '{input.Name}'; there are {string.Join(", ", samples.Inputs.Select(s => $"'{s.Name}'"))}. Rename the array."));

    // The normalisation is in a model that takes bytes.
    private static SampleInput AsTaken(Value input, SampleInput sample) => ByteForm.Takes(input) ? sample with { Read = ByteReader.Of(sample) } : sample;

    private static void RequireShape(Value input, SampleInput sample)
    {
        if (input.DeclaredShape is not { } declared)
        {
            return;
        }

        if (declared.Count == sample.Shape.Count + 1 && declared[0].Size > 1)
        {
            throw new InputException(ErrorCode.SampleShapeMismatch,
                $"The model's input '{input.Name}' has shape [{string.Join(", ", declared)}]: it takes batches of exactly {declared[0].Size} samples. Export it with a free batch or a batch of 1.");
        }

        var fits = Fits(declared.Skip(1), sample.Shape) || (declared.Count > 0 && declared[0].Size == 1 && Fits(declared, sample.Shape));
        if (!fits)
        {
            throw new InputException(ErrorCode.SampleShapeMismatch,
                $"The model's input '{input.Name}' has shape [{string.Join(", ", declared)}], but each sample has shape [{string.Join(", ", sample.Shape)}]. Give samples of the model's shape, or '--shape' and '--layout' to reorder them.");
        }
    }

    private static bool Fits(IEnumerable<Dim> declared, IReadOnlyList<long> shape) =>
        declared.Count() == shape.Count && declared.Zip(shape).All(p => p.First.Size is null || p.First.Size == p.Second);
}
