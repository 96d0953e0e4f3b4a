namespace EdgePrune.Onnx;

/// <summary>One operator call. Inputs and outputs change only through a <see cref="GraphEditor"/>.</summary>
public sealed class Node
{
    private readonly Graph _graph;

    internal Node(Graph graph, string type, string domain, string name)
    {
        _graph = graph;
        OperatorType = type;
        Domain = domain;
        Name = name;
    }

    /// <summary>Type of the operator, such as <c>Conv</c>.</summary>
    public string OperatorType { get; }

    /// <summary>Domain of the operator; empty for the standard one.</summary>
    public string Domain { get; }

    /// <summary>Name, possibly empty or used twice: files allow both.</summary>
    public string Name { get; internal set; }

    /// <summary>Version of the operator set that gives the node its meaning; 1 when the file imports none.</summary>
    public int Opset => (int)_graph.OpsetMap.GetValueOrDefault(Domain, 1);

    /// <summary>Inputs in the operator's order; null where an optional one is left out.</summary>
    public IReadOnlyList<Value?> Inputs => InputList;

    /// <summary>Outputs in the operator's order; null where an optional one is left out.</summary>
    public IReadOnlyList<Value?> Outputs => OutputList;

    /// <summary>Values that the node's subgraphs read by name.</summary>
    public IReadOnlyList<Value> Captures => CaptureList;

    /// <summary>Attributes by name.</summary>
    public IReadOnlyDictionary<string, AttributeValue> Attributes => AttributeMap;

    internal List<Value?> InputList { get; } = [];

    internal List<Value?> OutputList { get; } = [];

    internal List<Value> CaptureList { get; } = [];

    internal SortedDictionary<string, AttributeValue> AttributeMap { get; } = new(StringComparer.Ordinal);

    internal object? Carried { get; set; }

    /// <summary>An input, or null when it is left out.</summary>
    /// <param name="index">The input slot.</param>
    /// <returns>The value or null.</returns>
    public Value? Input(int index) => index < InputList.Count ? InputList[index] : null;

    /// <summary>The first output.</summary>
    public Value Output => OutputList[0]!;

    /// <summary>An integer attribute.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="otherwise">The value when it is absent.</param>
    /// <returns>The number.</returns>
    public long Int(string name, long otherwise) => AttributeMap.GetValueOrDefault(name) is AttributeValue.Int a ? a.Value : otherwise;

    /// <summary>A float attribute.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="otherwise">The value when it is absent.</param>
    /// <returns>The number.</returns>
    public float Float(string name, float otherwise) => AttributeMap.GetValueOrDefault(name) is AttributeValue.Float a ? a.Value : otherwise;

    /// <summary>A text attribute.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="otherwise">The value when it is absent.</param>
    /// <returns>The text.</returns>
    public string Text(string name, string otherwise) => AttributeMap.GetValueOrDefault(name) is AttributeValue.Text a ? a.Value : otherwise;

    /// <summary>A list of integers.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The numbers, or null when it is absent.</returns>
    public IReadOnlyList<long>? Ints(string name) => (AttributeMap.GetValueOrDefault(name) as AttributeValue.Ints)?.Values;

    /// <summary>What to call the node in a message: its name, else its first output's.</summary>
    public string Label => Name.Length > 0 ? Name : OutputList.FirstOrDefault(o => o is not null)?.Name ?? OperatorType;

    /// <inheritdoc/>
    public override string ToString() => $"'{Label}' ({OperatorType})";
}
