using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// 8-bit weights, a scale for each output, and activations that are rounded to 8 bits anew for every input: MatMul and Gemm as
/// DynamicQuantizeLinear and MatMulInteger, which ONNX Runtime merges into one kernel, and LSTM as com.microsoft.DynamicQuantizeLSTM. No samples are needed.
/// </summary>
internal sealed class DynamicInt8 : IPrecisionConversion
{
    private const int FewestWeights = 1024;

    // DynamicQuantizeLinear.
    private const int NeededOpset = 11;

    private static readonly string[] Kernels = ["DynamicQuantizeLSTM", "DynamicQuantizeMatMul", "MatMulInteger", "MatMulIntegerToFloat"];

    /// <inheritdoc/>
    public string Name => "dynamic";

    /// <inheritdoc/>
    public string Description => "8-bit weights of MatMul, Gemm and LSTM; activations are rounded anew for every input, without samples.";

    /// <inheritdoc/>
    public ConvertedModel Convert(Model model, CancellationToken cancellationToken)
    {
        var run = ConversionRun.Of(model, Name);
        var shapes = run.Shapes();
        var layers = run.Model.Graph.Nodes.Where(IsDense).ToDictionary(n => n, n => DenseLayer.Read(n, shapes, FewestWeights));
        if (layers.Values.Any(l => l.Layer is not null))
        {
            run.NeedOpset(NeededOpset, "DynamicQuantizeLinear came with 11.");
        }

        var writer = new DynamicLayerWriter(run.Editor);
        foreach (var node in run.Model.Graph.Nodes.ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (layers.TryGetValue(node, out var read))
            {
                ConvertLayer(run, writer, node, read);
            }
            else if (IsRecurrent(node))
            {
                DynamicLstm.Convert(run, node, FewestWeights);
            }
            else if (node.Inputs.Any(v => v?.Constant is { ElementType: ElementType.Float32, Count: >= FewestWeights }))
            {
                run.Kept(node, "Only MatMul, Gemm and LSTM have a kernel that rounds activations as they come; 'int8' with samples has more.");
            }
        }

        AddNotes(run);
        return run.Finish(Kernels);
    }

    /// <summary>Whether it converts a node.</summary>
    public static bool Reaches(Node node, ShapeTable shapes) =>
        IsDense(node) ? DenseLayer.Read(node, shapes, FewestWeights).Layer is not null : IsRecurrent(node) && DynamicLstm.Refuse(node, FewestWeights) is null;

    private static bool IsRecurrent(Node node) => node is { OperatorType: "LSTM", Domain: "" };

    private static bool IsDense(Node node) => node.Domain.Length == 0 && node.OperatorType is "MatMul" or "Gemm";

    private static void ConvertLayer(ConversionRun run, DynamicLayerWriter writer, Node node, (DenseLayer? Layer, string Reason) read)
    {
        if (read.Layer is not { } layer)
        {
            run.Kept(node, read.Reason);
            return;
        }

        run.Converted(node, "8-bit weights with a scale for each output; its input is rounded to 8 bits each time.", writer.Write(layer));
    }

    private static void AddNotes(ConversionRun run)
    {
        if (!run.HasConverted)
        {
            return;
        }

        run.Note("Every converted node looks for the range of its input each time: that costs time which 'int8' with samples does not need. It pays where weights are large against activations.");
        run.Note("On x64 without VNNI, ONNX Runtime adds 8-bit products in 16 bits unless the session option session.x64quantprecision is 1, as EdgePrune's own sessions set it; ARM64 always adds in 32 bits.");
    }
}
