using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>What fine-tuning starts from: the model as it is, or with a quantization in the recipe the form of it that will be quantized.</summary>
internal static class QuantizedStart
{
    // What the tool calibrates with.
    private const int CalibrationSamples = 512;

    /// <summary>Builds the program to train.</summary>
    /// <param name="student">The model; not changed.</param>
    /// <param name="samples">Samples to calibrate activations with.</param>
    /// <param name="recipe">How.</param>
    /// <param name="cancellation">Stops calibration.</param>
    /// <returns>The program, with the rounding in place.</returns>
    public static TorchGraph Build(Model student, ISampleSource samples, FineTuneRecipe recipe, CancellationToken cancellation)
    {
        if (recipe.Quantization is not { } options)
        {
            return new TorchGraph(student);
        }

        var placement = StaticQuantizer.Place(student, SampleSubset.Random(samples, CalibrationSamples, recipe.Training.Seed), options, cancellation);
        var graph = new TorchGraph(placement.Prepared);
        FakeQuantization.Apply(graph, placement);
        return graph;
    }
}
