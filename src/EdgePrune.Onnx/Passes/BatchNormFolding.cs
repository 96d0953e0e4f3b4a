namespace EdgePrune.Onnx;

/// <summary>
/// Folds a batch normalization into the convolution or matrix product before it when that has no other reader: with
/// a = scale / sqrt(var + epsilon), the weight's output channels are multiplied by a and the bias becomes
/// a * bias + B - a * mean. Weights shared with other nodes stay; the node gets its own.
/// </summary>
public sealed class BatchNormFolding : IGraphPass
{
    // Weights that were replaced are large arrays that no collection is due for; without one they stay beside all new ones.
    private const long MostSpentBytes = 1 << 25;

    /// <inheritdoc/>
    public string Name => "batch normalization folding";

    /// <inheritdoc/>
    public int Apply(Model model)
    {
        var editor = new GraphEditor(model.Graph);
        var shapes = ShapeInference.Infer(model.Graph);
        var (folded, spent) = (0, 0L);
        foreach (var node in model.Graph.Nodes.Where(IsInference).ToList())
        {
            var weight = node.Input(0)?.Producer?.Input(1)?.Constant;
            if (Fold(node, editor, shapes))
            {
                folded++;
                spent = Free(spent + weight!.Bytes.Length);
            }
        }

        return folded;
    }

    private static long Free(long spent)
    {
        if (spent < MostSpentBytes)
        {
            return spent;
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
        return 0;
    }

    private static bool IsInference(Node node) =>
        node is { OperatorType: "BatchNormalization", Domain: "" }
        && node.Int("spatial", 1) != 0 && node.Int("training_mode", 0) == 0
        && (node.Opset >= 7 || node.Int("is_test", 0) != 0)
        && node.Outputs.Skip(1).All(o => o is not { IsUsed: true })
        && node.Inputs.Count >= 5 && node.Inputs.Skip(1).All(v => v?.Constant is not null);

    private static bool Fold(Node normalization, GraphEditor editor, ShapeTable shapes)
    {
        if (normalization.Input(0) is not { Producer: { } layer, IsGraphOutput: false, Uses.Count: 1 } result
            || ScaledLayer.Find(layer, shapes) is not { } scaled)
        {
            return false;
        }

        var (factor, shift) = Coefficients(normalization);
        if (factor.Length != scaled.Channels)
        {
            return false;
        }

        if (layer.OperatorType == "MatMul")
        {
            return FoldIntoProduct(normalization, scaled, (factor, shift), editor);
        }

        if (!editor.TryBypass(normalization, result))
        {
            return false;
        }

        scaled.ScaleWeight(factor, editor);
        scaled.ShiftBias(factor, shift, editor);
        return true;
    }

    // A product has no bias: the normalization becomes an addition.
    private static bool FoldIntoProduct(Node normalization, ScaledLayer layer, (float[] Factor, float[] Shift) by, GraphEditor editor)
    {
        var (result, bias) = (normalization.Input(0)!, editor.AddInitializer(normalization.Label + "_bias", layer.Weight.WithFloats(by.Shift, [by.Shift.Length])));
        var sum = editor.AddNode("Add", [result, bias], normalization.Label + "_folded", before: normalization);
        if (!editor.TryBypass(normalization, sum.Output))
        {
            editor.RemoveNode(sum);
            editor.RemoveInitializer(bias);
            return false;
        }

        layer.ScaleWeight(by.Factor, editor);
        return true;
    }

    private static (float[] Factor, float[] Shift) Coefficients(Node normalization)
    {
        var (scale, offset) = (normalization.Input(1)!.Constant!.ToFloats(), normalization.Input(2)!.Constant!.ToFloats());
        var (mean, variance) = (normalization.Input(3)!.Constant!.ToFloats(), normalization.Input(4)!.Constant!.ToFloats());
        double epsilon = normalization.Float("epsilon", 1e-5f);
        var factor = scale.Select((s, i) => s / Math.Sqrt(variance[i] + epsilon)).ToArray();
        return ([.. factor.Select(f => (float)f)], [.. factor.Select((f, i) => (float)(offset[i] - (f * mean[i])))]);
    }
}
