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
            var analysis = ModelAnalysis.Of(graph.Model);
            var plan = new PrunePlanner(analysis, CriterionRegistry.Find("random"), seed)
                .Plan(new PlanOptions(rate, PruningScope.PerLayer, 0.9, null, Precision.Float32, seed));
            var (pruned, proof) = ChannelPruner.Apply(analysis, plan);
            if (proof.MaxRelativeError > 1e-5)
            {
                return $"the proof says {proof.MaxRelativeError:g3}; {graph.Description}";
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
