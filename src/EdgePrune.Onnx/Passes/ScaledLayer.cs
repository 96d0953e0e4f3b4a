namespace EdgePrune.Onnx;

/// <summary>A layer whose output channels can be scaled and shifted by changing its constants.</summary>
internal sealed class ScaledLayer
{
    private readonly Node _node;

    private ScaledLayer(Node node, int channels)
    {
        _node = node;
        Channels = channels;
    }

    public int Channels { get; }

    public Tensor Weight => _node.Input(1)!.Constant!;

    /// <summary>The layer of a node, or null when its weight is computed or its channels are not those of axis 1.</summary>
    public static ScaledLayer? Find(Node node, ShapeTable shapes)
    {
        if (node.Domain.Length > 0 || node.Input(1)?.Constant is not { } weight || !weight.ElementType.IsFloat())
        {
            return null;
        }

        return node.OperatorType switch
        {
            "Conv" => WithBias(node, (int)weight.Dims[0]),
            "ConvTranspose" => WithBias(node, (int)(weight.Dims[1] * node.Int("group", 1))),
            "Gemm" => WithBias(node, (int)weight.Dims[node.Int("transB", 0) == 0 ? 1 : 0]),
            "MatMul" when weight.Rank == 2 && shapes.Find(node.Output) is { Length: 2 } => new ScaledLayer(node, (int)weight.Dims[1]),
            _ => null,
        };
    }

    /// <summary>Multiplies every output channel's weights.</summary>
    public void ScaleWeight(float[] factor, GraphEditor editor)
    {
        var channel = ChannelOf();
        Replace(1, Weight.Map((i, value) => (float)((double)value * factor[channel(i)])), editor);
    }

    /// <summary>Makes the bias factor * bias + shift.</summary>
    public void ShiftBias(float[] factor, float[] shift, GraphEditor editor)
    {
        var old = _node.Input(2)?.Constant?.ToFloats() ?? [0f];
        var beta = _node.OperatorType == "Gemm" ? _node.Float("beta", 1) : 1;
        var bias = shift.Select((s, m) => (float)(s + ((double)beta * old[old.Length == 1 ? 0 : m] * factor[m]))).ToArray();
        Replace(2, Weight.WithFloats(bias, [bias.Length]), editor);
        if (beta != 1)
        {
            editor.SetAttribute(_node, "beta", null);
        }
    }

    private static ScaledLayer? WithBias(Node node, int channels)
    {
        var bias = node.Input(2);
        var fits = bias is null || (bias.Constant is { } constant && (constant.Count == 1 || (constant.Count == channels && constant.Dims[^1] == channels)));
        return fits ? new ScaledLayer(node, channels) : null;
    }

    private Func<int, int> ChannelOf()
    {
        var dims = Weight.Dims.ToArray();
        var groups = (int)_node.Int("group", 1);
        return _node.OperatorType switch
        {
            "ConvTranspose" => TransposedChannel((int)dims[0] / groups, (int)dims[1], (int)Tensor.Elements(dims.AsSpan(2))),
            "Gemm" or "MatMul" when _node.Int("transB", 0) == 0 => i => i % (int)dims[1],
            _ => FirstAxis((int)Tensor.Elements(dims.AsSpan(1))),
        };
    }

    private static Func<int, int> FirstAxis(int inner) => i => i / inner;

    // Weight [Cin, Cout / groups, taps]: the group of the input channel says which block of outputs a column stands for.
    private static Func<int, int> TransposedChannel(int inputs, int outputs, int taps) =>
        i => ((i / (outputs * taps) / inputs) * outputs) + (i / taps % outputs);

    private void Replace(int input, Tensor tensor, GraphEditor editor)
    {
        var old = _node.Input(input);
        editor.SetInput(_node, input, editor.AddInitializer((old?.Name ?? _node.Label + "_bias") + "_folded", tensor));
        if (old is { IsUsed: false, IsGraphInput: false, Constant: not null })
        {
            editor.RemoveInitializer(old);
        }
    }
}
