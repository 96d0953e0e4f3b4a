namespace EdgePrune.Onnx;

/// <summary>
/// Cuts parts out of a model: models of their own that compute some of its values from others that are given. A long graph can be
/// run part by part, with the memory of one part only.
/// </summary>
/// <param name="model">The model; it must not change while parts are cut out.</param>
public sealed class ModelCutter(Model model)
{
    private readonly Dictionary<Node, int> _positions = model.Graph.Nodes.Index().ToDictionary(n => n.Item, n => n.Index);

    /// <summary>The nodes that compute some values, as a model with just these outputs.</summary>
    /// <param name="wanted">Names of the values to compute; the outputs, in this order.</param>
    /// <param name="given">Types of values that are there already, by name: those that are read become inputs, beside the model's own.</param>
    /// <returns>The part; it shares the model's tensors.</returns>
    public Model Cut(IReadOnlyList<string> wanted, IReadOnlyDictionary<string, ElementType> given)
    {
        var nodes = new HashSet<Node>();
        var open = new Stack<Value>(wanted.Select(name => model.Graph.Values[name]));
        while (open.TryPop(out var value))
        {
            if (value.Producer is { } producer && !given.ContainsKey(value.Name) && nodes.Add(producer))
            {
                foreach (var read in producer.Inputs.Concat(producer.Captures).OfType<Value>())
                {
                    open.Push(read);
                }
            }
        }

        return ModelCopier.CopyPart(model, nodes.OrderBy(n => _positions[n]), wanted, given);
    }
}
