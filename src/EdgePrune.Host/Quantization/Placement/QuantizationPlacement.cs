using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Where a model is rounded when it is quantized, in terms of the float model: what its Q/DQ pairs do to it, for training under that rounding.</summary>
/// <param name="Prepared">The float model that pairs were put into: normalised, its activations next to what they merge into.</param>
/// <param name="Values">Values that everybody reads rounded, by name.</param>
/// <param name="Inputs">Values that one node reads rounded.</param>
/// <param name="Constants">Constants that are rounded as activations are, by the range they have.</param>
/// <param name="Weights">Weights and biases that are rounded.</param>
internal sealed record QuantizationPlacement(
    Model Prepared,
    IReadOnlyDictionary<string, AffineParameters> Values,
    IReadOnlyList<(InputPlace Place, AffineParameters Parameters)> Inputs,
    IReadOnlyList<InputPlace> Constants,
    IReadOnlyList<QuantizedWeight> Weights)
{
    /// <summary>What <see cref="QdqBuilder"/> will write for these units.</summary>
    /// <param name="prepared">The float model.</param>
    /// <param name="graph">Its copy, to which the units belong and in which nothing was changed yet.</param>
    /// <param name="units">The units.</param>
    /// <param name="parameters">Scale and zero point of every value to convert.</param>
    public static QuantizationPlacement Of(Model prepared, Graph graph, IReadOnlyList<QuantizationUnit> units, IReadOnlyDictionary<Value, AffineParameters> parameters)
    {
        var order = graph.Nodes.Index().ToDictionary(n => n.Item, n => n.Index);
        var whole = units.SelectMany(u => u.Outputs).Where(parameters.ContainsKey).ToHashSet();
        return new QuantizationPlacement(
            prepared,
            whole.ToDictionary(v => v.Name, v => parameters[v]),
            [.. units.SelectMany(u => u.DataInputs.Where(i => !whole.Contains(u.Core.Input(i)!)).Select(i => (new InputPlace(order[u.Core], i), parameters[u.Core.Input(i)!])))],
            [.. units.SelectMany(u => u.ConstantInputs.Select(i => new InputPlace(order[u.Core], i)))],
            [.. units.Where(u => u.Weight is not null).Select(u => new QuantizedWeight(order[u.Core], u.Weight!, parameters[u.Core.Input(u.Weight!.Data)!].Scale))]);
    }
}

/// <summary>An input of a node.</summary>
/// <param name="Node">Number of the node in the graph's order.</param>
/// <param name="Input">Number of its input.</param>
internal readonly record struct InputPlace(int Node, int Input);

/// <summary>A weight, with its bias, that a node reads rounded.</summary>
/// <param name="Node">Number of the node in the graph's order.</param>
/// <param name="Slots">Where its constants are.</param>
/// <param name="DataScale">Scale of the activation, which with the weight's gives the bias's.</param>
internal sealed record QuantizedWeight(int Node, WeightSlots Slots, float DataScale);
