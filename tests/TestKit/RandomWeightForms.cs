using EdgePrune.Onnx;

namespace EdgePrune.TestKit;

/// <summary>Puts the weights of some random models where other exporters put them: into Constant nodes or among the inputs.</summary>
internal static class RandomWeightForms
{
    public static Model Apply(Model model, int seed, List<string> log)
    {
        switch (seed % 11)
        {
            case 4:
                log.Add("weights in Constant nodes");
                InConstantNodes(model);
                return model;
            case 8:
                log.Add("initializers as inputs");
                return OddFiles.WithInitializersAsInputs(model);
            default:
                return model;
        }
    }

    private static void InConstantNodes(Model model)
    {
        var editor = new GraphEditor(model.Graph);
        var first = model.Graph.Nodes[0];
        foreach (var weight in model.Graph.Initializers.Where(v => v.Constant is { Rank: > 0, ElementType: ElementType.Float32 }).ToList())
        {
            var node = editor.AddNode("Constant", [], weight.Name + "_value", before: first);
            editor.SetAttribute(node, "value", new AttributeValue.Constant(weight.Constant!));
            editor.SetElementType(node.Output, ElementType.Float32);
            editor.ReplaceUses(weight, node.Output);
            editor.RemoveInitializer(weight);
        }
    }
}
