using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>One streaming pass of samples through a model that gathers the moments of layers' inputs.</summary>
internal static class MomentsPass
{
    /// <param name="model">The model as it is now.</param>
    /// <param name="layers">Layers of it whose inputs can be read as rows.</param>
    /// <param name="request">What is gathered for a layer.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>Moments of each use of each layer's weight.</returns>
    public static IReadOnlyDictionary<WeightUse, InputMoments> Gather(
        Model model, IReadOnlyList<SparsityLayer> layers, Func<SparsityLayer, MomentsRequest> request, ISampleSource samples, CancellationToken cancellationToken)
    {
        var moments = layers.SelectMany(l => l.Uses.Select(u => (Use: u, Moments: new InputMoments(l, u, request(l))))).ToDictionary(p => p.Use, p => p.Moments);
        using var runner = new GraphRunner(ProbedModel.Of(model, moments.Keys.SelectMany(u => new[] { u.Data.Name, u.Node.Output.Name })), new RunnerOptions { Optimize = false });
        foreach (var (feeds, _, count) in new SampleFeeder(model, samples, SampleFeeder.Few).Batches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            runner.Look(feeds, outputs =>
            {
                foreach (var (use, moment) in moments)
                {
                    Add(use, moment, name => feeds.TryGetValue(name, out var fed) ? fed : outputs[name], count);
                }
            });
        }

        return moments;
    }

    private static void Add(WeightUse use, InputMoments moments, Func<string, Tensor> find, int count) =>
        moments.Add(find(use.Data.Name), find(use.Node.Output.Name).Dims, count);
}
