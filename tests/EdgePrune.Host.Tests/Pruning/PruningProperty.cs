using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>
/// What must hold of every pruned model: its own proof, and an independent one on another input against the original with
/// the consumers' columns zeroed.
/// </summary>
internal static class PruningProperty
{
    /// <summary>What does not hold, or null.</summary>
    /// <param name="graph">A random model.</param>
    /// <param name="rate">The share of channels to remove.</param>
    /// <param name="seed">Seed of the choice of channels and of the input.</param>
    public static string? Fault(RandomGraph graph, double rate, int seed)
    {
        try
        {
            var analysis = ModelAnalysis.Of(graph.Model);
            var plan = new PrunePlanner(analysis, CriterionRegistry.Find("random"), seed)
                .Plan(new PlanOptions(rate, PruningScope.PerLayer, 0.9, null, Precision.Float32, seed));
            var (pruned, proof) = ChannelPruner.Apply(analysis, plan);
            if (proof.MaxRelativeError > 1e-5)
            {
                return $"the proof says {proof.MaxRelativeError:g3}; {graph.Description}";
            }

            var feeds = Feeds.Random(graph.Model, 1000 + seed);
            var expected = Runtime.Run(ColumnMask.Apply(analysis, plan), feeds);
            var error = Compare.MaxRelativeError(expected, Runtime.Run(pruned, feeds));
            return error <= Tolerance(expected) ? null : $"the masked original differs by {error:g3} at rate {rate:f2}; {graph.Description}";
        }
        catch (EdgePruneException e)
        {
            return $"{e.Message}; {graph.Description}";
        }
    }

    // An output that is small by cancellation has larger relative rounding.
    private static double Tolerance(IReadOnlyList<Tensor> outputs) =>
        outputs.Where(o => o.ElementType.IsFloat()).Select(o => o.ToFloats().Select(MathF.Abs).DefaultIfEmpty().Max()).DefaultIfEmpty(1).Min() is var least && least < 0.1 ? 1e-5 / Math.Max(least, 1e-3) : 5e-5;
}
