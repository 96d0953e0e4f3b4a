using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>
/// Where ONNX Runtime's quantizer puts conversions by default (onnxruntime/python/tools/quantization/registry.py and operators/): around
/// the operators of its two lists, whatever the runtime makes of them. Relu and Clip behind a quantized value go, since the range of what
/// they gave is put on what they read.
/// </summary>
internal sealed class RuntimePlacement
{
    private readonly IReadOnlyDictionary<string, ValueRecord> _records;
    private readonly bool _convertsOutputs;
    private readonly GraphEditor _editor;
    private readonly Dictionary<Value, Value> _followed = [];
    private readonly Dictionary<Value, ValueRecord> _replaced = [];
    private readonly Dictionary<Value, string> _names = [];

    private RuntimePlacement(Graph graph, IReadOnlyDictionary<string, ValueRecord> records, bool convertsOutputs)
    {
        (_records, _convertsOutputs) = (records, convertsOutputs);
        _editor = new GraphEditor(graph);
    }

    /// <summary>Values to convert, in the order in which they were found.</summary>
    public List<Value> Activations { get; } = [];

    /// <summary>Layers with a constant weight, and the slot and channel axis of that weight.</summary>
    public List<(Node Node, int Slot, int Axis)> Weights { get; } = [];

    /// <summary>Decides for a graph; activations that are no longer needed are taken out of it.</summary>
    public static RuntimePlacement Decide(Graph graph, IReadOnlyDictionary<string, ValueRecord> records, bool convertsOutputs)
    {
        var placement = new RuntimePlacement(graph, records, convertsOutputs);
        foreach (var node in graph.Nodes.Where(n => n.Domain.Length == 0).ToList())
        {
            placement.Visit(node);
        }

        return placement;
    }

    /// <summary>What the scale of a value comes from; null for a constant.</summary>
    public ValueRecord? RecordOf(Value value)
    {
        while (_followed.TryGetValue(value, out var source))
        {
            value = source;
        }

        return value.Constant is null ? _replaced.GetValueOrDefault(value) ?? _records[value.Name] : null;
    }

    /// <summary>What the float model showed of a value, whatever activation was put on it since.</summary>
    public ValueRecord Before(Value value) => _records[_names.GetValueOrDefault(value) ?? value.Name];

    private void Visit(Node node)
    {
        switch (node.OperatorType)
        {
            case "Conv" or "ConvTranspose" or "Gemm" or "MatMul":
                VisitWeighted(node);
                break;
            case "Relu" or "Clip":
                VisitRemovable(node);
                break;
            case "Split" or "Pad" or "Gather":
                Convert(node.Input(0));
                Follow(node);
                break;
            case "MaxPool" or "AveragePool" or "Reshape" or "Transpose" or "Squeeze" or "Unsqueeze" or "Slice":
            case "Resize" when node.Text("mode", "nearest") == "nearest":
                Follow(node);
                break;
            case "Add" or "Mul" or "Concat" or "Sigmoid" or "LeakyRelu" or "GlobalAveragePool" or "Softmax" or "Where":
                node.Inputs.Concat(node.Outputs).ToList().ForEach(Convert);
                break;
        }
    }

    private void VisitWeighted(Node node)
    {
        var axis = node.OperatorType switch
        {
            "Conv" => 0,
            "Gemm" when node.Int("transB", 0) != 0 => 0,
            _ => 1,
        };
        for (var slot = 0; slot < 2; slot++)
        {
            if (node.Input(slot)!.Constant is { ElementType: ElementType.Float32 })
            {
                Weights.Add((node, slot, axis));
            }
            else
            {
                Convert(node.Input(slot));
            }
        }

        Convert(node.Output);
    }

    private void VisitRemovable(Node node)
    {
        var (input, output) = (node.Input(0)!, node.Output);
        if (!Activations.Contains(input))
        {
            return;
        }

        var (record, name) = (_records[output.Name], input.Name);
        if (CanConvert(output) && input.Uses.Count == 1 && !input.IsGraphOutput && !input.IsGraphInput && _editor.TryBypass(node, input))
        {
            // Where the output was the graph's, it is the input that is gone.
            var left = output.Producer is null ? input : output;
            Activations[Activations.IndexOf(input)] = left;
            _replaced[left] = record;
            _names[left] = name;
        }
        else
        {
            Convert(output);
        }
    }

    private void Follow(Node node)
    {
        var input = node.Input(0)!;
        if (!Activations.Contains(input))
        {
            return;
        }

        foreach (var output in node.Outputs.OfType<Value>().Where(o => CanConvert(o) && !Activations.Contains(o)))
        {
            Activations.Add(output);
            _followed[output] = input;
        }
    }

    private void Convert(Value? value)
    {
        if (value is not null && CanConvert(value) && !Activations.Contains(value))
        {
            Activations.Add(value);
        }
    }

    private bool CanConvert(Value value) => IsFloat(value) && (_convertsOutputs || !IsLast(value));

    private static bool IsLast(Value value) => value.IsGraphOutput || value.Uses.All(u => u.Node.OperatorType == "Softmax") || value.Producer?.OperatorType == "Softmax";

    private bool IsFloat(Value value) => value.Constant is { } constant
        ? constant is { ElementType: ElementType.Float32, Count: > 0 }
        : _records.ContainsKey(value.Name);
}
