using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Leads kernels of the graph that ONNX Runtime optimised back to the nodes of the model. The runtime names a kernel after the node that
/// it was made of or the value that it gives, and marks what it did: <c>fused </c> before, <c>_nchwc</c> behind for blocked channels,
/// <c>_token_7</c> where a name was taken (onnxruntime core/graph/graph.cc, core/optimizer).
/// </summary>
internal sealed class KernelNames
{
    private const int LongestWay = 4;
    private const string Token = "_token_";

    private static readonly string[] Prefixes = ["fused "];
    private static readonly string[] Suffixes = ["_nchwc", "/MatMulAddFusion"];
    private static readonly string[] Forms = ["Fused", "Nhwc"];

    private static readonly Dictionary<string, string> Operators = RuntimeFusions.Table.Operators
        .Where(o => o.Value.Kernel != "drop")
        .Select(o => (o.Value.Kernel, o.Key))
        .Concat([("ConvInteger", "Conv"), ("MatMulInteger", "MatMul"), ("MatMulIntegerToFloat", "MatMul"), ("DynamicQuantizeMatMul", "MatMul"), ("TransposeMatMul", "MatMul")])
        .ToDictionary(StringComparer.Ordinal);

    private readonly Dictionary<string, Node?> _nodes = new(StringComparer.Ordinal);
    private readonly Graph _graph;
    private readonly KernelNames? _measured;

    /// <summary>Takes down the names of a model's nodes.</summary>
    /// <param name="graph">The model's graph.</param>
    /// <param name="measured">The graph that the runtime had, where normalization took values away that its kernels are named after; or null.</param>
    public KernelNames(Graph graph, Graph? measured = null)
    {
        (_graph, _measured) = (graph, measured is null ? null : new KernelNames(measured));
        foreach (var node in graph.Nodes.Where(n => n.Name.Length > 0))
        {
            // A name that two nodes bear tells nothing.
            _nodes[node.Name] = _nodes.ContainsKey(node.Name) ? null : node;
        }
    }

    /// <summary>A kernel's name without what the runtime adds to it.</summary>
    /// <param name="kernel">The name.</param>
    public static string Plain(string kernel)
    {
        var name = WithoutToken(kernel);
        name = Prefixes.Aggregate(name, (n, p) => n.StartsWith(p, StringComparison.Ordinal) ? n[p.Length..] : n);
        name = Suffixes.Aggregate(name, (n, s) => n.EndsWith(s, StringComparison.Ordinal) ? n[..^s.Length] : n);
        return WithoutToken(name);
    }

    /// <summary>The operator that a kernel carries out, as a model has it.</summary>
    /// <param name="kernel">The kernel's type, such as <c>QLinearConv</c> or <c>FusedConv</c>.</param>
    public static string OperatorOf(string kernel) =>
        Operators.GetValueOrDefault(kernel) ?? Forms.Aggregate(kernel, (t, f) => t.StartsWith(f, StringComparison.Ordinal) ? t[f.Length..] : t);

    /// <summary>The node that a kernel was made of.</summary>
    /// <param name="kernel">The kernel's name.</param>
    /// <param name="type">Its type.</param>
    /// <returns>The node, or null when the name leads to none.</returns>
    public Node? Find(string kernel, string type)
    {
        var found = Named(kernel) ?? Named(Plain(kernel));
        return found is null ? Same(_measured?.Find(kernel, type)) : Core(found, OperatorOf(type)) ?? found;
    }

    // Normalization keeps a layer's name, or that of what it gives.
    private Node? Same(Node? measured) => measured is null ? null
        : (measured.Name.Length > 0 ? _nodes.GetValueOrDefault(measured.Name) : null)
            ?? measured.Outputs.OfType<Value>().Select(o => _graph.Values.GetValueOrDefault(o.Name)?.Producer).FirstOrDefault(n => n is not null);

    /// <summary>The value that a conversion is of, or null when the name leads to none.</summary>
    /// <param name="kernel">Name of the QuantizeLinear or DequantizeLinear, as <see cref="QdqBuilder"/> gives it.</param>
    public Value? FindConverted(string kernel)
    {
        var name = WithoutToken(kernel);
        return new[] { QdqBuilder.Quantized, QdqBuilder.Dequantized }.Where(s => name.EndsWith(s, StringComparison.Ordinal))
            .Select(s => _graph.Values.GetValueOrDefault(name[..^s.Length])).FirstOrDefault(v => v is { Constant: null });
    }

    private Node? Named(string name) => _nodes.GetValueOrDefault(name) ?? _graph.Values.GetValueOrDefault(name)?.Producer;

    /// <summary>A kernel is named after the last value it gives: that of the activation or addition merged into it.</summary>
    private static Node? Core(Node last, string type)
    {
        var node = last;
        for (var step = 0; step < LongestWay && node is not null; step++)
        {
            if (node.OperatorType == type)
            {
                return node;
            }

            Node[] before = [.. node.Inputs.Select(i => i?.Producer).OfType<Node>()];
            node = Array.Find(before, n => n.OperatorType == type) ?? before.FirstOrDefault();
        }

        return null;
    }

    private static string WithoutToken(string name)
    {
        var place = name.LastIndexOf(Token, StringComparison.Ordinal);
        return place > 0 && place + Token.Length < name.Length && name.AsSpan(place + Token.Length).IndexOfAnyExceptInRange('0', '9') < 0 ? name[..place] : name;
    }
}
