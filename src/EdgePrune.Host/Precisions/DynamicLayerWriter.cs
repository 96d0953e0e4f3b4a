using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Writes X W as (X' W') * (scale of X * scale of W) with 8-bit X' and W', in the form that ONNX Runtime merges: DynamicQuantizeLinear,
/// MatMulInteger, Cast, Mul.
/// </summary>
/// <param name="editor">The graph's editor.</param>
internal sealed class DynamicLayerWriter(GraphEditor editor)
{
    private readonly Dictionary<Value, (Value Numbers, Value Scale, Value ZeroPoint)> _rounded = [];

    /// <summary>Puts the form in a layer's place.</summary>
    /// <returns>The relative change of its weight.</returns>
    public double Write(DenseLayer layer)
    {
        var node = layer.Node;
        var (numbers, scale, zeroPoint) = Rounded(layer.Data, node);
        var (weight, weightScales, error) = Weight(layer);
        var sum = editor.AddNode("MatMulInteger", [numbers, weight, zeroPoint, ZeroPoints(layer)], node.Output.Name + "_integers", before: node);
        editor.SetElementType(sum.Output, ElementType.Int32);
        var cast = editor.AddNode("Cast", [sum.Output], node.Output.Name + "_floats", before: node);
        editor.SetAttribute(cast, "to", new AttributeValue.Int((long)ElementType.Float32));
        editor.SetElementType(cast.Output, ElementType.Float32);
        var scales = editor.AddNode("Mul", [scale, weightScales], node.Output.Name + "_scales", before: node);
        layer.Replace(editor, editor.AddNode("Mul", [cast.Output, scales.Output], node.Output.Name + "_product", before: node).Output);
        return error;
    }

    // One rounding serves all readers of a value.
    private (Value Numbers, Value Scale, Value ZeroPoint) Rounded(Value data, Node before)
    {
        if (!_rounded.TryGetValue(data, out var rounded))
        {
            var node = editor.AddNode("DynamicQuantizeLinear", [data], data.Name + "_rounded", before);
            rounded = (node.Output, editor.AddOutput(node, data.Name + "_scale"), editor.AddOutput(node, data.Name + "_zero_point"));
            editor.SetElementType(rounded.Numbers, ElementType.UInt8);
            editor.SetElementType(rounded.Scale, ElementType.Float32);
            editor.SetElementType(rounded.ZeroPoint, ElementType.UInt8);
            _rounded[data] = rounded;
        }

        return rounded;
    }

    // Every layer has constants of its own: ONNX Runtime cannot load a model in which two share one, where it turns weights to unsigned.
    private (Value Weight, Value Scales, double Error) Weight(DenseLayer layer)
    {
        var rows = OutputRows.Round(layer.Columns(), layer.Inputs);
        var weight = editor.AddInitializer(layer.Weight.Name + "_int8", new Tensor(ElementType.Int8, [layer.Inputs, layer.Outputs], rows.Transposed()));
        return (weight, editor.AddInitializer(layer.Weight.Name + "_scales", Tensor.Of([layer.Outputs], rows.Scales)), rows.Error);
    }

    private Value ZeroPoints(DenseLayer layer) =>
        editor.AddInitializer(layer.Weight.Name + "_zero_points", new Tensor(ElementType.Int8, [layer.Outputs], new byte[layer.Outputs]));
}
