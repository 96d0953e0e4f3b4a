using EdgePrune.Onnx;

namespace EdgePrune.Host.Tests;

/// <summary>
/// The model with the columns of removed channels zeroed in the weights of every consumer, by a reading of the plan of its
/// own: what the pruned model must equal.
/// </summary>
internal static class ColumnMask
{
    public static Model Apply(ModelAnalysis analysis, PrunePlan plan)
    {
        var masked = analysis.Model.Clone();
        var editor = new GraphEditor(masked.Graph);
        foreach (var (group, remove) in analysis.Groups.Zip(plan.Groups, (g, p) => (g, p.Remove)))
        {
            foreach (var consumer in group.Consumers.Distinct())
            {
                Zero(editor, consumer, [.. remove.SelectMany(c => group.Channels[c].Slices[group.Axes.ToList().IndexOf(consumer.Data)]).Distinct()]);
            }

            foreach (var (place, axis) in group.Axes.Index().Where(a => group.Reductions.Any(r => a.Item.Value.Constant is not null && r.Node.Inputs.Contains(a.Item.Value))))
            {
                ZeroSlices(editor, axis, [.. remove.SelectMany(c => group.Channels[c].Slices[place])]);
            }
        }

        return masked;
    }

    // A sum weighted by constants that are no single matrix.
    private static void ZeroSlices(GraphEditor editor, AxisRef axis, HashSet<int> channels)
    {
        var value = editor.Graph.Values[axis.Value.Name];
        var places = Slices.IndexOf(value.Constant!.Dims.ToArray(), axis.Axis);
        editor.SetInitializer(value, value.Constant.Map((i, w) => channels.Contains(places[i]) ? 0 : w));
    }

    private static void Zero(GraphEditor editor, Contraction consumer, HashSet<int> channels)
    {
        var weight = editor.Graph.Values[consumer.Weight.Value.Name];
        if (weight.Constant is not { } constant)
        {
            throw new InvalidOperationException($"{consumer.Node} sums over channels with a weight that is computed; zero its data instead.");
        }

        var (values, dims) = (constant.ToFloats(), constant.Dims.ToArray());
        var (columns, rows) = (Slices.IndexOf(dims, consumer.Weight.Axis), Slices.IndexOf(dims, consumer.WeightOutputAxis));
        var (width, height) = ((int)dims[consumer.Weight.Axis], (int)dims[consumer.WeightOutputAxis] / consumer.Blocks);
        for (var i = 0; i < values.Length; i++)
        {
            // A block of rows of a grouped convolution sees one block of the channels.
            var block = consumer.Blocks == 1 ? 0 : IsTransposed(consumer) ? columns[i] / (width / consumer.Blocks) : rows[i] / height;
            if (channels.Contains(IsTransposed(consumer) ? columns[i] : (block * width) + columns[i]))
            {
                values[i] = 0;
            }
        }

        editor.SetInitializer(weight, constant.WithFloats(values));
    }

    // A transposed convolution keeps all input channels on the weight's first axis.
    private static bool IsTransposed(Contraction consumer) => consumer.Node.OperatorType == "ConvTranspose";
}
