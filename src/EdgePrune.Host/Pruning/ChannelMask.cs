using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Zeroes removed channels at every contracting consumer: what the pruned model must be equal to.</summary>
internal static class ChannelMask
{
    public static Model Apply(ModelAnalysis analysis, RemovedChannels removed)
    {
        var masked = analysis.Model.Clone();
        var editor = new GraphEditor(masked.Graph);
        foreach (var contraction in analysis.Contractions.Where(c => removed.Of(c.Data).Count > 0))
        {
            var weight = masked.Graph.Values[contraction.Weight.Value.Name];
            editor.SetInitializer(weight, Zero(weight.Constant!, contraction, removed.Of(contraction.Data)));
        }

        return masked;
    }

    private static Tensor Zero(Tensor weight, Contraction contraction, IReadOnlyCollection<int> channels)
    {
        var values = weight.ToFloats();
        var view = new WeightView(weight.Dims.ToArray(), contraction.Weight.Axis, contraction.WeightOutputAxis);
        var width = view.Inputs;
        var rows = view.Outputs / contraction.Blocks;
        foreach (var channel in channels)
        {
            var block = contraction.Blocks == 1 ? 0 : channel / width;
            for (var row = block * rows; row < (block + 1) * rows; row++)
            {
                for (var tap = 0; tap < view.Taps; tap++)
                {
                    values[view.Index(row, contraction.Blocks == 1 ? channel : channel % width, tap)] = 0;
                }
            }
        }

        return weight.WithFloats(values);
    }
}
