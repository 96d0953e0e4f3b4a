using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Where the classes of an output stand. <c>[batch, classes]</c> and <c>[batch, steps, classes]</c> have them last;
/// four or more dimensions, as a segmentation's <c>[batch, classes, height, width]</c>, have them second.
/// </summary>
/// <param name="Outer">Blocks before the classes, the batch included.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="Inner">Positions behind the classes.</param>
internal readonly record struct ClassAxis(int Outer, int Classes, int Inner)
{
    public static ClassAxis Of(Tensor output)
    {
        var dims = output.Dims;
        var axis = dims.Length >= 4 ? 1 : dims.Length - 1;
        return dims.Length < 2
            ? new ClassAxis((int)output.Count, 1, 1)
            : new ClassAxis((int)Tensor.Elements(dims[..axis]), (int)dims[axis], (int)Tensor.Elements(dims[(axis + 1)..]));
    }

    /// <summary>Number of decisions in the output.</summary>
    public int Positions => Outer * Inner;

    /// <summary>Index of a class's value.</summary>
    public int At(int position, int @class) => (((position / Inner * Classes) + @class) * Inner) + (position % Inner);

    /// <summary>The class with the highest value, the lowest number on a tie; -1 when every value is no number.</summary>
    public int Best(ReadOnlySpan<float> values, int position)
    {
        var best = -1;
        for (var c = 0; c < Classes; c++)
        {
            var value = values[At(position, c)];
            if (!float.IsNaN(value) && (best < 0 || value > values[At(position, best)]))
            {
                best = c;
            }
        }

        return best;
    }
}
