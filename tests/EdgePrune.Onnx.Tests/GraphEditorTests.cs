using EdgePrune.Contracts;
using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

public sealed class GraphEditorTests
{
    private readonly GraphBuilder _g = new();

    [Fact]
    public void AddNode_BeforeAReader_StandsThereAndIsUsed()
    {
        var (x, model) = Chain();
        var editor = new GraphEditor(model.Graph);
        var reader = model.Graph.Nodes[1];
        var node = editor.AddNode("Abs", [x], "between", before: reader);
        editor.SetInput(reader, 0, node.Output);
        Assert.Equal(1, model.Graph.Nodes.ToList().IndexOf(node));
        Assert.Equal([new Use(reader, 0)], node.Output.Uses);
        Assert.Empty(GraphInvariants.Faults(model.Graph));
        Assert.Empty(GraphInvariants.Faults(model.Clone().Graph));
    }

    [Fact]
    public void AddNode_TakenName_GetsANumber()
    {
        var (x, model) = Chain();
        Assert.Equal(x.Name + "_1", new GraphEditor(model.Graph).AddNode("Abs", [x], x.Name).Output.Name);
    }

    [Fact]
    public void AddInput_TakenName_ThrowsModelException()
    {
        var (x, model) = Chain();
        Assert.Equal(ErrorCode.InvalidGraph, Assert.Throws<ModelException>(() => new GraphEditor(model.Graph).AddInput(x.Name, ElementType.Float32, 1L)).Code);
    }

    [Fact]
    public void SetInput_BeyondTheLast_LeavesSlotsOut()
    {
        var (x, model) = Chain();
        var editor = new GraphEditor(model.Graph);
        editor.SetInput(model.Graph.Nodes[1], 3, x);
        Assert.Equal([x, null, null, x], model.Graph.Nodes[1].Inputs);
        Assert.Equal(2, x.Uses.Count);
        editor.SetInput(model.Graph.Nodes[1], 3, null);
        Assert.Single(x.Uses);
        Assert.Empty(GraphInvariants.Faults(model.Graph));
    }

    [Fact]
    public void ReplaceUses_ExceptOneNode_LeavesThatOne()
    {
        var x = _g.Relu(_g.Input(1, 4));
        var y = _g.Sigmoid(x);
        _g.Output(_g.Add(x, _g.Op("Neg", [x])));
        var model = _g.Build();
        new GraphEditor(model.Graph).ReplaceUses(x, y, except: y.Producer);
        Assert.Equal([y.Producer], x.Uses.Select(u => u.Node));
        Assert.Equal(2, y.Uses.Count);
        Assert.Empty(GraphInvariants.Faults(model.Graph));
    }

    [Fact]
    public void TryBypass_InnerNode_ReadersReadTheReplacement()
    {
        var (x, model) = Chain();
        Assert.True(new GraphEditor(model.Graph).TryBypass(model.Graph.Nodes[0], model.Graph.Inputs[0]));
        Assert.DoesNotContain(x.Name, model.Graph.Values.Keys);
        Assert.Empty(GraphInvariants.Faults(model.Graph));
    }

    [Fact]
    public void TryBypass_NodeOfAGraphOutput_KeepsTheOutputsName()
    {
        var (_, model) = Chain();
        var name = model.Graph.Outputs[0].Name;
        var last = model.Graph.Nodes[^1];
        Assert.True(new GraphEditor(model.Graph).TryBypass(last, last.Input(0)!));
        Assert.Equal(name, model.Graph.Outputs.Single().Name);
        Assert.Equal("Sigmoid", model.Graph.Outputs.Single().Producer!.OperatorType);
        Assert.Empty(GraphInvariants.Faults(model.Graph));
    }

    [Fact]
    public void TryBypass_GraphOutputByAValueThatIsNoInputOfTheNode_Works()
    {
        var (x, model) = Chain();
        var last = model.Graph.Nodes[^1];
        Assert.True(new GraphEditor(model.Graph).TryBypass(last, x));
        Assert.Equal("Relu", model.Graph.Outputs.Single().Producer!.OperatorType);
        PassSequence.Run(model, new UnusedNodes());
        Assert.Empty(GraphInvariants.Faults(model.Graph));
    }

    [Fact]
    public void TryBypass_OtherOutputStillRead_IsRefused()
    {
        var results = _g.Ops("Dropout", 2, [_g.Relu(_g.Input(1, 4))]);
        _g.Output(_g.Relu(results[0]));
        _g.Output(results[1]);
        var model = _g.Build();
        Assert.False(new GraphEditor(model.Graph).TryBypass(model.Graph.Nodes[1], model.Graph.Nodes[1].Input(0)!));
        Assert.Empty(GraphInvariants.Faults(model.Graph));
    }

