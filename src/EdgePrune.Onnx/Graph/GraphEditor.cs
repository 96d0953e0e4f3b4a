using System.Globalization;
using EdgePrune.Contracts;

namespace EdgePrune.Onnx;

/// <summary>
/// The one way to change a graph. Every edit keeps use-lists, producers and the topological order right.
/// </summary>
/// <param name="graph">The graph to change.</param>
public sealed class GraphEditor(Graph graph)
{
    private int _near;

    /// <summary>The graph being changed.</summary>
    public Graph Graph { get; } = graph;

    /// <summary>Adds a graph input.</summary>
    /// <param name="name">Its name; must be free.</param>
    /// <param name="type">Type of its elements.</param>
    /// <param name="shape">Its shape.</param>
    /// <returns>The new value.</returns>
    public Value AddInput(string name, ElementType type, params IReadOnlyList<Dim> shape)
    {
        var value = NewValue(name);
        value.ElementType = type;
        value.DeclaredShape = shape;
        value.IsGraphInput = true;
        Graph.InputList.Add(value);
        return value;
    }

    /// <summary>Adds a constant.</summary>
    /// <param name="name">The name to start from; made unique when it is taken.</param>
    /// <param name="tensor">The constant.</param>
    /// <returns>The new value.</returns>
    public Value AddInitializer(string name, Tensor tensor)
    {
        var value = NewValue(UniqueName(name));
        value.ElementType = tensor.ElementType;
        value.Constant = tensor;
        Graph.InitializerList.Add(value);
        return value;
    }

    /// <summary>Replaces an initializer's tensor; every reader sees the new one.</summary>
    /// <param name="value">The initializer.</param>
    /// <param name="tensor">The new constant.</param>
    public void SetInitializer(Value value, Tensor tensor)
    {
        if (value.Constant is null)
        {
            throw new InvalidOperationException($"'{value.Name}' is no initializer.");
        }

        value.Constant = tensor;
        value.ElementType = tensor.ElementType;
        if (value.DeclaredShape is not null)
        {
            value.DeclaredShape = [.. tensor.Dims.ToArray().Select(Dim.FromInt64)];
        }
    }

    /// <summary>Adds a node with one new output; it stands just before its first reader-to-be, given by <paramref name="before"/>.</summary>
    /// <param name="type">Type of the operator.</param>
    /// <param name="inputs">Inputs, null where an optional one is left out.</param>
    /// <param name="outputName">The output's name to start from; made unique. The node takes the same name.</param>
    /// <param name="before">The node to stand before, or null to stand last.</param>
    /// <param name="domain">Domain of the operator. Default: the standard one; any other must be imported by the model.</param>
    /// <returns>The new node; set attributes with <see cref="SetAttribute"/>.</returns>
    public Node AddNode(string type, IEnumerable<Value?> inputs, string outputName, Node? before = null, string domain = "")
    {
        var output = NewValue(UniqueName(outputName));
        output.ElementType = inputs.FirstOrDefault()?.ElementType ?? ElementType.Undefined;
        var node = new Node(Graph, type, domain, output.Name);
        foreach (var input in inputs)
        {
            NodeWiring.AddInput(node, input);
        }

        NodeWiring.AddOutput(node, output);
        Graph.NodeList.Insert(before is null ? Graph.NodeList.Count : PositionOf(before), node);
        return node;
    }

    /// <summary>Adds one more output to a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="name">The output's name to start from; made unique.</param>
    /// <returns>The new value.</returns>
    public Value AddOutput(Node node, string name)
    {
        var value = NewValue(UniqueName(name));
        value.ElementType = node.Output.ElementType;
        NodeWiring.AddOutput(node, value);
        return value;
    }

    /// <summary>Sets or replaces an attribute.</summary>
    /// <param name="node">The node.</param>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">The value, or null to remove the attribute.</param>
    public void SetAttribute(Node node, string name, AttributeValue? value)
    {
        if (value is null)
        {
            node.AttributeMap.Remove(name);
        }
        else
        {
            node.AttributeMap[name] = value;
        }
    }

    /// <summary>Makes a node read another value.</summary>
    /// <param name="node">The node.</param>
    /// <param name="index">The input slot; slots in between are left out.</param>
    /// <param name="value">The value, or null to leave the input out.</param>
    public void SetInput(Node node, int index, Value? value) => NodeWiring.SetInput(node, index, value);

