using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Training.Tests;

/// <summary>The ONNX project's own tests of operators, for those that can be trained.</summary>
public sealed class NodeTests
{
    // These take the size of the result before it is rounded; ONNX Runtime, and so this, takes the rounded one.
    private static readonly string[] Unrounded = ["test_resize_downsample_scales_cubic_align_corners", "test_resize_downsample_scales_linear_align_corners"];

    [TorchFact]
    public void Run_OfTheOnnxProjectsTests_GivesTheirOutputs()
    {
        Assert.SkipWhen(NodeTestCase.All.Count == 0, NodeTestCase.MissingReason);

        var cases = NodeTestCase.All.Where(c => Path.GetDirectoryName(Path.GetDirectoryName(c.Path))!.EndsWith("node", StringComparison.Ordinal) && !Unrounded.Contains(c.Name)).ToList();
        var compared = 0;
        Assert.All(cases, test => compared += TryCompare(test) ? 1 : 0);

        Assert.True(compared > 500, $"Only {compared} of {cases.Count} tests were compared.");
    }

    private static bool TryCompare(NodeTestCase test)
    {
        var model = OnnxFile.Read(test.Path);
        if (!CanTrain(model))
        {
            return false;
        }

        using var graph = new TorchGraph(model);
        var compared = false;
        foreach (var set in test.DataSets)
        {
            if (NodeTestCase.Read(set, "input", [.. model.Graph.FedInputs]) is { } inputs && NodeTestCase.Read(set, "output", model.Graph.Outputs) is { } outputs)
            {
                var feeds = model.Graph.FedInputs.Zip(inputs).ToDictionary(p => p.First.Name, p => p.Second, StringComparer.Ordinal);
                var expected = outputs.Select(t => t.ElementType.IsFloat() ? Tensor.Of(t.Dims, t.ToFloats()) : t).ToList();
                Assert.InRange(Compare.MaxRelativeError(expected, graph.Run(feeds)), 0, 1e-3);
                compared = true;
            }
        }

        return compared;
    }

    private static bool CanTrain(Model model)
    {
        if (model.Graph.Inputs.Concat(model.Graph.Outputs).Any(v => !TorchTensors.CanHold(v.ElementType) || v.ElementType is ElementType.Float16 or ElementType.BFloat16))
        {
            return false;
        }

        try
        {
            new TorchGraph(model).Dispose();
            return true;
        }
        catch (ModelException e) when (e.Code == ErrorCode.UnknownOperator)
        {
            return false;
        }
    }
}
