using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Makes copies of models that give inner values as outputs.</summary>
internal static class ProbedModel
{
    /// <summary>Copies a model, weights shared, and adds outputs behind its own.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="names">Names of values; those that are fed or given already are passed over.</param>
    public static Model Of(Model model, IEnumerable<string> names)
    {
        var probe = model.Clone();
        var editor = new GraphEditor(probe.Graph);
        foreach (var value in names.Select(n => probe.Graph.Values[n]).Where(v => !v.IsGraphInput))
        {
            editor.AddGraphOutput(value);
        }

        return probe;
    }
}
