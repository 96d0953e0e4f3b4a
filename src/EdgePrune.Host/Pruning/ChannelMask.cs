using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Zeroes removed channels at every contracting consumer: what the pruned model must be equal to. The consumer's input is
/// multiplied by a mask, so that the weights stay as they are and need no copy; only a recurrent layer, which feeds its
/// state back inside, has the weight's slices zeroed instead.
/// </summary>
internal static class ChannelMask
{
    public static Model Apply(ModelAnalysis analysis, RemovedChannels removed)
    {
        var masked = analysis.Model.Clone();
        var editor = new GraphEditor(masked.Graph);
        var nodes = analysis.Model.Graph.Nodes.Zip(masked.Graph.Nodes).ToDictionary(p => p.First, p => p.Second);
        foreach (var contraction in analysis.Contractions.Where(c => removed.Of(c.Data).Count > 0))
        {
            Zero(nodes[contraction.Node], contraction, analysis.Shapes, removed, editor);
        }

        foreach (var node in analysis.Reductions.Where(r => removed.Of(r.Data).Count > 0).GroupBy(r => r.Node))
        {
            new ReductionMask(nodes[node.Key], [.. node], analysis.Shapes, editor).Apply(removed);
        }

        return masked;
    }

    /// <summary>A mask over an axis that broadcasts to the whole shape: 0 for removed channels, else 1.</summary>
    public static float[] Of(AxisRef axis, long size, RemovedChannels removed)
    {
        var mask = new float[size];
        Array.Fill(mask, 1);
        foreach (var channel in removed.Of(axis))
        {
            mask[channel] = 0;
        }

        return mask;
    }

    private static void Zero(Node node, Contraction contraction, ShapeTable shapes, RemovedChannels removed, GraphEditor editor)
    {
        if (contraction.IsRecurrent)
        {
            ZeroSlices(contraction.Weight, removed, editor);
            return;
        }

        var (axis, shape) = (contraction.Data.Axis, shapes[contraction.Data.Value]);
        long[] dims = [shape[axis], .. Enumerable.Repeat(1L, shape.Length - axis - 1)];
        var mask = contraction.Weight.Value.Constant!.WithFloats(Of(contraction.Data, shape[axis], removed), dims);
        var name = contraction.Data.Value.Name;

        // An input that another contraction of the node has masked already is masked once more.
        foreach (var (slot, _) in contraction.Node.Inputs.Index().Where(i => i.Item == contraction.Data.Value))
        {
            var product = editor.AddNode("Mul", [node.Input(slot), editor.AddInitializer(name + "_mask", mask)], name + "_masked", before: node);
            editor.SetInput(node, slot, product.Output);
        }
    }

    private static void ZeroSlices(AxisRef weight, RemovedChannels removed, GraphEditor editor)
    {
        var value = editor.Graph.Values[weight.Value.Name];
        var gone = removed.Of(weight).ToHashSet();
        var size = (int)weight.Value.Constant!.Dims[weight.Axis];
        var inner = (int)Tensor.Elements(weight.Value.Constant.Dims[(weight.Axis + 1)..]);
        editor.SetInitializer(value, weight.Value.Constant.Map((i, w) => gone.Contains(i / inner % size) ? 0 : w));
    }
}
