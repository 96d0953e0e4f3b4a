namespace EdgePrune.Onnx;

/// <summary>
/// A tensor that flows through a graph: an input, a node's output, or a constant. Its <see cref="Uses"/> are always
/// right, because only a <see cref="GraphEditor"/> changes them.
/// </summary>
public sealed class Value
{
    private readonly List<Use> _uses = [];

    internal Value(string name) => Name = name;

    /// <summary>Name, unique in the graph.</summary>
    public string Name { get; internal set; }

    /// <summary>Type of the elements, or undefined when the file does not say.</summary>
    public ElementType ElementType { get; internal set; }

    /// <summary>The shape the file declares, or null when it does not.</summary>
    public IReadOnlyList<Dim>? DeclaredShape { get; internal set; }

    /// <summary>The constant, when the value is an initializer.</summary>
    public Tensor? Constant { get; internal set; }

    /// <summary>The node whose output this is, or null for inputs and initializers.</summary>
    public Node? Producer { get; internal set; }

    /// <summary>Where the value is read, once for each input slot; graph outputs are not counted.</summary>
    public IReadOnlyList<Use> Uses => _uses;

    /// <summary>Whether the value is listed as an input of the graph (an initializer may be).</summary>
    public bool IsGraphInput { get; internal set; }

    /// <summary>Whether the value is an output of the graph.</summary>
    public bool IsGraphOutput { get; internal set; }

    /// <summary>Whether anything reads the value.</summary>
    public bool IsUsed => IsGraphOutput || _uses.Count > 0;

    internal object? Carried { get; set; }

    internal void AddUse(Use use) => _uses.Add(use);

    internal void RemoveUse(Use use) => _uses.Remove(use);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>One place where a value is read.</summary>
/// <param name="Node">The reading node.</param>
/// <param name="Index">The node's input slot, or -1 when a subgraph of the node captures the value by name.</param>
public readonly record struct Use(Node Node, int Index);
