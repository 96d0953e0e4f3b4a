using EdgePrune.Contracts;
using EdgePrune.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace EdgePrune.Host;

/// <summary>
/// Brings the normalisation of samples into a model: as scale and zero point of the bytes where these express it, else into the weights and
/// the bias of the convolution that reads the image.
/// </summary>
/// <remarks>
/// A channel's number is s (p - z) for a byte p, the integers mean S (p - Z): so its weights are multiplied with s / S, and the bias gains s (Z - z)
/// times their sum. Padding with 0 is then padding with the byte Z, which must lie within half a step of z; where it does not, each channel is padded with its
/// own byte in front of the convolution.
/// </remarks>
internal sealed class ByteFold
{
    private const double HalfStep = 0.5;

    private readonly Model _model;
    private readonly ISampleSource _samples;
    private readonly Value _input;

    private ByteFold(Model model, ISampleSource samples)
    {
        (_model, _samples) = (model, samples);
        _input = model.Graph.FedInputs.Single();
    }

    /// <summary>Folds.</summary>
    /// <param name="prepared">The float model, normalised, with one input; changed.</param>
    /// <param name="samples">Its samples.</param>
    /// <returns>The model for bytes.</returns>
    /// <exception cref="InputException"><see cref="ErrorCode.InvalidOption"/>: the normalisation cannot be brought into the model.</exception>
    public static ByteForm Apply(Model prepared, ISampleSource samples)
    {
        if (prepared.Graph.FedInputs.Count() != 1)
        {
            throw Refuse($"it has {prepared.Graph.FedInputs.Count()} inputs, and samples are bytes for one image only");
        }

        _ = new SampleFeeder(prepared, samples);
        return new ByteFold(prepared, samples).Apply();
    }

    private ByteForm Apply()
    {
        if (_input.ElementType != ElementType.Float32 || _input.IsGraphOutput)
        {
            throw Refuse(_input.IsGraphOutput ? $"its input '{_input.Name}' is an output, too" : $"its input '{_input.Name}' takes {_input.ElementType} already, and only 32-bit floats become bytes");
        }

        var pixels = PixelScale.Of(_samples.Inputs[0]);
        return pixels.Exact is { } exact ? Form(exact, null, isFolded: false) : Fold(pixels);
    }

    private ByteForm Fold(PixelScale pixels)
    {
        var conv = RequireConvolution(pixels);
        var weight = conv.Input(1)!.Constant!;
        var channels = (int)(weight.Dims[1] * conv.Int("group", 1));
        if (pixels.Scales.Count > 1 && (pixels.Axis != 0 || pixels.Scales.Count != channels))
        {
            throw Refuse($"{Normalisation(pixels)}, along another axis than the channels of {conv}");
        }

        var all = pixels.Spread(channels);
        var padding = Padding(conv, all);
        var zero = Math.Clamp(Math.Round((all.Zeros.Min() + all.Zeros.Max()) / 2), byte.MinValue, byte.MaxValue);
        var parameters = PixelScale.Parameters(all.Scales.Max(Math.Abs), zero);
        Rewrite(conv, all, parameters.Scale, zero);
        return Form(parameters, padding, isFolded: true);
    }

    private Node RequireConvolution(PixelScale pixels)
    {
        if (_input.Uses is not [{ Index: 0, Node: { OperatorType: "Conv" } conv }])
        {
            var readers = string.Join(", ", _input.Uses.Select(u => u.Node.ToString()));
            throw Refuse($"{Normalisation(pixels)}, which only one convolution that alone reads '{_input.Name}' could take up; it is read by {readers}");
        }

        return conv.Input(1)?.Constant is { ElementType: ElementType.Float32 } && conv.Input(2) is null or { Constant.ElementType: ElementType.Float32 }
            ? conv
            : throw Refuse($"{Normalisation(pixels)}, and the weight and the bias of {conv} are no constants of 32-bit floats that could take it up");
    }

