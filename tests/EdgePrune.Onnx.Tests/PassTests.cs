using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

public sealed class PassTests
{
    public static TheoryData<string> Names => [.. TestModels.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void EachPass_OnAFixture_KeepsOutputsAndIsIdempotent(string name) =>
        Assert.All(All(), pass => AssertKeeps(TestModels.Make(name), m => pass.Apply(m), name + ", " + pass.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void AllPasses_OnAFixture_KeepOutputsAndSettle(string name) =>
        AssertKeeps(TestModels.Make(name), m => PassSequence.Run(m, All()), name);

    [Fact]
    public void AllPasses_OnRandomGraphs_KeepOutputsAndSettle() =>
        Assert.All(RandomGraphs.Fixed(150), g => AssertKeeps(g.Model, m => PassSequence.Run(m, All()), g.Description));

    [Fact]
    public void AllPasses_OnTheTrainedSample_KeepOutputs() =>
        AssertKeeps(OnnxFile.Read(RepositoryFiles.Find("samples/mnist/mnist-cnn.onnx")), m => PassSequence.Run(m, All()), "sample");

    [Fact]
    public void AllPasses_OnDevelopmentModels_KeepOutputs()
    {
        Assert.SkipWhen(DevelopmentData.Models.Count == 0, DevelopmentData.MissingReason);
        Assert.All(DevelopmentData.Models, path => AssertKeeps(OnnxFile.Read(path), m => PassSequence.Run(m, All()), path));
    }

    [Fact]
    public void PassSequence_FailingPass_IsNamed()
    {
        var error = Assert.Throws<Contracts.ModelException>(() => PassSequence.Run(TestModels.Mlp(), new Failing()));
        Assert.Contains("'always failing'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PassSequence_PassThatNeverSettles_Throws() =>
        Assert.Contains("restless", Assert.Throws<InvalidOperationException>(() => PassSequence.Run(TestModels.Mlp(), new Restless())).Message, StringComparison.Ordinal);

    [Fact]
    public void ConstantNodes_OfEverySpelling_BecomeInitializersOfTheSameName()
    {
        var model = TestModels.ConstantNodeWeights();
        var names = model.Graph.Nodes.Where(n => n.OperatorType == "Constant").Select(n => n.Output.Name).ToList();
        Assert.Equal(0, model.ParameterCount);
        Assert.Equal(names.Count, new ConstantNodesToInitializers().Apply(model));
        Assert.Equal(names.Order(), model.Graph.Initializers.Select(v => v.Name).Order());
        Assert.True(model.ParameterCount > 500);
    }

    [Fact]
    public void UnusedNodes_DeadBranchAndInitializer_Go()
    {
        GraphBuilder g = new();
        var x = g.Input(1, 3, 4, 4);
        g.Output(g.Relu(x));
        g.Sigmoid(g.Conv(x, 5));
        g.Weight(1, 7);
        var model = g.Build();
        Assert.Equal(5, new UnusedNodes().Apply(model));
        Assert.Single(model.Graph.Nodes);
        Assert.Empty(model.Graph.Initializers);
    }

    [Fact]
    public void UnusedNodes_InitializerListedAsInput_Stays()
    {
        var model = TestModels.InitializersAsInputs();
        var editor = new GraphEditor(model.Graph);
        editor.SetInput(model.Graph.Nodes.First(n => n.OperatorType == "Conv"), 2, null);
        Assert.Equal(0, new UnusedNodes().Apply(model));
    }

    [Fact]
    public void IdentityElimination_IdentityDropoutAndCast_Go()
    {
        GraphBuilder g = new();
        var x = g.Op("Cast", [g.Input(1, 4)], ("to", (long)ElementType.Float32));
        x = g.Ops("Dropout", 2, [g.Op("Identity", [g.Op("Identity", [g.Relu(x)])])])[0];
        g.Output(g.Op("Identity", [g.Sigmoid(x)]));
        var model = g.Build();
        var output = model.Graph.Outputs[0].Name;
        AssertKeeps(model, m => PassSequence.Run(m, new IdentityElimination()), "identities");
        PassSequence.Run(model, new IdentityElimination());
        Assert.Equal(["Relu", "Sigmoid"], model.Graph.Nodes.Select(n => n.OperatorType));
        Assert.Equal(output, model.Graph.Outputs.Single().Name);
    }

    [Fact]
    public void IdentityElimination_WhatChangesValuesOrNames_Stays()
    {
        GraphBuilder g = new();
        var x = g.Input(1, 4);
        g.Output(g.Op("Identity", [x]));
        g.Output(g.Ops("Dropout", 2, [g.Relu(x)])[1]);
        g.Output(g.Op("Cast", [g.Op("Shape", [x])], ("to", (long)ElementType.Float32)));
        Assert.Equal(0, new IdentityElimination().Apply(g.Build()));
    }

    [Fact]
    public void ShuffleToGather_OfAShuffleByReshapes_IsOneGather()
    {
        GraphBuilder g = new();
        var x = g.BatchInput(6, 4, 4);
        g.Output(g.Conv(g.Reshape(g.Transpose(g.Reshape(x, 0, 2, 3, 4, 4), 0, 2, 1, 3, 4), 0, 6, 4, 4), 5));
        var model = g.Build();
        var original = model.Clone();

        PassSequence.Run(model, new ShuffleToGather(), new UnusedNodes());

        Assert.Equal(["Gather", "Conv"], model.Graph.Nodes.Select(n => n.OperatorType));
        Assert.Equal([0L, 3, 1, 4, 2, 5], model.Graph.Nodes[0].Input(1)!.Constant!.ToInts());
        Assert.Equal(0, Compare.MaxRelativeError(Runtime.Run(original, 1), Runtime.Run(model, 1)));
    }

    [Fact]
    public void ShuffleToGather_OfTransposesThatCancel_LeavesNothing()
    {
        GraphBuilder g = new();
        var x = g.Input(1, 6, 4);
        g.Output(g.Relu(g.Reshape(g.Transpose(g.Transpose(g.Reshape(x, 1, 2, 3, 4), 0, 2, 1, 3), 0, 2, 1, 3), 1, 6, 4)));
        var model = g.Build();

        PassSequence.Run(model, new ShuffleToGather(), new UnusedNodes());

        Assert.Equal(["Relu"], model.Graph.Nodes.Select(n => n.OperatorType));
    }

    [Fact]
    public void ShuffleToGather_OverTheFreeBatch_IsLeftAlone()
    {
        GraphBuilder g = new();
        var x = g.BatchInput(4, 4);
        g.Output(g.Reshape(g.Transpose(g.Reshape(x, -1, 4, 4, 1), 1, 2, 0, 3), -1, 4, 4));
        Assert.Equal(0, new ShuffleToGather().Apply(g.Build()));
    }

    [Fact]
    public void ShapeArguments_ComputedWithAFreeBatch_BecomeLiterals()
    {
        GraphBuilder g = new();
        var x = g.Conv(g.BatchInput(3, 4, 4), 8);
        var shape = g.Op("Shape", [x]);
        var batch = g.Unsqueeze(g.Op("Gather", [shape, g.Constant(Tensor.Of([], [0L]))]), 0);
        var half = g.Op("Div", [g.Op("Gather", [shape, g.Ints(1)]), g.Ints(2)]);
        x = g.Op("Reshape", [x, g.Concat(0, batch, g.Ints(2), half, g.Ints(-1))]);
        g.Output(g.Op("Reshape", [x, g.Concat(0, batch, g.Ints(8, -1))]));
        var model = g.Build();
        var original = model.Clone();

        PassSequence.Run(model, All());

        Assert.DoesNotContain(model.Graph.Nodes, n => n.OperatorType is "Shape" or "Concat");
        Assert.Equal([0L, 2, 4, -1], model.Graph.Nodes.First(n => n.OperatorType == "Reshape").Input(1)!.Constant!.ToInts());
        Assert.Equal(0, Compare.MaxRelativeError(Runtime.Run(original, 1), Runtime.Run(model, 1)));
    }

    private static IGraphPass[] All() =>
        [new ConstantNodesToInitializers(), new ConstantFolding(new RuntimeEvaluator()), new ShapeArguments(), new IdentityElimination(), new ShuffleToGather(), new BatchNormFolding(), new UnusedNodes()];

    private static void AssertKeeps(Model original, Action<Model> apply, string description)
    {
        var model = original.Clone();
        apply(model);
        Assert.Empty(GraphInvariants.Faults(model.Graph));
        Assert.Equal(original.Graph.Inputs.Select(v => v.Name), model.Graph.Inputs.Select(v => v.Name));
        Assert.Equal(original.Graph.Outputs.Select(v => v.Name), model.Graph.Outputs.Select(v => v.Name));
        var error = Compare.MaxRelativeError(Runtime.Run(original, 1), Runtime.Run(model, 1));
        Assert.True(error < 1e-5, $"Error {error:g3}; {description}");
        var bytes = OnnxFile.ToBytes(model);
        apply(model);
        Assert.True(bytes.AsSpan().SequenceEqual(OnnxFile.ToBytes(model)), $"Not idempotent; {description}");
    }

    private sealed class Failing : IGraphPass
    {
        public string Name => "always failing";

        public int Apply(Model model) => throw new Contracts.ModelException(Contracts.ErrorCode.InvalidGraph, "No.");
    }

    private sealed class Restless : IGraphPass
    {
        public string Name => "restless";

        public int Apply(Model model) => 1;
    }
}
