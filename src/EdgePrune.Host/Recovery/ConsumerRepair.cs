using EdgePrune.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>Folds the prediction of removed channels into one consumer's weight and bias.</summary>
internal sealed class ConsumerRepair(Contraction contraction, ChannelStatistics statistics, double[,] covariance, RemovedChannels removed)
{
    private readonly float[] _original = contraction.Weight.Value.Constant!.ToFloats();
    private readonly WeightView _from = WeightView.Of(contraction);

    /// <summary>Adapts the consumer unless the norm of its weights would exceed so many times the original's.</summary>
    /// <returns>Whether it was adapted.</returns>
    public bool Fold(GraphEditor editor, double mostGrowth)
    {
        var node = PrunedNode(editor.Graph);
        var weight = node.Inputs.First(v => v is not null && IsWeight(v))!;
        var target = WeightView.Of(contraction, weight.Constant!);
        var values = weight.Constant!.ToFloats();
        var keptRows = removed.Kept(contraction.Output.Value, contraction.Output.Axis);
        var bias = new double[keptRows.Count];
        for (var block = 0; block < contraction.Blocks; block++)
        {
            FoldBlock(block, keptRows, (target, values), bias);
        }

        if (!(TensorPrimitives.Norm<float>(values) <= mostGrowth * TensorPrimitives.Norm<float>(_original)))
        {
            return false;
        }

        editor.SetInitializer(weight, weight.Constant!.WithFloats(values));
        BiasFold.Add(editor, node, contraction, bias);
        return true;
    }

    private void FoldBlock(int block, IReadOnlyList<int> keptRows, (WeightView View, float[] Values) target, double[] bias)
    {
        var width = statistics.Members.Count / contraction.Blocks;
        var channels = Enumerable.Range(block * width, width).ToArray();
        var gone = removed.Of(contraction.Data);
        var dead = channels.Where(c => gone.Contains(statistics.Members[c][0])).ToArray();
        var kept = channels.Except(dead).ToArray();
        if (dead.Length == 0 || kept.Length == 0)
        {
            return;
        }

        var prediction = ChannelPrediction.Fit(covariance, dead, kept);
        var columns = Columns(kept);
        for (var row = 0; row < keptRows.Count; row++)
        {
            if (_from.BlockOfOutput(keptRows[row]) == block)
            {
                FoldRow(prediction, (keptRows[row], row), (target.View, target.Values, columns), bias);
            }
        }
    }

    // Where the indices of each kept channel stand in the pruned weight: [channel][position].
    private int[][] Columns(int[] kept)
    {
        var place = removed.Kept(contraction.Data.Value, contraction.Data.Axis).Index().ToDictionary(p => p.Item, p => p.Index);
        return Array.ConvertAll(kept, c => statistics.Members[c].Select(i => place[i]).ToArray());
    }

    private void FoldRow(ChannelPrediction prediction, (int From, int To) row, (WeightView View, float[] Values, int[][] Columns) target, double[] bias)
    {
        for (var p = 0; p < prediction.Removed.Length; p++)
        {
            for (var position = 0; position < statistics.Positions; position++)
            {
                var intercept = prediction.Intercept(statistics, p, position);
                var index = statistics.Members[prediction.Removed[p]][position];
                for (var tap = 0; tap < _from.Taps; tap++)
                {
                    var w = _original[_from.Index(row.From, index, tap)];
                    bias[row.To] += w * intercept;
                    for (var s = 0; s < prediction.Kept.Length; s++)
                    {
                        target.Values[target.View.Index(row.To, target.Columns[s][position], tap)] += (float)(w * prediction.Mix[p][s]);
                    }
                }
            }
        }
    }

    private Node PrunedNode(Graph graph) => graph.Values[contraction.Output.Value.Name].Producer!;

    // A grouped convolution got a weight of its own when it was sliced; the slot is what stays the same.
    private bool IsWeight(Value value) =>
        value.Name == contraction.Weight.Value.Name || value.Name.StartsWith(contraction.Weight.Value.Name + "_pruned", StringComparison.Ordinal);
}
