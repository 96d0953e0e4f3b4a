using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>A removed channel is taken for its mean: every layer that read it gets W_j E[x_j] into its bias, and its weights stay.</summary>
internal sealed class MeanCompensation : IRivalRepair
{
    public string Name => "means into biases";

    public void Repair(RivalDraw draw, RemovedChannels removed, Model pruned)
    {
        var editor = new GraphEditor(pruned.Graph);
        foreach (var layer in draw.Analysis.Contractions.Where(c => c.IsAffine && !c.IsRecurrent && removed.Of(c.Data).Count > 0))
        {
            if (draw.Statistics.TryGetValue(layer.Data, out var statistics))
            {
                BiasFold.Add(editor, pruned.Graph.Values[layer.Output.Value.Name].Producer!, layer, Delta(layer, Means(statistics), removed));
            }
        }
    }

    private static Dictionary<int, double> Means(ChannelStatistics statistics) =>
        statistics.Members.Index().SelectMany(c => c.Item.Select((index, position) => (index, mean: statistics.Mean(c.Index, position)))).ToDictionary(m => m.index, m => m.mean);

    private static double[] Delta(Contraction layer, Dictionary<int, double> means, RemovedChannels removed)
    {
        var view = WeightView.Of(layer);
        var weights = layer.Weight.Value.Constant!.ToFloats();
        var outputs = removed.Kept(layer.Output.Value, layer.Output.Axis);
        var delta = new double[outputs.Count];
        foreach (var (to, output) in outputs.Index())
        {
            foreach (var input in removed.Of(layer.Data).Where(i => view.BlockOfInput(i) == view.BlockOfOutput(output)))
            {
                for (var tap = 0; tap < view.Taps; tap++)
                {
                    delta[to] += weights[view.Index(output, input, tap)] * means[input];
                }
            }
        }

        return delta;
    }
}
