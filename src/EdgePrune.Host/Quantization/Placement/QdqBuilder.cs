using EdgePrune.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>Writes QuantizeLinear and DequantizeLinear pairs into a graph, where ONNX Runtime merges them into integer kernels.</summary>
internal sealed class QdqBuilder
{
    /// <summary>Behind the name of a value stands this in the name of the node that converts it to int8.</summary>
    public const string Quantized = "_quantized";

    /// <summary>Behind the name of a value stands this in the name of the node that converts it back.</summary>
    public const string Dequantized = "_dequantized";

    private readonly GraphEditor _editor;
    private readonly IReadOnlyDictionary<Value, AffineParameters> _parameters;
    private readonly QuantizationRecipe _recipe;
    private readonly ElementType _type;
    private readonly Dictionary<Value, Value> _pairs = [];
    private readonly Dictionary<AffineParameters, (Value Scale, Value ZeroPoint)> _scalars = [];

    private QdqBuilder(Graph graph, IReadOnlyDictionary<Value, AffineParameters> parameters, QuantizationRecipe recipe)
    {
        _recipe = recipe;
        _type = recipe.Signed ? ElementType.Int8 : ElementType.UInt8;
        _editor = new GraphEditor(graph);
        _parameters = parameters;
    }

    /// <summary>Quantizes units in place.</summary>
    /// <param name="graph">The graph to change.</param>
    /// <param name="units">Its units to quantize.</param>
    /// <param name="parameters">Scale and zero point of every value to convert.</param>
    /// <param name="recipe">Type of activations, rounding of weights, shifts of biases.</param>
    public static void Build(Graph graph, IReadOnlyList<QuantizationUnit> units, IReadOnlyDictionary<Value, AffineParameters> parameters, QuantizationRecipe recipe)
    {
        var builder = new QdqBuilder(graph, parameters, recipe);
        foreach (var unit in units)
        {
            builder.ConvertConstants(unit);
            builder.ConvertInputs(unit);
        }

        foreach (var output in units.SelectMany(u => u.Outputs).Where(parameters.ContainsKey).ToList())
        {
            builder.ConvertOutput(output);
        }

        builder.RemoveUnread();
        builder._editor.Sort();
    }

    private void ConvertInputs(QuantizationUnit unit)
    {
        foreach (var slot in unit.DataInputs)
        {
            _editor.SetInput(unit.Core, slot, Pair(unit.Core.Input(slot)!));
        }
    }

    /// <summary>The kernel behind the value gives int8 only, so that everybody reads the dequantized value.</summary>
    private void ConvertOutput(Value output)
    {
        var dequantized = Pair(output);
        _editor.ReplaceUses(output, dequantized, except: dequantized.Producer!.Input(0)!.Producer);
        if (output.IsGraphOutput)
        {
            _editor.ReplaceGraphOutput(output, dequantized);
        }
    }

    private void ConvertConstants(QuantizationUnit unit)
    {
        foreach (var slot in unit.ConstantInputs)
        {
            ConvertConstant(unit.Core, slot);
        }

        if (unit.Weight is { } slots)
        {
            ConvertWeight(unit.Core, slots);
        }
    }

    /// <summary>A value's dequantized form; one pair serves all its readers.</summary>
    private Value Pair(Value value)
    {
        if (!_pairs.TryGetValue(value, out var dequantized))
        {
            var (scale, zeroPoint) = Scalars(value.Name, _parameters[value]);
            var quantized = _editor.AddNode("QuantizeLinear", [value, scale, zeroPoint], value.Name + Quantized).Output;
            dequantized = Dequantize(quantized, scale, zeroPoint, value.Name, axis: null);
            _pairs[value] = dequantized;
        }

        return dequantized;
    }

    private void ConvertConstant(Node node, int slot)
    {
        var constant = node.Input(slot)!;
        var values = constant.Constant!.Span<float>();
        var parameters = AffineParameters.FromRange(new ValueRange(TensorPrimitives.Min(values), TensorPrimitives.Max(values)));
        var tensor = new Tensor(_type, constant.Constant.Dims, Array.ConvertAll(values.ToArray(), v => Activation(parameters.Quantize(v))));
        // Its zero point is its own, as that of a weight is: ONNX Runtime turns constants to unsigned one by one.
        var (scale, zeroPoint) = OwnScalars(constant.Name, parameters);
        var quantized = _editor.AddInitializer(constant.Name + "_quantized", tensor);
        _editor.SetInput(node, slot, Dequantize(quantized, scale, zeroPoint, constant.Name, axis: null));
    }

