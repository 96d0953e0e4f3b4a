using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Replaces removed channels in front of a node that combines them without weights, so that the original combines what the
/// pruned model does: 0 for a sum, the mean of the kept channels for a mean, the lowest number for a maximum.
/// </summary>
/// <remarks>
/// Worked example: layer normalization over 4 channels of which 1 goes. With the removed one at the mean of the kept, the
/// mean is that of 3, but the variance is 3/4 of theirs; so the masked node gets 3/4 of epsilon and the root of 3/4 as a
/// further factor of its scale, and gives exactly what the smaller node gives.
/// </remarks>
internal sealed class ReductionMask(Node node, IReadOnlyList<ChannelReduction> reductions, ShapeTable shapes, GraphEditor editor)
{
    private readonly ChannelReduction _first = reductions[0];
    private readonly long[] _shape = shapes[reductions[0].Data.Value];
    private readonly string _name = reductions[0].Data.Value.Name;

    public void Apply(RemovedChannels removed)
    {
        var data = editor.Graph.Values[_name];
        var filled = _first.Fill switch
        {
            ReductionFill.Zero => Multiply(data, removed),
            ReductionFill.Mean => FillWithMean(data, removed),
            _ => FillWith(data, removed, _first.Fill == ReductionFill.Lowest ? -float.MaxValue : float.MaxValue),
        };
        editor.SetInput(node, _first.Input, filled);
        if (_first.Kind == ReductionKind.Normalization)
        {
            Rescale(reductions.Aggregate(1.0, (share, r) => share * Share(r, removed)));
        }
    }

    private double Share(ChannelReduction reduction, RemovedChannels removed)
    {
        var size = _shape[reduction.Data.Axis];
        return (double)(size - removed.Of(reduction.Data).Count) / size;
    }

    // One mask for each axis that lost channels.
    private Value Multiply(Value data, RemovedChannels removed) =>
        reductions.Aggregate(data, (value, r) => Add("Mul", [value, Mask(r, removed, m => m)], "masked"));

    private Value FillWith(Value data, RemovedChannels removed, float fill) =>
        reductions.Aggregate(data, (value, r) => Add(fill < 0 ? "Min" : "Max", [value, Mask(r, removed, m => m == 0 ? fill : -fill)], "masked"));

    private Value FillWithMean(Value data, RemovedChannels removed)
    {
        var kept = Multiply(data, removed);
        var share = reductions.Aggregate(1.0, (product, r) => product * Share(r, removed));
        var mean = _first.Blocks == 1 ? Mean(kept, [.. _first.Axes.Select(a => (long)a)]) : BlockMeans(kept);
        var ofKept = Add("Mul", [mean, Constant(Tensor.Of([], [(float)(1 / share)]))], "mean");
        var gone = reductions.Select(r => Mask(r, removed, m => m)).Aggregate((a, b) => Add("Mul", [a, b], "mask"));
        var rest = Add("Sub", [Constant(Tensor.Of([], [1f])), gone], "mask");
        return Add("Add", [kept, Add("Mul", [ofKept, rest], "filling")], "filled");
    }

    // The mean of each block of the axis together with all axes behind it, repeated for the block's channels.
    private Value BlockMeans(Value kept)
    {
        var (channels, blocks) = (_shape[1], _first.Blocks);
        var merged = Add("Reshape", [kept, Constant(Tensor.Vector(0, blocks, -1))], "blocks");
        var repeated = Add("Gather", [Mean(merged, [2]), Constant(Tensor.Vector([.. Enumerable.Range(0, (int)channels).Select(c => c / (channels / blocks))]))], "repeated");
        editor.SetAttribute(repeated.Producer!, "axis", new AttributeValue.Int(1));
        return Add("Reshape", [repeated, Constant(Tensor.Vector([0, channels, .. Enumerable.Repeat(1L, _shape.Length - 2)]))], "blocks");
    }

    private Value Mean(Value data, long[] axes)
    {
        if (node.Opset >= 18)
        {
            return Add("ReduceMean", [data, Constant(Tensor.Vector(axes))], "mean");
        }

        var mean = Add("ReduceMean", [data], "mean");
        editor.SetAttribute(mean.Producer!, "axes", new AttributeValue.Ints(axes));
        return mean;
    }

    private void Rescale(double share)
    {
        editor.SetAttribute(node, "epsilon", new AttributeValue.Float((float)(node.Float("epsilon", 1e-5f) * share)));
        if (_first.ScaleInput < 0)
        {
            return;
        }

        var scale = node.Input(_first.ScaleInput)!;
        editor.SetInput(node, _first.ScaleInput, Add("Mul", [scale, Constant(Tensor.Of([], [(float)Math.Sqrt(share)]))], "scale"));
    }

    private Value Mask(ChannelReduction reduction, RemovedChannels removed, Func<float, float> value)
    {
        var axis = reduction.Data.Axis;
        var mask = Array.ConvertAll(ChannelMask.Of(reduction.Data, _shape[axis], removed), m => value(m));
        return Constant(Tensor.Of([mask.Length, .. Enumerable.Repeat(1L, _shape.Length - axis - 1)], mask));
    }

    private Value Add(string type, IEnumerable<Value?> inputs, string suffix) => editor.AddNode(type, inputs, $"{_name}_{suffix}", before: node).Output;

    // Float constants take the data's type, which random checks run in.
    private Value Constant(Tensor tensor)
    {
        var type = editor.Graph.Values[_name].ElementType;
        var typed = tensor.ElementType == ElementType.Float32 && type.IsFloat() && type != ElementType.Float32
            ? new Tensor(type, [0], default).WithFloats(tensor.Span<float>(), tensor.Dims)
            : tensor;
        return editor.AddInitializer(_name + "_constant", typed);
    }
}