    [Fact]
    public void TryBypass_GraphOutputByAGraphInput_IsRefused()
    {
        _g.Output(_g.Op("Identity", [_g.Input(1, 4)]));
        var model = _g.Build();
        Assert.False(new GraphEditor(model.Graph).TryBypass(model.Graph.Nodes[0], model.Graph.Inputs[0]));
        Assert.Single(model.Graph.Nodes);
    }

    [Fact]
    public void RemoveNode_StillRead_Throws()
    {
        var (_, model) = Chain();
        Assert.Throws<InvalidOperationException>(() => new GraphEditor(model.Graph).RemoveNode(model.Graph.Nodes[0]));
    }

    [Fact]
    public void RemoveInitializer_StillRead_Throws()
    {
        var model = TestModels.Mlp();
        Assert.Throws<InvalidOperationException>(() => new GraphEditor(model.Graph).RemoveInitializer(model.Graph.Initializers[0]));
    }

    [Fact]
    public void SetInitializer_OtherShape_UpdatesTheDeclaredOne()
    {
        var model = TestModels.InitializersAsInputs();
        var weight = model.Graph.Initializers[0];
        new GraphEditor(model.Graph).SetInitializer(weight, weight.Constant!.Take(0, [0, 2]));
        Assert.Equal(weight.Constant!.Dims.ToArray(), weight.DeclaredShape!.Select(d => d.Size!.Value));
    }

    [Fact]
    public void MakeInitializer_OfOneOfTwoOutputs_LeavesTheNode()
    {
        var parts = _g.Split(_g.Input(1, 4), 1, 1, 3);
        _g.Output(_g.Concat(1, parts[0], parts[1]));
        var model = _g.Build();
        new GraphEditor(model.Graph).MakeInitializer(parts[0], Tensor.Of([1, 1], [7f]));
        Assert.Equal(2, model.Graph.Nodes.Count);
        Assert.Empty(GraphInvariants.Faults(model.Graph));
        Assert.Empty(GraphInvariants.Faults(OnnxFile.Read(OnnxFile.ToBytes(model)).Graph));
        Assert.Equal(7, Runtime.Run(model, 1)[0].ToFloats()[0]);
    }

    [Fact]
    public void MakeInitializer_GraphOutput_Throws()
    {
        var (_, model) = Chain();
        Assert.Throws<InvalidOperationException>(() => new GraphEditor(model.Graph).MakeInitializer(model.Graph.Outputs[0], Tensor.Of([1], [1f])));
    }

    [Fact]
    public void ReplaceGraphOutput_KeepsNameAndPlace()
    {
        var (_, model) = Chain();
        var (editor, old) = (new GraphEditor(model.Graph), model.Graph.Outputs[0]);
        var name = old.Name;
        var node = editor.AddNode("Abs", [old], "after");
        editor.ReplaceGraphOutput(old, node.Output);
        Assert.Equal(name, model.Graph.Outputs.Single().Name);
        Assert.Equal("Abs", model.Graph.Outputs.Single().Producer!.OperatorType);
        Assert.Empty(GraphInvariants.Faults(model.Graph));
        Assert.Single(Runtime.Run(model, 1));
    }

    [Fact]
    public void ReplaceGraphOutput_ReadBySubgraphs_Throws()
    {
        var model = TestModels.SubgraphIf();
        var captured = model.Graph.Nodes.Single(n => n.OperatorType == "If").Captures.Single(v => v.Producer is not null);
        Assert.Throws<InvalidOperationException>(() => new GraphEditor(model.Graph).ReplaceGraphOutput(model.Graph.Outputs[0], captured));
    }

    [Fact]
    public void Sort_NodeAddedLastThatEarlierOnesRead_RestoresTheOrder()
    {
        var (x, model) = Chain();
        var editor = new GraphEditor(model.Graph);
        var late = editor.AddNode("Abs", [x], "late");
        editor.SetInput(model.Graph.Nodes[1], 0, late.Output);
        Assert.NotEmpty(GraphInvariants.Faults(model.Graph));
        editor.Sort();
        Assert.Empty(GraphInvariants.Faults(model.Graph));
    }

    [Fact]
    public void Opset_OfANode_FollowsTheModel()
    {
        var model = TestModels.UnknownOperator();
        Assert.Equal(17, model.Graph.Nodes[0].Opset);
        Assert.Equal(1, model.Graph.Nodes.Single(n => n.Domain.Length > 0).Opset);
        model.RaiseOpset(18);
        Assert.Equal(18, model.Graph.Nodes[0].Opset);
        Assert.Equal(18, model.Clone().Graph.Nodes[0].Opset);
    }

    private (Value Inner, Model Model) Chain()
    {
        var x = _g.Relu(_g.Input(1, 4));
        _g.Output(_g.Op("Neg", [_g.Sigmoid(x)]));
        return (x, _g.Build());
    }
}
