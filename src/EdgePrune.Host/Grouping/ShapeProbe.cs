using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Finds the shapes that inference cannot tell by running the model once with every value as an output.</summary>
internal static class ShapeProbe
{
    public static ShapeTable Complete(Model model, ShapeTable shapes)
    {
        var unknown = model.Graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>().Where(v => shapes.Find(v) is null).ToList();
        if (unknown.Count == 0)
        {
            return shapes;
        }

        var probe = model.Clone();
        var editor = new GraphEditor(probe.Graph);
        unknown.ForEach(v => editor.AddGraphOutput(probe.Graph.Values[v.Name]));
        using var runner = new GraphRunner(probe, new RunnerOptions { Optimize = false });
        var outputs = runner.Run(RandomFeeds.For(model, shapes, seed: 1));
        foreach (var (name, tensor) in runner.OutputNames.Zip(outputs).Where(p => p.Second.ElementType != ElementType.Undefined))
        {
            shapes.Set(model.Graph.Values[name], tensor.Dims.ToArray());
        }

        return shapes;
    }
}
