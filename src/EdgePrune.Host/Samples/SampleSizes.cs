using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Sizes that a model leaves open and its samples know: height and width of an image, the length of a sequence.</summary>
internal static class SampleSizes
{
    /// <summary>
    /// The model with the free dimensions of its inputs, the first excepted, set to the sizes of the samples: what is measured, counted and
    /// proven then is what runs. The model itself when there is nothing to set.
    /// </summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="samples">Its samples, or null.</param>
    public static Model Fixed(Model model, ISampleSource? samples)
    {
        var inputs = model.Graph.FedInputs.ToList();
        if (samples is null || inputs.Count != samples.Inputs.Count || !inputs.Zip(samples.Inputs).Any(p => Sizes(p.First, p.Second) is not null))
        {
            return model;
        }

        var copy = model.Clone();
        var editor = new GraphEditor(copy.Graph);
        foreach (var (input, sample) in copy.Graph.FedInputs.ToList().Zip(samples.Inputs))
        {
            if (Sizes(input, sample) is { } shape)
            {
                editor.SetDeclaredShape(input, shape);
            }
        }

        return copy;
    }

    private static Dim[]? Sizes(Value input, SampleInput sample) =>
        input.DeclaredShape is { } declared && declared.Count == sample.Shape.Count + 1 && declared.Skip(1).Any(d => d.Size is null)
            ? [declared[0], .. declared.Skip(1).Zip(sample.Shape).Select(p => p.First.Size is null ? Dim.FromInt64(p.Second) : p.First)]
            : null;
}
