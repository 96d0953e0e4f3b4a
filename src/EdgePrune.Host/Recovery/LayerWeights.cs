using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Weights and intercepts of a layer: one row for each output channel, over the inputs of its block.</summary>
/// <param name="Rows">[output][input of the block times taps].</param>
/// <param name="Intercepts">One for each output channel.</param>
internal sealed record LayerWeights(double[][] Rows, double[] Intercepts)
{
    /// <summary>Reads the weights of a layer of the pruned model.</summary>
    public static LayerWeights Read(RepairLayer layer, Graph pruned, double[] offset)
    {
        var view = layer.ViewIn(pruned);
        var values = layer.WeightIn(pruned).Constant!.ToFloats();
        var width = view.Inputs / view.Blocks;
        var rows = new double[view.Outputs][];
        for (var output = 0; output < rows.Length; output++)
        {
            rows[output] = new double[width * view.Taps];
            for (var column = 0; column < rows[output].Length; column++)
            {
                rows[output][column] = values[Place(view, width, output, column)] * (double)layer.Contraction.SumScale;
            }
        }

        return new LayerWeights(rows, offset);
    }

    /// <summary>Puts the weights into the pruned model, and what the intercepts differ from <paramref name="offset"/> into its bias.</summary>
    public void Write(GraphEditor editor, RepairLayer layer, double[] offset)
    {
        var value = layer.WeightIn(editor.Graph);
        var view = layer.ViewIn(editor.Graph);
        var values = value.Constant!.ToFloats();
        var width = view.Inputs / view.Blocks;
        for (var output = 0; output < Rows.Length; output++)
        {
            for (var column = 0; column < Rows[output].Length; column++)
            {
                values[Place(view, width, output, column)] = (float)(Rows[output][column] / layer.Contraction.SumScale);
            }
        }

        editor.SetInitializer(value, value.Constant!.WithFloats(values));
        double[] delta = [.. Intercepts.Zip(offset, (a, b) => (a - b) / layer.Contraction.SumScale)];
        if (delta.Any(d => d != 0))
        {
            BiasFold.Add(editor, layer.InPruned(editor.Graph), layer.Contraction, delta);
        }
    }

    private static int Place(WeightView view, int width, int output, int column)
    {
        var (input, tap) = Math.DivRem(column, view.Taps);
        return view.Index(output, (view.BlockOfOutput(output) * width) + input, tap);
    }
}
