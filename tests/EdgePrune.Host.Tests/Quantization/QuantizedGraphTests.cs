using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Host.Tests;

public sealed class QuantizedGraphTests
{
    /// <summary>Models, how many integer kernels at least, and the least signal to noise in decibels.</summary>
    public static TheoryData<string, int, double> Models => new()
    {
        { nameof(TestModels.MnistCnnLike), 4, 35 },
        { nameof(TestModels.ResidualBlocks), 12, 30 },
        { nameof(TestModels.DepthwiseSeparable), 8, 30 },
        { nameof(TestModels.DenseNetLike), 8, 30 },
        { nameof(TestModels.GroupedConv), 5, 30 },
        { nameof(TestModels.SplitHalves), 5, 30 },
        { nameof(TestModels.ChannelShuffle), 5, 30 },
        { nameof(TestModels.OptionAShortcut), 4, 30 },
        { nameof(TestModels.SharedWeights), 5, 25 },
        { nameof(TestModels.ConstantNodeWeights), 3, 30 },
        { nameof(TestModels.SqueezeExcite), 8, 30 },
        { nameof(TestModels.InitializersAsInputs), 4, 30 },
        { nameof(TestModels.ComputedShapes), 2, 30 },
        { nameof(TestModels.Attention), 8, 25 },
        { nameof(TestModels.UnknownOperator), 5, 30 },
        { nameof(TestModels.SubgraphIf), 2, 30 },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Quantize_Architecture_RunsInIntegersCloseToFloat(string name, int kernels, double decibels)
    {
        var model = TestModels.Make(name);
        var samples = GeneratedSamples.For(model);
        var result = QuantizedRun.Quantize(model, samples);

        Assert.Equal(result.Report.Nodes.Count(n => n.Reason.Contains("so little work", StringComparison.Ordinal)), result.Report.FloatNodes);
        Assert.InRange(result.Report.IntegerNodes, kernels, 100);
        Assert.InRange(QuantizedRun.Sqnr(model, result.Model, samples), decibels, 150);
    }

    [Theory]
    [InlineData(nameof(TestModels.ResidualBlocks))]
    [InlineData(nameof(TestModels.DenseNetLike))]
    [InlineData(nameof(TestModels.DepthwiseSeparable))]
    public void Quantize_UnsignedActivations_RunInIntegersOnX64(string name)
    {
        var model = TestModels.Make(name);
        var samples = GeneratedSamples.For(model);
        var result = QuantizedRun.Quantize(model, samples, new QuantizationOptions { SignedActivations = false });

        Assert.Equal(0, result.Report.FloatNodes);
        Assert.InRange(result.Report.IntegerNodes, 8, 100);
        Assert.InRange(QuantizedRun.Sqnr(model, result.Model, samples), 28, 150);
        Assert.DoesNotContain(result.Model.Graph.Nodes, n => n.OperatorType == "QuantizeLinear" && n.Input(2)!.ElementType == ElementType.Int8);
    }

    [Fact]
    public void Quantize_OneBiasInTwoConvolutions_GivesEachItsOwn()
    {
        GraphBuilder g = new(3);
        var bias = g.Constant(Tensor.Of([8], new float[8]), "bias");
        var x = g.Relu(g.Conv(g.BatchInput(3, 8, 8), g.Weight(0.3f, 8, 3, 3, 3), bias));
        g.Output(g.Relu(g.Conv(x, g.Weight(0.05f, 8, 8, 3, 3), bias)));
        var model = g.Build();
        var result = QuantizedRun.Quantize(model);
        var biases = result.Model.Graph.Nodes.Where(n => n.OperatorType == "Conv").Select(n => n.Input(2)!.Producer!).ToList();

        Assert.Equal(2, result.Report.IntegerNodes);
        Assert.Equal(0, result.Report.FloatNodes);
        Assert.Equal(2, biases.Select(b => b.Input(0)).Distinct().Count());
        Assert.Equal(2, biases.Select(b => b.Input(1)!.Constant!.Span<float>()[0]).Distinct().Count());
    }

    [Fact]
    public void Quantize_ValueWithSeveralReaders_GetsOnePair()
    {
        var graph = QuantizedRun.Quantize(TestModels.ResidualBlocks()).Model.Graph;

        Assert.All(graph.Values.Values, v => Assert.InRange(v.Uses.Count(u => u is { Index: 0, Node.OperatorType: "QuantizeLinear" }), 0, 1));
        Assert.Contains(graph.Nodes, n => n.OperatorType == "DequantizeLinear" && n.Output.Uses.Count == 2);
    }

    [Fact]
    public void Quantize_DataMovement_KeepsScaleAndZeroPoint()
    {
        var graph = QuantizedRun.Quantize(TestModels.MnistCnnLike()).Model.Graph;
        var moved = graph.Nodes.Where(n => n.OperatorType is "MaxPool" or "Flatten").ToList();

        Assert.Equal(3, moved.Count);
        Assert.All(moved, n =>
        {
            var (before, after) = (n.Input(0)!.Producer!, n.Output.Uses[0].Node);
            Assert.Equal("QuantizeLinear", after.OperatorType);
            Assert.Same(before.Input(1), after.Input(1));
            Assert.Same(before.Input(2), after.Input(2));
        });
    }

    [Fact]
    public void Quantize_WeightScales_AreOneForEachOutputChannel()
    {
        GraphBuilder g = new(4);
        var x = g.Relu(g.Depthwise(g.Relu(g.Conv(g.BatchInput(3, 6, 6), 10)), multiplier: 2));
        x = g.Gemm(g.Flatten(g.GlobalAveragePool(x)), 7, transposed: true);
        g.Output(g.MatMul(g.Gemm(x, 9, transposed: false), 4));
        var result = QuantizedRun.Quantize(g.Build());
        var weights = result.Model.Graph.Nodes.Where(n => n.OperatorType is "Conv" or "Gemm" or "MatMul").Select(n => n.Input(1)!.Producer!).ToList();

        Assert.Equal([10, 20, 7, 9, 4], weights.Select(w => w.Input(1)!.Constant!.Count));
        Assert.Equal([0L, 0, 0, 1, 1], weights.Select(w => w.Int("axis", -1)));
        Assert.All(weights, w => Assert.All(w.Input(2)!.Constant!.Span<sbyte>().ToArray(), z => Assert.Equal(0, z)));
        Assert.Equal(0, result.Report.FloatNodes);
    }

    [Fact]
    public void Quantize_GemmWithFactors_PutsThemIntoTheConstants()
    {
        GraphBuilder g = new(5);
        var x = g.Relu(g.Gemm(g.BatchInput(12), 10));
        g.Output(g.Op("Gemm", [x, g.Weight(0.3f, 10, 6), g.Weight(0.3f, 1, 6)], ("alpha", -0.5f), ("beta", 3f)));
        var model = g.Build();
        var samples = GeneratedSamples.For(model);
        var result = QuantizedRun.Quantize(model, samples);

        Assert.Equal(0, result.Report.FloatNodes);
        Assert.InRange(QuantizedRun.Sqnr(model, result.Model, samples), 30, 150);
    }

    [Fact]
    public void Quantize_ReluBehindMaxPool_MergesIntoTheConvolution()
    {
        GraphBuilder g = new(6);
        var x = g.Relu(g.MaxPool(g.Conv(g.BatchInput(3, 8, 8), 8)));
        g.Output(g.Gemm(g.Relu6(g.Flatten(g.MaxPool(g.Conv(x, 8)))), 4));
        var model = g.Build();
        var samples = GeneratedSamples.For(model);
        var result = QuantizedRun.Quantize(model, samples);

        Assert.All(result.Report.Nodes, n => Assert.Equal(Precision.Int8, n.Precision));
        Assert.Equal(["Conv", "Relu", "MaxPool", "Conv", "Clip", "MaxPool", "Flatten", "Gemm"], result.Report.Nodes.Select(n => n.OperatorType));
        Assert.InRange(QuantizedRun.Sqnr(model, result.Model, samples), 30, 150);
    }

    [Fact]
    public void Quantize_OperatorWithoutIntegerKernel_HasNoConversionsOfItsOwn()
    {
        GraphBuilder g = new(7);
        var x = g.Op("HardSwish", [g.Conv(g.BatchInput(3, 6, 6), 8)]);
        x = g.Op("HardSwish", [g.Op("Softplus", [x])]);
        g.Output(g.Op("Tanh", [g.Relu(g.Conv(x, 8))]));
        var result = QuantizedRun.Quantize(g.Build());
        var graph = result.Model.Graph;

        // In front of and behind two convolutions, and nothing between the float operators.
        Assert.Equal(4, graph.Nodes.Count(n => n.OperatorType == "QuantizeLinear"));
        Assert.Equal("HardSwish", graph.Nodes.Single(n => n.OperatorType == "Softplus").Input(0)!.Producer!.OperatorType);
        Assert.Equal(2, result.Report.IntegerNodes);
        Assert.Equal(0, result.Report.FloatNodes);
    }

    [Fact]
    public void Quantize_NodeKeptInFloat_IsReportedWithTheReason()
    {
        var model = TestModels.MnistCnnLike();
        var name = model.Graph.Nodes.First(n => n.OperatorType == "Gemm").Label;
        var report = QuantizedRun.Quantize(model, options: new QuantizationOptions { KeepFloat = new HashSet<string> { name } }).Report;

        Assert.Equal(1, report.FloatNodes);
        var kept = Assert.Single(report.Nodes, n => n.Node == name);
        Assert.Equal(Precision.Float32, kept.Precision);
        Assert.Contains("options", kept.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Quantize_NodeThatTheRuntimeLeavesInFloat_LosesItsConversions()
    {
        GraphBuilder g = new(8);
        var x = g.Conv(g.BatchInput(3, 6, 6), 8);
        // Bounds without 0: the clip cannot be dropped, so the convolution in front of it cannot merge with what follows.
        x = g.Op("Clip", [x, g.Scalar(0.25f), g.Scalar(2)]);
        g.Output(g.Conv(x, 4));
        var model = g.Build();
        var samples = GeneratedSamples.For(model);
        var result = QuantizedRun.Quantize(model, samples);

        Assert.Equal([Precision.Float32, Precision.Float32, Precision.Int8], result.Report.Nodes.Select(n => n.Precision));
        Assert.Equal(1, result.Report.IntegerNodes);
        Assert.DoesNotContain(result.Model.Graph.Nodes, n => n.OperatorType == "QuantizeLinear" && n.Input(0)!.IsGraphInput);
        Assert.InRange(QuantizedRun.Sqnr(model, result.Model, samples), 30, 150);
    }

    [Fact]
    public void Quantize_Model_LeavesItAndItsSignatureUnchanged()
    {
        var model = TestModels.ResidualBlocks();
        var before = OnnxFile.ToBytes(model);
        var quantized = QuantizedRun.Quantize(model).Model.Graph;

        Assert.Equal(before, OnnxFile.ToBytes(model));
        Assert.Equal(model.Graph.FedInputs.Select(v => v.Name), quantized.FedInputs.Select(v => v.Name));
        Assert.Equal(model.Graph.Outputs.Select(v => (v.Name, v.ElementType)), quantized.Outputs.Select(v => (v.Name, v.ElementType)));
    }

    [Fact]
    public void Quantize_QuantizedModel_IsRefused()
    {
        var once = QuantizedRun.Quantize(TestModels.MnistCnnLike()).Model;

        Assert.Equal(ErrorCode.AlreadyQuantized, Assert.Throws<ModelException>(() => QuantizedRun.Quantize(once)).Code);
    }

    [Fact]
    public void Quantize_ModelWithNothingToQuantize_ComesBackAsItWas()
    {
        GraphBuilder g = new();
        g.Output(g.Op("Tanh", [g.BatchInput(4)]));
        var model = g.Build();
        var result = QuantizedRun.Quantize(model);

        Assert.Equal(OnnxFile.ToBytes(model), OnnxFile.ToBytes(result.Model));
        Assert.Equal(0, result.Report.IntegerNodes);
    }

    // Graphs of odd seeds have a fixed batch of 2, which samples cannot be fed to.
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(14)]
    [InlineData(16)]
    [InlineData(18)]
    [InlineData(20)]
    [InlineData(22)]
    [InlineData(24)]
    public void Quantize_RandomGraph_LeavesNoQuantizedNodeInFloatAndStaysClose(int seed)
    {
        var model = RandomGraphs.FromSeed(seed).Model;
        var samples = GeneratedSamples.For(model, 8);
        var result = QuantizedRun.Quantize(model, samples);

        Assert.DoesNotContain(result.Report.Nodes, n => n.Reason.Contains("computes it in float", StringComparison.Ordinal));
        Assert.InRange(QuantizedRun.Sqnr(model, result.Model, samples), 15, double.PositiveInfinity);
    }
}
