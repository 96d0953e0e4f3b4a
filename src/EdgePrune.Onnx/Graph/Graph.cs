namespace EdgePrune.Onnx;

/// <summary>Nodes in topological order and the values between them. Read it freely; change it through a <see cref="GraphEditor"/>.</summary>
public sealed class Graph
{
    internal Graph(string name) => Name = name;

    /// <summary>Name of the graph.</summary>
    public string Name { get; internal set; }

    /// <summary>Nodes in topological order.</summary>
    public IReadOnlyList<Node> Nodes => NodeList;

    /// <summary>Inputs in the file's order; initializers that older files list among them included.</summary>
    public IReadOnlyList<Value> Inputs => InputList;

    /// <summary>Inputs that a caller must feed: those without a constant.</summary>
    public IEnumerable<Value> FedInputs => InputList.Where(v => v.Constant is null);

    /// <summary>Outputs in the file's order.</summary>
    public IReadOnlyList<Value> Outputs => OutputList;

    /// <summary>Constants in the file's order.</summary>
    public IReadOnlyList<Value> Initializers => InitializerList;

    /// <summary>Every value by its name.</summary>
    public IReadOnlyDictionary<string, Value> Values => ValueMap;

    internal List<Node> NodeList { get; } = [];

    internal List<Value> InputList { get; } = [];

    internal List<Value> OutputList { get; } = [];

    internal List<Value> InitializerList { get; } = [];

    internal Dictionary<string, Value> ValueMap { get; } = new(StringComparer.Ordinal);

    /// <summary>Operator set versions by domain, shared with the model so that every node knows which rules hold for it.</summary>
    internal SortedDictionary<string, long> OpsetMap { get; } = new(StringComparer.Ordinal);

    internal object? Carried { get; set; }
}
