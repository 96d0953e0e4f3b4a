using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Weights times activations: how large a channel is where it is read, as its readers weigh it.</summary>
/// <remarks>
/// score(c) = sum over consumers of ||W_:,c||_2 ||X_c||_2, each relative to its mean over channels; ||X_c||_2 is the root of variance
/// plus squared mean. Where a channel owns several columns (behind Flatten), they join as the root of
/// sum_i ||W_:,i||^2 ||X_i||^2. Sun et al., A Simple and Effective Pruning Approach for Large Language Models, ICLR 2024, there
/// |W_ij| ||X_j||_2 for single weights. Unlike <c>obs</c> it does not see that channels can stand in for each other. Not
/// comparable between groups. A group without statistics is scored by <c>l2</c>.
/// </remarks>
internal sealed class WandaCriterion : ICriterion
{
    public string Name => "wanda";

    public bool NeedsSamples => true;

    public IReadOnlyList<double> Score(PruningGroup group, CriterionContext context)
    {
        double[][] consumers =
        [
            .. group.Consumers
                .Where(c => context.Statistics?.ContainsKey(c.Data) == true)
                .Select(c => Products(group, c, context.Statistics![c.Data].Activations)),
        ];
        return consumers.Length == 0 ? CriterionRegistry.Find("l2").Score(group, context) : RelativeScores.Mean(group.Channels.Count, consumers);
    }

    private static double[] Products(PruningGroup group, Contraction consumer, ActivationCounters counters)
    {
        var columns = Columns(consumer);
        return GroupInputs.Each(group, consumer.Data, indices => Math.Sqrt(indices.Sum(i => columns[i] * counters.MeanSquare(i))));
    }

    // Squared norm of each input channel's column.
    private static double[] Columns(Contraction consumer)
    {
        var weight = consumer.Weight.Value.Constant!;
        if (consumer.Blocks == 1)
        {
            return SliceNorms.Squared(weight, consumer.Weight.Axis);
        }

        var (view, values) = (WeightView.Of(consumer), weight.ToFloats());
        var rows = view.Outputs / view.Blocks;
        return
        [
            .. Enumerable.Range(0, view.Inputs).Select(input =>
                (from row in Enumerable.Range(view.BlockOfInput(input) * rows, rows)
                 from tap in Enumerable.Range(0, view.Taps)
                 select (double)values[view.Index(row, input, tap)]).Sum(w => w * w)),
        ];
    }
}
