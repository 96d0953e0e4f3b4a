using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Zeroes removed channels at every contracting consumer: what the pruned model must be equal to. The consumer's input is
/// multiplied by a mask, so that the weights stay as they are and need no copy.
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
            Zero(nodes[contraction.Node], contraction, Mask(contraction, analysis.Shapes[contraction.Data.Value], removed), editor);
        }

        return masked;
    }

    private static void Zero(Node node, Contraction contraction, Tensor mask, GraphEditor editor)
    {
        var data = editor.Graph.Values[contraction.Data.Value.Name];
        var product = editor.AddNode("Mul", [data, editor.AddInitializer(data.Name + "_mask", mask)], data.Name + "_masked", before: node);
        foreach (var (slot, _) in node.Inputs.Index().Where(i => i.Item == data).ToList())
        {
            editor.SetInput(node, slot, product.Output);
        }
    }

    private static Tensor Mask(Contraction contraction, long[] shape, RemovedChannels removed)
    {
        var axis = contraction.Data.Axis;
        var mask = new float[shape[axis]];
        Array.Fill(mask, 1);
        foreach (var channel in removed.Of(contraction.Data))
        {
            mask[channel] = 0;
        }

        long[] dims = [mask.Length, .. Enumerable.Repeat(1L, shape.Length - axis - 1)];
        return contraction.Weight.Value.Constant!.WithFloats(mask, dims);
    }
}
