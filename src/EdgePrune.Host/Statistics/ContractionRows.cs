using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// What a contraction's weight is multiplied with, as rows: one row for each output position, one column for each pair of
/// input channel and tap, so that output = rows x weight + bias. Nothing is unfolded as a whole; rows are read one by one.
/// </summary>
/// <remarks>
/// Worked example: a 3 x 3 convolution over 4 channels has 36 columns, channel c and tap t in column 9 c + t, as
/// <see cref="WeightView"/> numbers them; on a batch of 2 images of 8 x 8 with padding 1 it has 128 rows.
/// </remarks>
internal sealed class ContractionRows
{
    private readonly Contraction _contraction;
    private readonly Window? _window;

    private ContractionRows(Contraction contraction, Window? window)
    {
        _contraction = contraction;
        _window = window;
        var view = WeightView.Of(contraction);
        Taps = view.Taps;
        Columns = view.Inputs * Taps;
    }

    /// <summary>Input channels of all blocks times taps.</summary>
    public int Columns { get; }

    public int Taps { get; }

    /// <summary>Rows of a contraction; null for transposed convolutions and recurrent layers, whose outputs are no such product.</summary>
    public static ContractionRows? TryMake(Contraction contraction)
    {
        var node = contraction.Node;
        return node.OperatorType switch
        {
            "Conv" => new ContractionRows(contraction, new Window(node, contraction.Weight.Value.Constant!.Dims[2..].ToArray())),
            _ when contraction.IsAffine && !contraction.IsRecurrent && WeightView.Of(contraction).Taps == 1 && node.OperatorType != "ConvTranspose" => new ContractionRows(contraction, null),
            _ => null,
        };
    }

    /// <summary>Number of rows for data and output of these shapes.</summary>
    public int Count(ReadOnlySpan<long> output) => (int)(Tensor.Elements(output) / output[_contraction.Output.Axis]);

    /// <summary>Place of the first output channel of a row in the output, and the step to the next channel.</summary>
    public (int First, int Step) OutputPlace(ReadOnlySpan<long> output, int row) => Place(output, _contraction.Output.Axis, row);

    /// <summary>Reads one row; what lies in the padding is 0.</summary>
    /// <param name="data">The data.</param>
    /// <param name="output">Shape of the output.</param>
    /// <param name="row">Number of the row.</param>
    /// <param name="columns">Where to; <see cref="Columns"/> long.</param>
    public void Read(Tensor data, ReadOnlySpan<long> output, int row, Span<float> columns)
    {
        var values = data.Span<float>();
        if (_window is { } window)
        {
            window.Read(values, data.Dims, output, row, columns);
            return;
        }

        var (first, step) = Place(data.Dims, _contraction.Data.Axis, row);
        for (var channel = 0; channel < columns.Length; channel++)
        {
            columns[channel] = values[first + (channel * step)];
        }
    }

    // Rows run over all other axes in their order, which is the same for data and output.
    private static (int First, int Step) Place(ReadOnlySpan<long> shape, int axis, int row)
    {
        var inner = (int)Tensor.Elements(shape[(axis + 1)..]);
        var (outer, rest) = Math.DivRem(row, inner);
        return ((int)(outer * shape[axis] * inner) + rest, inner);
    }

    /// <summary>The window that a convolution slides over space.</summary>
    private sealed class Window(Node node, long[] kernel)
    {
        private readonly int _taps = (int)Tensor.Elements(kernel);

        public void Read(ReadOnlySpan<float> values, ReadOnlySpan<long> data, ReadOnlySpan<long> output, int row, Span<float> columns)
        {
            var space = (int)Tensor.Elements(data[2..]);
            var (sample, position) = Math.DivRem(row, (int)Tensor.Elements(output[2..]));
            Span<int> places = stackalloc int[_taps];
            Places(data, output, position, places);
            var image = values.Slice((int)(sample * data[1] * space), (int)data[1] * space);
            for (var column = 0; image.Length > 0; image = image[space..])
            {
                foreach (var place in places)
                {
                    columns[column++] = place < 0 ? 0 : image[place];
                }
            }
        }

        // Where each tap lies in one channel, or -1 in the padding.
        private void Places(ReadOnlySpan<long> data, ReadOnlySpan<long> output, int position, Span<int> places)
        {
            places.Clear();
            var stretch = 1;
            for (var (axis, rest, run) = (kernel.Length - 1, position, 1); axis >= 0; axis--)
            {
                (rest, var at) = Math.DivRem(rest, (int)output[axis + 2]);
                var (first, dilation) = First(axis, data, at);
                for (var tap = 0; tap < places.Length; tap++)
                {
                    var index = first + (tap / run % (int)kernel[axis] * dilation);
                    places[tap] = places[tap] < 0 || index < 0 || index >= data[axis + 2] ? -1 : places[tap] + (index * stretch);
                }

                run *= (int)kernel[axis];
                stretch *= (int)data[axis + 2];
            }
        }

        private (int First, int Dilation) First(int axis, ReadOnlySpan<long> data, int at)
        {
            var (stride, dilation) = (node.Ints("strides")?[axis] ?? 1, node.Ints("dilations")?[axis] ?? 1);
            var begin = WindowShape.Padding(node, axis, data[axis + 2], kernel).Begin;
            return ((int)((at * stride) - begin), (int)dilation);
        }
    }
}