    /// <summary>Makes all readers of a value, except one node, read another; graph outputs keep their names.</summary>
    /// <param name="old">The value that is read now.</param>
    /// <param name="replacement">The value to read instead.</param>
    /// <param name="except">A node that goes on reading the old value, or null.</param>
    public void ReplaceUses(Value old, Value replacement, Node? except = null)
    {
        foreach (var use in old.Uses.Where(u => u.Node != except && u.Index >= 0).ToList())
        {
            NodeWiring.SetInput(use.Node, use.Index, replacement);
        }
    }

    /// <summary>
    /// Removes a node and lets every reader of its first output read <paramref name="replacement"/> instead. A graph output
    /// keeps its name: the replacement's producer takes it over.
    /// </summary>
    /// <param name="node">The node to remove.</param>
    /// <param name="replacement">The value that stands for its output.</param>
    /// <returns>Whether it could be done: a graph input or initializer cannot take over a graph output's name, nor can a value that subgraphs read; and another output of the node may still be read.</returns>
    public bool TryBypass(Node node, Value replacement)
    {
        var output = node.Output;
        if (node.OutputList.Skip(1).Any(o => o is { IsUsed: true }))
        {
            return false;
        }

        var namesMatter = output.IsGraphOutput || output.Uses.Any(u => u.Index < 0);
        if (namesMatter && (replacement.Producer is null || replacement.IsGraphOutput || replacement.Uses.Any(u => u.Index < 0)))
        {
            return false;
        }

        if (!namesMatter)
        {
            ReplaceUses(output, replacement);
            RemoveNode(node);
            return true;
        }

        TakeOver(node, output, replacement);
        return true;
    }

    /// <summary>Removes a node whose outputs nobody reads.</summary>
    /// <param name="node">The node.</param>
    /// <exception cref="InvalidOperationException">An output is still read.</exception>
    public void RemoveNode(Node node)
    {
        if (node.OutputList.FirstOrDefault(o => o is { IsUsed: true }) is { } used)
        {
            throw new InvalidOperationException($"Node {node} cannot be removed: '{used.Name}' is still read.");
        }

        foreach (var output in node.OutputList.OfType<Value>())
        {
            Graph.ValueMap.Remove(output.Name);
        }

        NodeWiring.Detach(node);
        Graph.NodeList.RemoveAt(PositionOf(node));
    }

    /// <summary>Removes an initializer that nobody reads.</summary>
    /// <param name="value">The initializer.</param>
    public void RemoveInitializer(Value value)
    {
        if (value.IsUsed)
        {
            throw new InvalidOperationException($"Initializer '{value.Name}' is still read.");
        }

        Graph.InitializerList.Remove(value);
        Graph.InputList.Remove(value);
        Graph.ValueMap.Remove(value.Name);
    }

    /// <summary>Makes a produced value a constant and removes nothing: its producer is left without this output's readers.</summary>
    /// <param name="value">A node's output.</param>
    /// <param name="tensor">The constant.</param>
    public void ReplaceByConstant(Value value, Tensor tensor) => ReplaceUses(value, AddInitializer(value.Name, tensor));

    /// <summary>
    /// Turns a node's output into an initializer of the same name, for all readers, subgraphs included. A node that
    /// nobody reads any more goes.
    /// </summary>
    /// <param name="value">The output of a node, not of the graph.</param>
    /// <param name="tensor">The constant.</param>
    /// <exception cref="InvalidOperationException">The value has no producer or is a graph output.</exception>
    public void MakeInitializer(Value value, Tensor tensor)
    {
        if (value.Producer is not { } node || value.IsGraphOutput)
        {
            throw new InvalidOperationException($"'{value.Name}' cannot become an initializer: it is no inner result of a node.");
        }

        // The slot gets a value that nobody reads: runtimes do not take a required output that is left out.
        Graph.ValueMap.Remove(value.Name);
        var unread = NewValue(UniqueName(value.Name + "_unread"));
        unread.ElementType = value.ElementType;
        NodeWiring.SetOutput(node, node.OutputList.IndexOf(value), unread);
        Graph.ValueMap[value.Name] = value;
        value.Constant = tensor;
        value.ElementType = tensor.ElementType;
        value.DeclaredShape = null;
        value.Carried = null;
        Graph.InitializerList.Add(value);
        if (node.OutputList.TrueForAll(o => o is not { IsUsed: true }))
        {
            RemoveNode(node);
        }
    }

