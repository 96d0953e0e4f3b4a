using System.Runtime.InteropServices;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>Quantizes a model by a recipe of others: pairs of QuantizeLinear and DequantizeLinear, constants as integers.</summary>
internal sealed class RivalQuantizer
{
    private readonly Graph _graph;
    private readonly GraphEditor _editor;
    private readonly RivalRecipe _recipe;
    private readonly RuntimePlacement _placement;

    private RivalQuantizer(Graph graph, RivalRecipe recipe, IReadOnlyDictionary<string, ValueRecord> records)
    {
        _graph = graph;
        _recipe = recipe;
        _editor = new GraphEditor(graph);
        _placement = RuntimePlacement.Decide(graph, records, recipe.ConvertsOutputs);
    }

    /// <summary>A quantized copy of a model.</summary>
    public static Model Quantize(PreparedModel prepared, RivalRecipe recipe)
    {
        var model = prepared.Model.Clone();
        var quantizer = new RivalQuantizer(model.Graph, recipe, prepared.Records);
        foreach (var (node, slot, axis) in quantizer._placement.Weights)
        {
            quantizer.ConvertWeight(node, slot, axis);
        }

        foreach (var value in quantizer._placement.Activations)
        {
            quantizer.ConvertValue(value);
        }

        quantizer.RemoveUnread();
        quantizer._editor.Sort();
        return model;
    }

    private (float Scale, sbyte ZeroPoint) Parameters(Value value) => value.Producer?.OperatorType == "Softmax"
        ? (1f / 255, sbyte.MinValue) // calibrate.py and quant_utils.py: its range is always 0 to 1.
        : _recipe.Parameters(_placement.RecordOf(value)!);

    private void ConvertValue(Value value)
    {
        if (value.Constant is { } constant)
        {
            ConvertConstant(value, constant);
            return;
        }

        var (scale, zeroPoint) = Parameters(value);
        var (s, z) = Scalars(value.Name, scale, zeroPoint);
        var quantize = _editor.AddNode("QuantizeLinear", [value, s, z], value.Name + "_quantized");
        var dequantized = _editor.AddNode("DequantizeLinear", [quantize.Output, s, z], value.Name + "_dequantized").Output;
        _editor.ReplaceUses(value, dequantized, except: quantize);
        if (value.IsGraphOutput)
        {
            _editor.ReplaceGraphOutput(value, dequantized);
        }
    }

    // A copy for each reader: sessions that turn weights to unsigned cannot load a constant that two nodes share.
    private void ConvertConstant(Value value, Tensor constant)
    {
        var (integers, scales) = RivalWeights.Quantize(constant, null, 1, []);
        foreach (var use in value.Uses.Where(u => u.Index >= 0).ToList())
        {
            _editor.SetInput(use.Node, use.Index, Dequantize(_editor.AddInitializer(value.Name + "_quantized", integers), scales[0], 0, value.Name));
        }
    }

    private void ConvertWeight(Node node, int slot, int axis)
    {
        var weight = node.Input(slot)!.Constant!;
        int? channelAxis = _recipe.PerChannel && weight.Rank > 1 ? axis : null;
        var data = node.Input(1 - slot)!;
        var bias = node.OperatorType != "MatMul" && slot == 1 ? node.Input(2)?.Constant : null;
        var dataScale = data.Constant is null ? Parameters(data).Scale : 1;
        var biases = bias is null ? [] : Spread(bias, (int)weight.Dims[axis], node.OperatorType == "Gemm" ? node.Float("beta", 1) : 1);
        var (integers, scales) = RivalWeights.Quantize(weight, channelAxis, dataScale, biases);
        if (bias is not null)
        {
            ConvertBias(node, Corrected(node, integers, scales, axis, biases), Array.ConvertAll(scales, s => s * dataScale));
        }

        var name = node.Input(slot)!.Name;
        var quantized = _editor.AddInitializer(name + "_quantized", integers);
        _editor.SetInput(node, slot, channelAxis is null ? Dequantize(quantized, scales[0], 0, name) : Dequantize(quantized, scales, ElementType.Int8, name, axis));
    }

    private float[] Corrected(Node node, Tensor integers, float[] scales, int axis, float[] biases)
    {
        if (!_recipe.CorrectsBias)
        {
            return biases;
        }

        var weight = RivalWeights.Dequantize(integers, scales, axis);
        var quantized = LayerMeans.Of(node, _placement.RecordOf(node.Input(0)!)!, weight, biases);
        return FastBiasCorrection.Correct(biases, OutputMeans(node), quantized) ?? biases;
    }

    // The means of what the layer gives, before an activation: those of the float model, where nothing was taken out yet.
    private double[] OutputMeans(Node node) => _placement.Before(node.Output).ChannelMeans;

    private void ConvertBias(Node node, float[] biases, float[] scales)
    {
        var values = biases.Select((b, i) => (int)Math.Clamp(Math.Round((double)b / scales[scales.Length == 1 ? 0 : i]), int.MinValue, int.MaxValue)).ToArray();
        var name = node.Input(2)!.Name;
        var quantized = _editor.AddInitializer(name + "_quantized", new Tensor(ElementType.Int32, [values.Length], MemoryMarshal.AsBytes<int>(values).ToArray()));
        _editor.SetInput(node, 2, Dequantize(quantized, scales, ElementType.Int32, name, 0));
        _editor.SetAttribute(node, "beta", null);
    }

    private Value Dequantize(Value quantized, float scale, sbyte zeroPoint, string name)
    {
        var (s, z) = Scalars(name, scale, zeroPoint);
        return _editor.AddNode("DequantizeLinear", [quantized, s, z], name + "_dequantized").Output;
    }

    private Value Dequantize(Value quantized, float[] scales, ElementType type, string name, int axis)
    {
        long[] dims = scales.Length == 1 ? [] : [scales.Length];
        var scale = _editor.AddInitializer(name + "_scale", Tensor.Of(dims, scales));
        var zeroPoint = _editor.AddInitializer(name + "_zero_point", new Tensor(type, dims, new byte[scales.Length * (type == ElementType.Int32 ? 4 : 1)]));
        var node = _editor.AddNode("DequantizeLinear", [quantized, scale, zeroPoint], name + "_dequantized");
        if (scales.Length > 1)
        {
            _editor.SetAttribute(node, "axis", new AttributeValue.Int(axis));
        }

        return node.Output;
    }

    private (Value Scale, Value ZeroPoint) Scalars(string name, float scale, sbyte zeroPoint) =>
        (_editor.AddInitializer(name + "_scale", Tensor.Of([], [scale])), _editor.AddInitializer(name + "_zero_point", new Tensor(ElementType.Int8, [], new[] { (byte)zeroPoint })));

    private static float[] Spread(Tensor bias, int channels, float factor)
    {
        var values = bias.ToFloats();
        return [.. Enumerable.Range(0, channels).Select(c => values[values.Length == 1 ? 0 : c] * factor)];
    }

    private void RemoveUnread()
    {
        foreach (var value in _graph.Initializers.Where(v => !v.IsUsed).ToList())
        {
            _editor.RemoveInitializer(value);
        }
    }
}
