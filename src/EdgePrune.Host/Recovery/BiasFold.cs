using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Adds a vector over a contraction's output channels: into its bias, or by an Add behind it.</summary>
internal static class BiasFold
{
    public static void Add(GraphEditor editor, Node node, Contraction contraction, double[] delta)
    {
        if (contraction.BiasInput < 0 || contraction.BiasScale == 0)
        {
            AddBehind(editor, node, contraction, Scaled(delta, contraction.SumScale));
            return;
        }

        var scaled = Scaled(delta, contraction.SumScale / contraction.BiasScale);
        var bias = node.Input(contraction.BiasInput);
        if (bias is null)
        {
            editor.SetInput(node, contraction.BiasInput, editor.AddInitializer(node.Output.Name + "_bias", Typed(contraction, scaled, [scaled.Length])));
        }
        else if (bias.Constant is { } tensor && bias.Uses.Count == 1 && tensor.Count % scaled.Length == 0 && tensor.Dims[^1] == scaled.Length)
        {
            editor.SetInitializer(bias, tensor.WithFloats(Sum(tensor.ToFloats(), scaled)));
        }
        else if (bias.Constant is { Rank: 1 } shared && shared.Count == scaled.Length)
        {
            editor.SetInput(node, contraction.BiasInput, editor.AddInitializer(bias.Name + "_repaired", shared.WithFloats(Sum(shared.ToFloats(), scaled))));
        }
        else
        {
            AddBehind(editor, node, contraction, Scaled(delta, contraction.SumScale));
        }
    }

    private static void AddBehind(GraphEditor editor, Node node, Contraction contraction, float[] delta)
    {
        var output = node.Output;
        if (contraction.TrailingAxes == 0 && TryFoldIntoNextAdd(editor, output, delta))
        {
            return;
        }

        long[] dims = [delta.Length, .. Enumerable.Repeat(1L, contraction.TrailingAxes)];
        var position = editor.Graph.Nodes.ToList().IndexOf(node);
        var next = position + 1 < editor.Graph.Nodes.Count ? editor.Graph.Nodes[position + 1] : null;
        var add = editor.AddNode("Add", [output, editor.AddInitializer(output.Name + "_bias", Typed(contraction, delta, dims))], output.Name + "_repaired", next);
        editor.ReplaceUses(output, add.Output, except: add);
        if (output.IsGraphOutput)
        {
            editor.ReplaceGraphOutput(output, add.Output);
        }
    }

    // MatMul followed by Add is the usual spelling of a linear layer: its constant takes the bias.
    private static bool TryFoldIntoNextAdd(GraphEditor editor, Value output, float[] delta)
    {
        if (output is not { IsGraphOutput: false, Uses: [{ Node: { OperatorType: "Add" } add }] })
        {
            return false;
        }

        var constant = add.Inputs.FirstOrDefault(v => v != output);
        if (constant?.Constant is not { Rank: > 0 } tensor || constant.Uses.Count != 1 || tensor.Count != delta.Length || tensor.Dims[^1] != delta.Length)
        {
            return false;
        }

        editor.SetInitializer(constant, tensor.WithFloats(Sum(tensor.ToFloats(), delta)));
        return true;
    }

    private static Tensor Typed(Contraction contraction, float[] values, long[] dims) =>
        new Tensor(contraction.Weight.Value.ElementType, [0], default).WithFloats(values, dims);

    private static float[] Sum(float[] values, float[] delta)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] += delta[i % delta.Length];
        }

        return values;
    }

    private static float[] Scaled(double[] delta, double scale) => Array.ConvertAll(delta, d => (float)(d * scale));
}
