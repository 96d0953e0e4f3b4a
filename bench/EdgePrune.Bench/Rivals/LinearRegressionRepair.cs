using EdgePrune.Host;
using EdgePrune.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Bench;

/// <summary>
/// Every layer that read removed channels is fitted anew to the original's outputs by plain linear regression at ten
/// random positions of each sample.
/// </summary>
/// <remarks>
/// He et al., Channel Pruning, ICCV 2017, and AIMET's channel pruning fit one layer after the other on the inputs that the
/// already pruned layers give; <paramref name="inSequence"/> says whether that is done, or each layer is fitted on the original's inputs.
/// </remarks>
/// <param name="inSequence">Whether inputs are those of the pruned and so far repaired model.</param>
/// <param name="convolutionsOnly">Whether other layers just lose what they read, as in AIMET, which prunes between convolutions only.</param>
internal sealed class LinearRegressionRepair(bool inSequence, bool convolutionsOnly = false) : IRivalRepair
{
    public string Name => (inSequence, convolutionsOnly) switch
    {
        (true, true) => "linear regression in sequence, convolutions only",
        (true, _) => "linear regression in sequence (He 2017, AIMET)",
        _ => "linear regression by layer",
    };

    public void Repair(RivalDraw draw, RemovedChannels removed, Model pruned)
    {
        var editor = new GraphEditor(pruned.Graph);
        foreach (var (number, layer) in draw.Layers.Index().Where(l => removed.Of(l.Item.Data).Count > 0 && (!convolutionsOnly || l.Item.Node.OperatorType == "Conv")))
        {
            var fit = new Layer(layer, removed, draw.Rows[number]);
            fit.Refit(editor, inSequence ? SampledRows.Read(draw, pruned, [layer])[0] : fit.KeptColumns());
        }
    }

    /// <summary>One layer and what it made of its inputs before anything was removed.</summary>
    private sealed class Layer(Contraction layer, RemovedChannels removed, float[][] original)
    {
        private readonly WeightView _view = WeightView.Of(layer);
        private readonly float[] _weights = layer.Weight.Value.Constant!.ToFloats();
        private readonly IReadOnlyList<int> _inputs = removed.Kept(layer.Data.Value, layer.Data.Axis);
        private readonly IReadOnlyList<int> _outputs = removed.Kept(layer.Output.Value, layer.Output.Axis);

        public float[][] KeptColumns() =>
            Array.ConvertAll(original, row => _inputs.SelectMany(i => row[(i * _view.Taps)..((i + 1) * _view.Taps)]).ToArray());

        public void Refit(GraphEditor editor, float[][] inputs)
        {
            var node = editor.Graph.Values[layer.Output.Value.Name].Producer!;
            var weight = node.Input(layer.Node.Inputs.ToList().IndexOf(layer.Weight.Value))!;
            var view = WeightView.Of(layer, weight.Constant!);
            var values = weight.Constant!.ToFloats();
            var delta = new double[_outputs.Count];
            for (var block = 0; block < _view.Blocks; block++)
            {
                int[] from = [.. Enumerable.Range(0, _inputs.Count).Where(s => _view.BlockOfInput(_inputs[s]) == block)];
                int[] to = [.. Enumerable.Range(0, _outputs.Count).Where(r => _view.BlockOfOutput(_outputs[r]) == block)];
                var fits = LeastSquares.Fit(Columns(inputs, from), Array.ConvertAll(to, r => Targets(_outputs[r], block)));
                foreach (var (fit, row) in fits.Zip(to))
                {
                    delta[row] = fit.Intercept;
                    for (var c = 0; c < fit.Coefficients.Length; c++)
                    {
                        values[view.Index(row, from[c / _view.Taps], c % _view.Taps)] = (float)fit.Coefficients[c];
                    }
                }
            }

            editor.SetInitializer(weight, weight.Constant!.WithFloats(values));
            BiasFold.Add(editor, node, layer, delta);
        }

        private double[][] Columns(float[][] inputs, int[] from) =>
        [
            .. from.SelectMany(s => Enumerable.Range(s * _view.Taps, _view.Taps)).Select(c => Array.ConvertAll(inputs, row => (double)row[c])),
        ];

        // The output of the original without its bias.
        private double[] Targets(int output, int block)
        {
            var width = _view.Inputs / _view.Blocks;
            var first = block * width;
            var row = new float[width * _view.Taps];
            for (var c = 0; c < row.Length; c++)
            {
                row[c] = _weights[_view.Index(output, first + (c / _view.Taps), c % _view.Taps)];
            }

            return Array.ConvertAll(original, x => (double)TensorPrimitives.Dot<float>(row, x.AsSpan(first * _view.Taps, row.Length)));
        }
    }
}
