using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>Operators that no definition covers stop pruning around them, by name, and nowhere else.</summary>
public sealed class UncoveredOperatorTests
{
    private static readonly Dictionary<string, Func<GraphBuilder, Value, Value>> Operators = new(StringComparer.Ordinal)
    {
        ["NonZero"] = (g, x) => g.Op("NonZero", [x]),
        ["OneHot"] = (g, x) => g.Op("OneHot", [g.Op("ArgMax", [x], ("axis", 1)), g.Ints(6), g.Constant(Tensor.Of([2], [0f, 1f]))]),
        ["ScatterND"] = (g, x) => g.Op("ScatterND", [x, g.Constant(Tensor.Of([1, 1], [0L])), g.Weight(1, 1, 6, 6, 6)]),
        ["ScatterElements"] = (g, x) => g.Op("ScatterElements", [x, g.Constant(Tensor.Of([1, 1, 1, 1], [0L])), g.Weight(1, 1, 1, 1, 1)], ("axis", 1)),
        ["GatherND"] = (g, x) => g.Op("GatherND", [x, g.Constant(Tensor.Of([1, 2], [0L, 3L]))]),
        ["Compress"] = (g, x) => g.Op("Compress", [x, g.Constant(new Tensor(ElementType.Bool, [3], new byte[] { 1, 0, 1 }))], ("axis", 1)),
        ["Unique"] = (g, x) => g.Op("Unique", [x]),
        ["EyeLike"] = (g, x) => g.Op("EyeLike", [g.Reshape(x, 6, 36)]),
        ["Range"] = (g, x) => g.Op("Range", [g.Scalar(0), g.Op("Clip", [g.ReduceMean(x, false, 0, 1, 2, 3), g.Scalar(1), g.Scalar(2)]), g.Scalar(0.5f)]),
        ["NonMaxSuppression"] = (g, x) => g.Op("NonMaxSuppression", [g.Reshape(x, 1, 54, 4), g.Reshape(g.Slice(x, 1, 0, 3), 1, 2, 54), g.Ints(3)]),
        ["SequenceConstruct"] = (g, x) => g.Op("ConcatFromSequence", [g.Op("SequenceConstruct", [x, x])], ("axis", 1)),
        ["SplitToSequence"] = (g, x) => g.Op("SequenceAt", [g.Op("SplitToSequence", [x, g.Ints(2, 4)], ("axis", 1)), g.Constant(Tensor.Of([], [1L]))]),
        ["MaxRoiPool"] = (g, x) => g.Op("MaxRoiPool", [x, g.Constant(Tensor.Of([1, 5], [0f, 0f, 0f, 3f, 3f]))], ("pooled_shape", new long[] { 2, 2 })),
        ["Det"] = (g, x) => g.Op("Det", [x]),
        ["DynamicQuantizeLinear"] = (g, x) => g.Ops("DynamicQuantizeLinear", 3, [x])[0],
        ["QuantizeLinear"] = (g, x) => g.Op("QuantizeLinear", [x, g.Scalar(0.1f), g.Constant(new Tensor(ElementType.Int8, [], new byte[] { 0 }))]),
    };

    public static TheoryData<string> Names() => [.. Operators.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Analysis_OfAModelWithTheOperator_NamesItAndPrunesTheRest(string name)
    {
        var analysis = ModelAnalysis.Of(Make(name));

        var plan = new PrunePlanner(analysis, CriterionRegistry.Find("random"), 1).Plan(new PlanOptions(0.5, PruningScope.PerLayer, 0.9, null, Precision.Float32, 1));
        var (pruned, proof) = ChannelPruner.Apply(analysis, plan);

        Assert.InRange(proof.MaxRelativeError, 0, 1e-5);
        Assert.True(pruned.ParameterCount < analysis.Model.ParameterCount);
        Assert.Contains("conv1", analysis.Groups.Select(g => g.Name));
        if (analysis.Model.Graph.Nodes.Single(n => n.OperatorType == name).Input(0)?.Producer?.Label == "conv2")
        {
            Assert.Contains(analysis.Pins, p => p.Node == "conv2" && p.Reason.Kind == PinKind.UnknownOperator && p.Reason.Text.Contains(name, StringComparison.Ordinal));
        }
    }

    // Types of what stands inside are left to the runtime, as in most files.
    private static Model Make(string name)
    {
        GraphBuilder g = new(41);
        var x = g.Conv(g.Relu(g.Conv(g.Input(1, 3, 6, 6), 8)), 6);
        var y = g.Op("Cast", [Operators[name](g, x)], ("to", (long)ElementType.Float32));
        g.Output(g.Op("ReduceMean", [y], ("keepdims", 0)));
        return OnnxFile.Read(OnnxFile.ToBytes(g.Build()));
    }
}