    /// <summary>
    /// Every node has a weight of its own: ONNX Runtime cannot load a model in which two readers share an integer weight or
    /// its zero point, where it turns weights to unsigned.
    /// </summary>
    private void ConvertWeight(Node node, WeightSlots slots)
    {
        var weight = node.Input(slots.Weight)!;
        var channels = (int)weight.Constant!.Dims[slots.OutputAxis];
        var dataScale = _parameters[node.Input(slots.Data)!].Scale;
        var bias = Bias(node, slots, channels);
        var (values, scales) = Rounded(node, slots, WeightQuantizer.LeastScales(bias ?? new float[channels], dataScale));
        var dequantized = Dequantize(
            _editor.AddInitializer(weight.Name + "_quantized", values),
            _editor.AddInitializer(weight.Name + "_scale", Tensor.Of([channels], scales)),
            _editor.AddInitializer(weight.Name + "_zero_point", new Tensor(ElementType.Int8, [channels], new byte[channels])),
            weight.Name,
            slots.OutputAxis);
        _editor.SetInput(node, slots.Weight, dequantized);
        if (bias is not null)
        {
            ConvertBias(node, slots.BiasOr(2), bias, WeightQuantizer.BiasScales(dataScale, scales));
        }

        // Both factors are in the constants now; the integer kernels know no beta.
        _editor.SetAttribute(node, "alpha", null);
        _editor.SetAttribute(node, "beta", null);
    }

    private RoundedWeight Rounded(Node node, WeightSlots slots, float[] least) =>
        _recipe.Weights.TryGetValue(node.Output.Name, out var rounded) && rounded.Fits(least)
            ? rounded
            : WeightQuantizer.PerChannel(node.Input(slots.Weight)!.Constant!, slots.OutputAxis, WeightQuantizer.Factor(node, "alpha"), least);

    /// <summary>Every node has a bias of its own: its scale depends on the node's input and weight.</summary>
    private void ConvertBias(Node node, int slot, float[] bias, float[] scales)
    {
        var name = node.Input(slot)?.Name ?? node.Output.Name + "_bias";
        var values = _editor.AddInitializer(name + "_quantized", WeightQuantizer.Bias(bias, scales));
        var scale = _editor.AddInitializer(name + "_scale", Tensor.Of([scales.Length], scales));
        _editor.SetInput(node, slot, Dequantize(values, scale, null, name, axis: 0));
    }

    private float[]? Bias(Node node, WeightSlots slots, int channels)
    {
        var shift = _recipe.BiasShifts.GetValueOrDefault(node.Output.Name);
        return slots.Bias < 0 ? shift : WeightQuantizer.FloatBias(node, slots, channels, shift);
    }

    private Value Dequantize(Value quantized, Value scale, Value? zeroPoint, string name, int? axis)
    {
        var node = _editor.AddNode("DequantizeLinear", zeroPoint is null ? [quantized, scale] : [quantized, scale, zeroPoint], name + Dequantized);
        if (axis is { } channels)
        {
            _editor.SetAttribute(node, "axis", new AttributeValue.Int(channels));
        }

        return node.Output;
    }

    private (Value Scale, Value ZeroPoint) Scalars(string name, AffineParameters parameters)
    {
        if (!_scalars.TryGetValue(parameters, out var scalars))
        {
            scalars = OwnScalars(name, parameters);
            _scalars[parameters] = scalars;
        }

        return scalars;
    }

    private (Value Scale, Value ZeroPoint) OwnScalars(string name, AffineParameters parameters) => (
        _editor.AddInitializer(name + "_scale", Tensor.Of([], [parameters.Scale])),
        _editor.AddInitializer(name + "_zero_point", new Tensor(_type, [], new[] { Activation(parameters.ZeroPoint) })));

    /// <summary>The byte of a signed integer, moved up by 128 when activations are unsigned.</summary>
    private byte Activation(sbyte value) => _type == ElementType.Int8 ? (byte)value : (byte)(value - sbyte.MinValue);

    private void RemoveUnread()
    {
        foreach (var unread in _editor.Graph.Initializers.Where(v => !v.IsUsed && v.Constant!.ElementType == ElementType.Float32).ToList())
        {
            _editor.RemoveInitializer(unread);
        }
    }
}
