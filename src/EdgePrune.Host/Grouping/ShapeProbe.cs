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

        using var runner = new GraphRunner(ProbedModel.Of(model, unknown.Select(v => v.Name)), new RunnerOptions { Optimize = false });
        var outputs = runner.Run(RandomFeeds.For(model, shapes, seed: 1));
        foreach (var (name, tensor) in runner.OutputNames.Zip(outputs).Where(p => p.Second.ElementType != ElementType.Undefined))
        {
            shapes.Set(model.Graph.Values[name], tensor.Dims.ToArray());
        }

        return shapes;
    }
}
