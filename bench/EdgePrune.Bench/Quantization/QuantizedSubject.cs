using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>A float model that every method quantizes with the same samples.</summary>
/// <param name="Title">Heading of its table.</param>
/// <param name="Model">The model.</param>
/// <param name="Draws">Draws of samples, each of which quantizes the model anew; their labels are not looked at.</param>
/// <param name="Test">Labelled samples that are scored.</param>
internal sealed record QuantizedSubject(string Title, Model Model, IReadOnlyList<ISampleSource> Draws, ISampleSource Test)
{
    // Samples that NNCF takes by default; ONNX Runtime takes what it is given.
    private const int Samples = 300;

    /// <summary>A model of the comparison of prunings, as it is and pruned and repaired.</summary>
    /// <param name="model">The model.</param>
    /// <param name="draws">How many draws of samples.</param>
    public static async IAsyncEnumerable<QuantizedSubject> Of(RivalModel model, int draws)
    {
        var draw = new RivalDraw(model, seed: 1);
        var count = Math.Min(Samples, draw.Samples.Count);
        IReadOnlyList<ISampleSource> samples = [.. Enumerable.Range(1, draws).Select(seed => SampleSubset.Range(SampleSubset.Random(model.Pool, model.Draw, seed), 0, count))];
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
