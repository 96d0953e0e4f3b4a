using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>A float model that every method quantizes with the same samples.</summary>
/// <param name="Title">Heading of its table.</param>
/// <param name="Model">The model.</param>
/// <param name="Calibration">The samples; their labels are not looked at.</param>
/// <param name="Test">Labelled samples that are scored.</param>
internal sealed record QuantizedSubject(string Title, Model Model, ISampleSource Calibration, ISampleSource Test)
{
    // Samples that NNCF takes by default; ONNX Runtime takes what it is given.
    private const int Samples = 300;

    /// <summary>A model of the comparison of prunings, as it is and pruned and repaired.</summary>
    public static async IAsyncEnumerable<QuantizedSubject> Of(RivalModel model)
    {
        var draw = new RivalDraw(model, seed: 1);
        var samples = SampleSubset.Range(draw.Samples, 0, Math.Min(Samples, draw.Samples.Count));
        yield return new QuantizedSubject(model.Title, model.Model, samples, model.Test);
        double[] rates = model.Name switch
        {
            "mnist" => [0.5, 0.8],
            "cifar10" => [0.5],
            _ => [],
        };
        foreach (var rate in rates)
        {
            var pruned = await draw.Compress(draw.Options(rate));
            var words = model.Unit == RateUnit.Macs ? $"{1 - rate:0.0} x MACs" : $"{100 * rate:0} % of channels removed";
            yield return new QuantizedSubject($"{model.Title}, {words}, repaired", pruned.Model, samples, model.Test);
        }
    }
}