    /// <summary>Makes a value an output of the graph.</summary>
    /// <param name="value">The value.</param>
    public void AddGraphOutput(Value value)
    {
        if (!value.IsGraphOutput)
        {
            value.IsGraphOutput = true;
            Graph.OutputList.Add(value);
        }
    }

    /// <summary>Takes a value from the graph's outputs.</summary>
    /// <param name="value">The value.</param>
    public void RemoveGraphOutput(Value value)
    {
        value.IsGraphOutput = false;
        Graph.OutputList.Remove(value);
    }

    /// <summary>Makes another value the graph's output in the same place and under the same name.</summary>
    /// <param name="output">The graph output now; it gets another name.</param>
    /// <param name="replacement">A node's output that becomes the graph output.</param>
    /// <exception cref="InvalidOperationException">A subgraph reads one of the two by its name.</exception>
    public void ReplaceGraphOutput(Value output, Value replacement)
    {
        if (output.Uses.Concat(replacement.Uses).Any(u => u.Index < 0))
        {
            throw new InvalidOperationException($"'{output.Name}' and '{replacement.Name}' cannot change names: a subgraph reads one of them by its name.");
        }

        var name = output.Name;
        Rename(output, UniqueName(name + "_inner"));
        Rename(replacement, name);
        replacement.DeclaredShape ??= output.DeclaredShape;
        replacement.ElementType = output.ElementType;
        replacement.Carried = output.Carried;
        output.Carried = null;
        Graph.OutputList[Graph.OutputList.IndexOf(output)] = replacement;
        output.IsGraphOutput = false;
        replacement.IsGraphOutput = true;
    }

    /// <summary>Declares another shape for a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="shape">The shape, or null for none.</param>
    public void SetDeclaredShape(Value value, IReadOnlyList<Dim>? shape) => value.DeclaredShape = shape;

    /// <summary>States the type of a value's elements.</summary>
    /// <param name="value">The value; not a constant, whose tensor knows its type.</param>
    /// <param name="type">The type, or undefined to let the runtime infer it.</param>
    public void SetElementType(Value value, ElementType type) => value.ElementType = value.Constant?.ElementType ?? type;

    /// <summary>Sorts the nodes topologically, keeping the present order where it is free.</summary>
    /// <exception cref="ModelException">The graph has a cycle.</exception>
    public void Sort()
    {
        var sorted = TopologicalOrder.Sort(Graph.NodeList);
        Graph.NodeList.Clear();
        Graph.NodeList.AddRange(sorted);
    }

    /// <summary>A name that no value has yet.</summary>
    /// <param name="name">The name to start from.</param>
    /// <returns>The name itself, or the name with a number behind it.</returns>
    public string UniqueName(string name)
    {
        var unique = name;
        for (var i = 1; Graph.ValueMap.ContainsKey(unique); i++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
        }

        return unique;
    }

    // Edits walk along a graph: the next one is near the last, and a search from one end would make long graphs quadratic.
    private int PositionOf(Node node)
    {
        var nodes = Graph.NodeList;
        _near = Math.Clamp(_near, 0, Math.Max(0, nodes.Count - 1));
        for (var distance = 0; distance < nodes.Count; distance++)
        {
            if (_near + distance < nodes.Count && nodes[_near + distance] == node)
            {
                return _near += distance;
            }

            if (_near >= distance && nodes[_near - distance] == node)
            {
                return _near -= distance;
            }
        }

        throw new InvalidOperationException($"Node {node} is not in graph '{Graph.Name}'.");
    }

    private void TakeOver(Node node, Value output, Value replacement)
    {
        var producer = replacement.Producer!;
        ReplaceUses(replacement, output, except: node);
        foreach (var other in node.OutputList.Skip(1).OfType<Value>())
        {
            Graph.ValueMap.Remove(other.Name);
        }

        NodeWiring.Detach(node);
        Graph.NodeList.RemoveAt(PositionOf(node));
        NodeWiring.SetOutput(producer, producer.OutputList.IndexOf(replacement), output);
        Graph.ValueMap.Remove(replacement.Name);
    }

    private void Rename(Value value, string name)
    {
        Graph.ValueMap.Remove(value.Name);
        value.Name = name;
        Graph.ValueMap[name] = value;
    }

    private Value NewValue(string name)
    {
        var value = new Value(name);
        return Graph.ValueMap.TryAdd(name, value)
            ? value
            : throw new ModelException(ErrorCode.InvalidGraph, $"The name '{name}' is used twice in graph '{Graph.Name}'. Names of values must be unique.");
    }
}
