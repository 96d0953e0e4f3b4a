using System.Runtime.InteropServices;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>What is put around an image of bytes, each channel with the byte that stands for 0 there.</summary>
/// <param name="Before">Rows, columns and so on before, one number for each axis behind the channels.</param>
/// <param name="After">As many behind.</param>
/// <param name="Bytes">The byte of each channel.</param>
internal sealed record BytePadding(IReadOnlyList<long> Before, IReadOnlyList<long> After, IReadOnlyList<byte> Bytes)
{
    /// <summary>Shape with the padding.</summary>
    /// <param name="shape">Shape of an image, channels first.</param>
    public IReadOnlyList<long> Around(IReadOnlyList<long> shape) => [shape[0], .. shape.Skip(1).Select((d, i) => d + Before[i] + After[i])];

    /// <summary>Pads an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="destination">Gets the padded one.</param>
    public void Put(ReadOnlySpan<float> image, IReadOnlyList<long> shape, Span<float> destination)
    {
        var padded = Around(shape);
        var size = destination.Length / Bytes.Count;
        for (var channel = 0; channel < Bytes.Count; channel++)
        {
            destination.Slice(channel * size, size).Fill(Bytes[channel]);
        }

        var row = (int)shape[^1];
        for (var i = 0; i < image.Length; i += row)
        {
            var (rest, offset, stride) = (i / row, (int)Before[^1], (int)padded[^1]);
            for (var axis = shape.Count - 2; axis >= 0; axis--)
            {
                offset += (int)((rest % shape[axis]) + (axis == 0 ? 0 : Before[axis - 1])) * stride;
                rest /= (int)shape[axis];
                stride *= (int)padded[axis];
            }

            image.Slice(i, row).CopyTo(destination[offset..]);
        }
    }

    /// <summary>Writes it into a graph: the channels are parted, padded and put together again, all as bytes.</summary>
    /// <param name="editor">The graph.</param>
    /// <param name="image">The bytes.</param>
    /// <param name="reader">What will read them.</param>
    /// <returns>The padded bytes.</returns>
    public Value Write(GraphEditor editor, Value image, Node reader)
    {
        var parts = editor.AddInitializer(image.Name + "_parts", Tensor.Vector([.. Bytes.Select(_ => 1L)]));
        var pads = editor.AddInitializer(image.Name + "_pads", Tensor.Vector([0, 0, .. Before, 0, 0, .. After]));
        var split = editor.AddNode("Split", [image, parts], image.Name + "_channel", reader);
        editor.SetAttribute(split, "axis", new AttributeValue.Int(1));
        Value[] channels = [split.Output, .. Bytes.Skip(1).Select(_ => editor.AddOutput(split, image.Name + "_channel"))];
        var padded = channels.Zip(Bytes, (channel, value) =>
        {
            var constant = editor.AddInitializer(image.Name + "_pad", new Tensor(ElementType.UInt8, [], MemoryMarshal.AsBytes<byte>(new[] { value }).ToArray()));
            return editor.AddNode("Pad", [channel, pads, constant], image.Name + "_padded", reader).Output;
        }).ToList();
        var whole = editor.AddNode("Concat", padded, image.Name + "_whole", reader);
        editor.SetAttribute(whole, "axis", new AttributeValue.Int(1));
        return whole.Output;
    }
}