    // Padding that the convolution can go on doing gives null.
    private BytePadding? Padding(Node conv, PixelScale pixels)
    {
        var pads = conv.Ints("pads") ?? [];
        var isAutomatic = conv.Text("auto_pad", "NOTSET") is "SAME_UPPER" or "SAME_LOWER";
        var middle = Math.Round((pixels.Zeros.Min() + pixels.Zeros.Max()) / 2);
        if ((!isAutomatic && pads.All(p => p == 0)) || (pixels.Zeros.All(z => Math.Abs(z - middle) <= HalfStep) && PixelScale.IsByte(middle)))
        {
            return null;
        }

        if (isAutomatic || pads.Any(p => p < 0) || pads.Count / 2 != _samples.Inputs[0].Shape.Count - 1)
        {
            throw Refuse($"{conv} pads with zeros, which are not the same byte in all channels, by 'auto_pad', by less than nothing, or in samples that have a batch of their own. Export it with plain 'pads'");
        }

        if (pixels.Zeros.FirstOrDefault(z => !PixelScale.IsByte(Math.Round(z)), double.NaN) is var far && !double.IsNaN(far))
        {
            throw Refuse($"{conv} pads with zeros, and 0 would be the pixel {far:0.##}, which is no byte. Pad less, or normalise so that mean / scale lies within 0 to 255");
        }

        var after = pads.Count / 2;
        new GraphEditor(_model.Graph).SetAttribute(conv, "pads", new AttributeValue.Ints([.. pads.Select(_ => 0L)]));
        return new BytePadding([.. pads.Take(after)], [.. pads.Skip(after)], [.. pixels.Zeros.Select(z => (byte)Math.Round(z))]);
    }

    private void Rewrite(Node conv, PixelScale pixels, double scale, double zero)
    {
        var weight = conv.Input(1)!.Constant!;
        var (outputs, columns) = ((int)weight.Dims[0], (int)weight.Dims[1]);
        var (values, size) = (weight.Span<float>().ToArray(), (int)Tensor.Elements(weight.Dims[2..]));
        var bias = conv.Input(2)?.Constant is { } known ? Array.ConvertAll(known.Span<float>().ToArray(), b => (double)b) : new double[outputs];
        for (var row = 0; row < outputs; row++)
        {
            var first = (int)(row / (outputs / conv.Int("group", 1))) * columns;
            for (var column = 0; column < columns; column++)
            {
                var (s, z) = (pixels.Scales[first + column], pixels.Zeros[first + column]);
                var kernel = values.AsSpan(((row * columns) + column) * size, size);
                bias[row] += s * (zero - z) * Sum(kernel);
                TensorPrimitives.Multiply(kernel, (float)(s / scale), kernel);
            }
        }

        Replace(conv, 1, Tensor.Of(weight.Dims.ToArray(), values));
        Replace(conv, 2, Tensor.Of([outputs], Array.ConvertAll(bias, b => (float)b)));
    }

    private static double Sum(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }

    // Others may read the constant as it was.
    private void Replace(Node conv, int slot, Tensor tensor)
    {
        var editor = new GraphEditor(_model.Graph);
        var old = conv.Input(slot);
        editor.SetInput(conv, slot, editor.AddInitializer(old?.Name ?? conv.Output.Name + "_bias", tensor));
        if (old is { IsUsed: false })
        {
            editor.RemoveInitializer(old);
        }
    }

    private ByteForm Form(AffineParameters parameters, BytePadding? padding, bool isFolded)
    {
        var shape = _input.DeclaredShape;
        if (padding is not null && shape is not null)
        {
            var sizes = padding.Around([.. shape.Skip(1).Select(d => d.Size!.Value)]);
            new GraphEditor(_model.Graph).SetDeclaredShape(_input, [shape[0], .. sizes.Select(Dim.FromInt64)]);
        }

        return new ByteForm(_model, new ByteSamples(_samples, parameters, padding), _input.Name, parameters) { IsFolded = isFolded, Padding = padding, Shape = shape };
    }

    private static string Normalisation(PixelScale pixels) =>
        $"its normalisation, with {(pixels.Scales.Count == 1 ? "the zero" : "zeros")} {string.Join(", ", pixels.Zeros.Distinct().Select(z => z.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture)))} in bytes, is no scale with a whole zero point from 0 to 255";

    private static InputException Refuse(string why) => new(ErrorCode.InvalidOption,
        $"The model cannot be made to take bytes: {why}. Change that, or quantize with float inputs.");
}
