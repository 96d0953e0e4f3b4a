using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A float model that reads what the bytes stand for, with such samples: quantized like any other, it takes bytes as soon as the conversion at its start is gone.</summary>
/// <param name="Model">The float model.</param>
/// <param name="Samples">Its samples.</param>
/// <param name="Input">Name of its input.</param>
/// <param name="Parameters">Scale and zero point of the bytes.</param>
internal sealed record ByteForm(Model Model, ISampleSource Samples, string Input, AffineParameters Parameters)
{
    /// <summary>Whether the first convolution took up a part of the normalisation.</summary>
    public bool IsFolded { get; init; }

    /// <summary>What is put around the bytes, or null.</summary>
    public BytePadding? Padding { get; init; }

    /// <summary>Shape of the input without padding, or null when it is not declared.</summary>
    public IReadOnlyList<Dim>? Shape { get; init; }

    /// <summary>For the report.</summary>
    public ByteInputReport Report => new(Input, Parameters.Scale, Parameters.ZeroPoint - sbyte.MinValue, IsFolded, [.. Padding?.Bytes.Select(b => (int)b) ?? []]);

    /// <summary>Whether a model's input takes bytes that integers are made of: what reads them dequantizes them. Samples are fed to it as they are stored.</summary>
    /// <param name="input">An input.</param>
    public static bool Takes(Value input) => input.ElementType == ElementType.UInt8 && LeadsToIntegers(input);

    /// <summary>Makes a quantized model take bytes.</summary>
    /// <param name="quantized">A model made from <see cref="Model"/>; not changed.</param>
    public Model Write(Model quantized)
    {
        var model = quantized.Clone();
        var editor = new GraphEditor(model.Graph);
        var input = model.Graph.Values[Input];
        var dequantize = input.Uses.FirstOrDefault(u => u.Node.OperatorType == "QuantizeLinear").Node is { } quantize ? WithoutConversion(editor, input, quantize) : Dequantize(editor, input);
        editor.ReplaceUses(input, dequantize.Output, except: dequantize);
        editor.SetElementType(input, ElementType.UInt8);
        editor.SetDeclaredShape(input, Shape);
        if (Padding is not null)
        {
            editor.SetInput(dequantize, 0, Padding.Write(editor, input, dequantize));
        }

        editor.Sort();
        return model;
    }

    private static bool LeadsToIntegers(Value value) => value.Uses.Count > 0 && value.Uses.All(u =>
        u.Node.OperatorType == "DequantizeLinear" || (u.Node.OperatorType is "Split" or "Pad" or "Concat" && u.Node.Outputs.OfType<Value>().All(LeadsToIntegers)));

    private static Node WithoutConversion(GraphEditor editor, Value input, Node quantize)
    {
        var dequantize = quantize.Output.Uses[0].Node;
        editor.ReplaceUses(quantize.Output, input);
        editor.RemoveNode(quantize);
        return dequantize;
    }

    private Node Dequantize(GraphEditor editor, Value input)
    {
        var scale = editor.AddInitializer(Input + "_scale", Tensor.Of([], [Parameters.Scale]));
        var zeroPoint = editor.AddInitializer(Input + "_zero_point", new Tensor(ElementType.UInt8, [], new[] { (byte)(Parameters.ZeroPoint - sbyte.MinValue) }));
        return editor.AddNode("DequantizeLinear", [input, scale, zeroPoint], Input + "_dequantized");
    }
}
