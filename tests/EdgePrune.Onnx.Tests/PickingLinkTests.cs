using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

/// <summary>Links of operators that sample, pick and reorder along some axes and let channels through.</summary>
public sealed class PickingLinkTests
{
    private readonly GraphBuilder _g = new(opset: 18);

    [Fact]
    public void ConvTranspose_InGroups_ContractsWithinItsBlocks()
    {
        var view = LinkView.Of(_g.ConvTranspose(_g.Input(1, 4, 2, 2), 6, groups: 2), _g);
        Assert.Equal(("input1[1]", "weight1[0]", "convtranspose1[1]"), view.Contraction);
        Assert.True(view.Links.Contractions[0] is { Blocks: 2, OutputAxisIsPerBlock: true });
        Assert.Equal(["input1[1] 2", "convtranspose1[1] 2"], view.Links.EqualBlocks.Select(b => $"{b.Axis} {b.Blocks}"));
    }

    [Fact]
    public void ConvTranspose_OneInputChannelAGroup_CarriesItsOutputsThrough()
    {
        var x = _g.Input(1, 3, 2, 2);
        var view = LinkView.Of(_g.ConvTranspose(x, 6, groups: 3), _g);
        Assert.Empty(view.Links.Contractions);
        Assert.Contains((1, 2), view.Pairs(x, 1, 3, 6));
        Assert.Contains((1, 3), view.Pairs(x, 1, 3, 6));
    }

    [Theory]
    [InlineData("GridSample")]
    [InlineData("RoiAlign")]
    public void Sampling_LetsChannelsThrough(string type)
    {
        var places = type == "GridSample" ? _g.Input(1, 2, 2, 2) : _g.Input(2, 4);
        Value[] inputs = type == "GridSample" ? [_g.Input(1, 3, 4, 4), places] : [_g.Input(1, 3, 4, 4), places, _g.Ints(0, 0)];
        var view = LinkView.Of(_g.Op(type, inputs), _g);
        Assert.Equal([$"input2[1]={type.ToLowerInvariant()}1[1]"], view.Ties);
        Assert.Contains("input2[2] SpatialAxis", view.Pins);
    }

    [Fact]
    public void TopK_LetsTheOtherAxesThrough()
    {
        var picked = _g.Ops("TopK", 2, [_g.Input(3, 5), _g.Ints(2)]);
        _g.Output(picked[1]);
        var view = LinkView.Of(picked[0], _g);
        Assert.Equal(["input1[0]=topk1[0]", "input1[0]=topk1_1[0]"], view.Ties);
        Assert.Contains("input1[1] MixesAxis", view.Pins);
    }

    [Fact]
    public void Trilu_PinsItsMatrix() =>
        Assert.Equal(["trilu1[1] MixesAxis", "trilu1[2] MixesAxis", "input1[1] MixesAxis", "input1[2] MixesAxis"], LinkView.Of(_g.Op("Trilu", [_g.Input(2, 3, 3)]), _g).Pins);

    [Fact]
    public void ReverseSequence_PinsTimeAndBatch()
    {
        var view = LinkView.Of(_g.Op("ReverseSequence", [_g.Input(4, 2, 3), _g.Ints(4, 2)]), _g);
        Assert.Equal(["input1[2]=reversesequence1[2]"], view.Ties);
    }

    [Fact]
    public void Col2Im_KeepsTheColumnsOfAChannelTogether()
    {
        var image = _g.Op("Col2Im", [_g.Input(1, 8, 9), _g.Ints(4, 4), _g.Ints(2, 2)]);
        var view = LinkView.Of(image, _g);
        Assert.Equal([(1, 4), (1, 5), (1, 6), (1, 7)], view.Pairs(image, 1, 2, 8).Where(p => p.A == 1));
    }

    [Fact]
    public void GatherElements_TiesTheAxesThatIndicesCover()
    {
        var view = LinkView.Of(_g.Op("GatherElements", [_g.Input(3, 5), _g.Constant(Tensor.Of([3, 2], [0L, 1, 2, 3, 4, 0]))], ("axis", 1)), _g);
        Assert.Contains("input1[0]=gatherelements1[0]", view.Ties);
        Assert.Equal(["input1[1] NotCovered", "gatherelements1[1] NotCovered"], view.Pins);
    }

    [Fact]
    public void RuntimeGelu_WithABias_TiesIt()
    {
        var view = LinkView.Of(_g.CustomOp("com.microsoft", "BiasGelu", _g.Input(2, 3), _g.Weight(1, 3)), _g);
        Assert.Equal(["input1[0]=biasgelu1[0]", "input1[1]=biasgelu1[1]", "weight1[0]=biasgelu1[1]"], view.Ties);
    }
}
