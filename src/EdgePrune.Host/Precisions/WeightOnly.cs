using System.Runtime.InteropServices;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Rounds the weights of large MatMul and Gemm nodes to 8 or 4 bits in blocks, for ONNX Runtime's com.microsoft.MatMulNBits. Activations are floats; its
/// kernels round them to 8 bits for the product alone, each block with a scale of its own.
/// </summary>
/// <remarks>
/// The block size and whether blocks have zero points are chosen by the error: the smallest form that changes the weight by at most 1 % of its
/// norm, or else the form with the least change. Scales are searched block by block (<see cref="BlockQuantizer"/>).
/// </remarks>
/// <param name="bits">4 or 8.</param>
internal sealed class WeightOnly(int bits) : IPrecisionConversion
{
    private const int FewestWeights = 1024;
    private const double GoodError = 0.01;
    private const double LargestError = 0.25;
    private const string Kernel = "MatMulNBits";

    // The kernel may round its input to 8 bits, block by block. Without leave to, ONNX Runtime 1.31 expands 8-bit weights to floats in every run, and is
    // five times slower than float on x64.
    private const int IntegerSums = 4;

    private static readonly (int Block, bool ZeroPoints)[] Forms = [(32, false), (32, true), (64, false), (64, true), (128, false), (128, true)];

    /// <inheritdoc/>
    public string Name => $"weights{bits}";

    /// <inheritdoc/>
    public string Description => $"Weights of large MatMul and Gemm nodes in blocks of {bits}-bit numbers; activations stay floats between nodes.";

    /// <inheritdoc/>
    public ConvertedModel Convert(Model model, CancellationToken cancellationToken)
    {
        var run = ConversionRun.Of(model, Name);
        var shapes = run.Shapes();
        Dictionary<object, (StoredBlocks? Stored, string Reason)> done = [];
        foreach (var node in run.Model.Graph.Nodes.ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsDense(node))
            {
                ConvertLayer(run, node, shapes, done);
            }
            else if (node.Inputs.Any(v => v?.Constant is { ElementType: ElementType.Float32, Count: >= FewestWeights }))
            {
                run.Kept(node, "Only MatMul and Gemm have a kernel for weights in blocks.");
            }
        }

        if (run.HasConverted)
        {
            run.Model.ImportDomain(RuntimeDomain.Name, 1);
            run.Note("MatMulNBits is an operator of ONNX Runtime, not of the ONNX standard: other runtimes do not load the model.");
            run.Note("Activations are 32-bit floats between nodes; where the processor has a kernel for it, the product rounds them to 8 bits, each block with its own scale.");
            run.Note("Less memory is read for the weights. Whether the model is faster, 'edgeprune profile --against' says on the device.");
        }

        return run.Finish(Kernel);
    }

    /// <summary>Whether it converts a node, unless its numbers turn out to fit too badly.</summary>
    public static bool Reaches(Node node, ShapeTable shapes) => IsDense(node) && DenseLayer.Read(node, shapes, FewestWeights).Layer is not null;

    private static bool IsDense(Node node) => node.Domain.Length == 0 && node.OperatorType is "MatMul" or "Gemm";

    private void ConvertLayer(ConversionRun run, Node node, ShapeTable shapes, Dictionary<object, (StoredBlocks? Stored, string Reason)> done)
    {
        var (layer, reason) = DenseLayer.Read(node, shapes, FewestWeights);
        if (layer is null)
        {
            run.Kept(node, reason);
            return;
        }

        if (!done.TryGetValue(layer.Source, out var result))
        {
            done[layer.Source] = result = Store(run, layer);
        }

        if (result.Stored is not { } stored)
        {
            run.Kept(node, result.Reason);
            return;
        }

        run.Converted(node, result.Reason, stored.Error);
        var product = run.Editor.AddNode(Kernel, [layer.Data, stored.Numbers, stored.Scales, stored.ZeroPoints], node.Output.Name + "_product", node, RuntimeDomain.Name);
        foreach (var (name, value) in new[] { ("K", layer.Inputs), ("N", layer.Outputs), ("bits", bits), ("block_size", stored.Block), ("accuracy_level", IntegerSums) })
        {
            run.Editor.SetAttribute(product, name, new AttributeValue.Int(value));
        }

        run.Editor.SetElementType(product.Output, ElementType.Float32);
        layer.Replace(run.Editor, product.Output);
    }

    private (StoredBlocks?, string) Store(ConversionRun run, DenseLayer layer)
    {
        var columns = layer.Columns();
        var (tensor, error) = Choose(columns, layer.Inputs);
        if (tensor.Bytes >= 4L * columns.Length)
        {
            return (null, $"With {layer.Inputs} inputs, blocks are no smaller than floats.");
        }

        if (error > LargestError)
        {
            return (null, $"Its weight would change by {error:p0} of its norm.");
        }

        var (name, blocks) = (layer.Weight.Name, BlockQuantizer.BlocksOf(layer.Inputs, tensor.Block));
        var numbers = run.Editor.AddInitializer(name + "_blocks", new Tensor(ElementType.UInt8, [layer.Outputs, blocks, tensor.Block * bits / 8], tensor.Numbers));
        var scales = run.Editor.AddInitializer(name + "_scales", new Tensor(ElementType.Float32, [tensor.Scales.Length], MemoryMarshal.AsBytes<float>(tensor.Scales).ToArray()));
        var zeroPoints = tensor.ZeroPoints is { } bytes ? run.Editor.AddInitializer(name + "_zero_points", new Tensor(ElementType.UInt8, [bytes.Length], bytes)) : null;
        return (new StoredBlocks(numbers, scales, zeroPoints, tensor.Block, error), $"{bits}-bit weights in blocks of {tensor.Block}, {(zeroPoints is null ? "symmetric" : "with zero points")}.");
    }

    private (BlockTensor Tensor, double Error) Choose(float[] columns, int inputs)
    {
        (BlockTensor Tensor, double Error)? best = null;
        foreach (var (block, zeroPoints) in Forms.OrderBy(f => BytesOf(columns.Length / inputs, inputs, f.Block, f.ZeroPoints)))
        {
            var tensor = BlockQuantizer.Quantize(columns, inputs, bits, block, zeroPoints);
            var error = WeightTensors.RelativeError(tensor.SquaredError, columns);
            if (best is null || error < best.Value.Error)
            {
                best = (tensor, error);
            }

            if (error <= GoodError)
            {
                break;
            }
        }

        return best!.Value;
    }

    private long BytesOf(int outputs, int inputs, int block, bool zeroPoints)
    {
        var blocks = BlockQuantizer.BlocksOf(inputs, block);
        return (long)outputs * ((blocks * ((block * bits / 8) + 4)) + (zeroPoints ? ((blocks * bits) + 7) / 8 : 0));
    }

    private sealed record StoredBlocks(Value Numbers, Value Scales, Value? ZeroPoints, int Block, double Error);
}
