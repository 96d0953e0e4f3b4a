using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>The ONNX project's own tests of operators, analysed: nothing is known of many of them. Part of the long suite.</summary>
public sealed class NodeTestAnalysisTests
{
    [Fact]
    public void NodeTests_Analysed_AreUnderstoodOrRefusedWithAReason()
    {
        Assert.SkipWhen(NodeTestCase.All.Count == 0, NodeTestCase.MissingReason);
        List<string> refusals = [], unnamed = [];

        foreach (var test in NodeTestCase.All)
        {
            Analyse(test, refusals, unnamed);
        }

        LongSuite.Progress($"ONNX node tests analysed: {NodeTestCase.All.Count - refusals.Count} of {NodeTestCase.All.Count}");
        foreach (var reason in refusals)
        {
            LongSuite.Progress($"  {reason}");
        }

        Assert.Empty(unnamed);
    }

    // An exception that is no refusal fails the test.
    private static void Analyse(NodeTestCase test, List<string> refusals, List<string> unnamed)
    {
        var model = Enclosed(OnnxFile.Read(test.Path));
        try
        {
            var analysis = ModelAnalysis.Of(model);
            foreach (var node in analysis.Model.Graph.Nodes.Where(n => OperatorRegistry.Find(n) is null))
            {
                unnamed.AddRange(Between(analysis, node).Where(reasons => !reasons.Contains(node.OperatorType, StringComparison.Ordinal)).Select(reasons => $"{test}: {node} is not named: {reasons}"));
            }
        }
        catch (EdgePruneException e)
        {
            refusals.Add($"{test}: {e.Message.Split('\n')[0]}");
        }
    }

    // Reasons of the axes that only this node could have pinned: those between it and an operator that is known.
    private static IEnumerable<string> Between(ModelAnalysis analysis, Node node) =>
        from value in node.Inputs.Concat(node.Outputs).OfType<Value>()
        where value is { IsGraphInput: false, IsGraphOutput: false, Constant: null } && analysis.Model.Graph.Nodes.Count(n => OperatorRegistry.Find(n) is null) == 1
        from axis in Enumerable.Range(0, analysis.Shapes.Find(value)?.Length ?? 0)
        where analysis.Shapes.Size(value, axis) > 1
        select analysis.Linker.Classes.FirstPin(new AxisRef(value, axis))?.Text ?? "no reason";

    // The outputs are reduced to one number each, so that the model's own axes are no promise to the user.
    private static Model Enclosed(Model model)
    {
        var editor = new GraphEditor(model.Graph);
        foreach (var output in model.Graph.Outputs.Where(o => o.ElementType == ElementType.Float32 && o.Producer is not null && o.DeclaredShape is { Count: > 0 }).ToList())
        {
            var largest = editor.AddNode("ReduceMax", [output], output.Name + "_after");
            editor.SetElementType(largest.Output, ElementType.Float32);
            editor.ReplaceGraphOutput(output, largest.Output);
            editor.SetDeclaredShape(largest.Output, null);
        }

        return model;
    }
}
