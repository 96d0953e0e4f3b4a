using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

/// <summary>The table of what ONNX Runtime merges says what this ONNX Runtime does.</summary>
public sealed class RuntimeFusionTests
{
    public static TheoryData<string> Operators => [.. RuntimeFusions.Table.Operators.Keys];

    [Fact]
    public void Table_IsForTheRuntimeThatIsUsed() =>
        Assert.Equal(Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetVersionString(), RuntimeFusions.Table.Runtime);

    [Theory]
    [MemberData(nameof(Operators))]
    public void Table_SaysWhatTheRuntimeMakesOfTheOperator(string type)
    {
        var node = Optimized(type, signed: true).Single(n => IsOf(n, type));
        var kernel = RuntimeFusions.Table.Operators[type].Kernel;

        Assert.Equal(kernel == "drop" ? type : kernel, node.OperatorType);
        Assert.DoesNotContain(node.Inputs.OfType<Value>(), v => v.Producer is { OperatorType: "DequantizeLinear" });
    }

    [Theory]
    [InlineData("Tanh")]
    [InlineData("Elu")]
    [InlineData("Sub")]
    public void Table_LacksWhatTheRuntimeLeavesInFloat(string type)
    {
        Assert.DoesNotContain(type, RuntimeFusions.Table.Operators.Keys);
        Assert.Contains(Optimized(type, signed: true).Single(n => n.OperatorType == type).Inputs.OfType<Value>(), v => v.Producer is { OperatorType: "DequantizeLinear" });
    }

    [Theory]
    [InlineData("arm64", true)]
    [InlineData("x64", false)]
    [InlineData("riscv", true)]
    [InlineData(null, true)]
    public void PresetOf_Architecture_SaysWhichSign(string? architecture, bool signed) =>
        Assert.Equal(signed, RuntimeFusions.PresetOf(architecture).SignedActivations);

    [Fact]
    public void Operators_WithAQuantizationRule_AreInTheTable() =>
        Assert.All(RuntimeFusions.Table.Operators.Keys, type => Assert.NotEqual(QuantizationRule.Float, UnitFinder.RuleOf(Float(type).Graph.Nodes.Single(n => n.OperatorType == type))));

    private static bool IsOf(Node node, string type) => node.OperatorType == type || node.OperatorType == RuntimeFusions.Table.Operators[type].Kernel;

    /// <summary>The operator between conversions, as the runtime optimises it.</summary>
    private static IReadOnlyList<Node> Optimized(string type, bool signed)
    {
        var model = Float(type);
        var graph = model.Graph;
        var node = graph.Nodes.Single(n => n.OperatorType == type);
        var editor = new GraphEditor(graph);
        Value Pair(Value value, string name)
        {
            var (scale, zero) = (editor.AddInitializer(name + "_s", Tensor.Of([], [0.01f])), editor.AddInitializer(name + "_z", new Tensor(ElementType.Int8, [], new byte[1])));
            return editor.AddNode("DequantizeLinear", [editor.AddNode("QuantizeLinear", [value, scale, zero], name + "_q").Output, scale, zero], name + "_d").Output;
        }

        foreach (var slot in Enumerable.Range(0, node.Inputs.Count).Where(i => node.Input(i) is { } v && (v.Constant is null || v.Constant.ElementType == ElementType.Float32) && !(type is "Resize" && i > 0) && !(type is "Conv" or "Gemm" && i == 2)))
        {
            editor.SetInput(node, slot, Pair(node.Input(slot)!, $"i{slot}"));
        }

        foreach (var output in node.Outputs.OfType<Value>().ToList())
        {
            var pair = Pair(output, output.Name);
            editor.ReplaceGraphOutput(output, pair);
        }

        editor.Sort();
        return Read(model, signed);
    }

    private static IReadOnlyList<Node> Read(Model model, bool signed)
    {
        var folder = Directory.CreateTempSubdirectory("edgeprune-fusions-");
        try
        {
            var path = Path.Combine(folder.FullName, "optimized.onnx");
            using (new GraphRunner(model, new RunnerOptions { OptimizedModelPath = path, Threads = 1, SignedActivations = signed }))
            {
                return [.. OnnxFile.Read(path).Graph.Nodes];
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Model Float(string type)
    {
        GraphBuilder g = new(1);
        var x = g.BatchInput(4, 8, 8);
        foreach (var output in Outputs(g, type, x))
        {
            g.Output(output);
        }

        return g.Build();
    }

    private static IReadOnlyList<Value> Outputs(GraphBuilder g, string type, Value x) => type switch
    {
        "Conv" => [g.Conv(x, 4, bias: false)],
        "Gemm" => [g.Op("Gemm", [g.BatchInput(8), g.Constant(Tensor.Of([8, 4], new float[32]), "w")])],
        "MatMul" => [g.MatMul(x, 4)],
        "Add" or "Mul" or "Sub" => [g.Op(type, [x, g.BatchInput(4, 8, 8)])],
        "Concat" => [g.Concat(1, x, g.BatchInput(4, 8, 8))],
        "MaxPool" => [g.MaxPool(x)],
        "AveragePool" => [g.AveragePool(x)],
        "Reshape" => [g.Reshape(x, 0, 8, 32)],
        "Flatten" => [g.Flatten(x)],
        "Transpose" => [g.Transpose(x, 0, 2, 3, 1)],
        "Squeeze" => [g.Squeeze(g.BatchInput(1, 8), 1)],
        "Unsqueeze" => [g.Unsqueeze(x, 1)],
        "Slice" => [g.Slice(x, 1, 0, 2)],
        "Split" => [.. g.Split(x, 1, 2, 2)],
        "Gather" => [g.Gather(x, 1, 0, 2)],
        "Resize" => [g.Upscale(x)],
        "Softmax" => [g.Softmax(x, 3)],
        _ => [g.Op(type, [x])],
    };
}
