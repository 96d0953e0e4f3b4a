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
    private const double Tolerance = 5e-5;

    /// <summary>What does not hold, or null.</summary>
    /// <param name="graph">A random model.</param>
    /// <param name="rate">The share of channels to remove.</param>
    /// <param name="seed">Seed of the choice of channels and of the input.</param>
    public static string? Fault(RandomGraph graph, double rate, int seed)
    {
        try
        {
            // Through normalizations there is nothing to zero: the proof alone holds there.
            var (_, _, _, adapted) = Prune(graph, rate, seed, ReductionRule.Adapt);
            var (analysis, plan, pruned, proof) = Prune(graph, rate, seed, ReductionRule.Keep);
            if (Math.Max(adapted.MaxRelativeError, proof.MaxRelativeError) > 1e-5)
            {
                return $"the proof says {Math.Max(adapted.MaxRelativeError, proof.MaxRelativeError):g3}; {graph.Description}";
            }

            var feeds = Feeds.Random(graph.Model, 1000 + seed);
            var error = Runtime.Run(ColumnMask.Apply(analysis, plan), feeds).Zip(Runtime.Run(pruned, feeds)).Max(p => Difference(p.First, p.Second));
            return error <= Tolerance ? null : $"the masked original differs by {error:g3} at rate {rate:f2}; {graph.Description}";
        }
        catch (EdgePruneException e)
        {
            return $"{e.Message}; {graph.Description}";
        }
    }

    private static (ModelAnalysis Analysis, PrunePlan Plan, Model Pruned, RemovalProof Proof) Prune(RandomGraph graph, double rate, int seed, ReductionRule rule)
    {
        var analysis = ModelAnalysis.Of(graph.Model, new GroupingOptions { Reductions = rule });
        var plan = new PrunePlanner(analysis, CriterionRegistry.Find("random"), seed)
            .Plan(new PlanOptions(rate, PruningScope.PerLayer, 0.9, null, Precision.Float32, seed));
        var (pruned, proof) = ChannelPruner.Apply(analysis, plan);
        return (analysis, plan, pruned, proof);
    }

    // Relative to the largest number, or to 1: an output that is small by cancellation says nothing about rounding.
    private static double Difference(Tensor expected, Tensor actual)
    {
        var relative = Compare.MaxRelativeError(expected, actual);
        if (relative == 0 || double.IsInfinity(relative) || !expected.ElementType.IsFloat())
        {
            return relative;
        }

        var scale = expected.ToFloats().Max(MathF.Abs);
        return relative * scale / Math.Max(1, scale);
    }
}
