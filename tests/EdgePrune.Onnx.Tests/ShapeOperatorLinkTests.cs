using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

/// <summary>Links of operators that join, cut, move and regroup axes.</summary>
public sealed class ShapeOperatorLinkTests
{
    private readonly GraphBuilder _g = new();

    [Fact]
    public void Concat_TheSameTensorTwice_TiesBothHalves()
    {
        var x = _g.Input(1, 2, 4, 4);
        var view = LinkView.Of(_g.Concat(1, x, x), _g);
        Assert.Equal([(0, 0), (1, 1), (0, 2), (1, 3)], view.Pairs(x, 1, 2, 4));
        Assert.Empty(view.Pins);
    }

    [Fact]
    public void Split_UnevenParts_TiesByOffset()
    {
        var x = _g.Input(1, 5);
        var parts = _g.Split(x, -1, 2, 3);
        _g.Output(parts[0]);
        var view = LinkView.Of(parts[1], _g);
        Assert.Equal([(0, 0), (1, 1), (2, 0), (3, 1), (4, 2)], view.Pairs(x, 1, 5, 0));
    }

    [Fact]
    public void Slice_NegativeStart_TiesByOffset()
    {
        var x = _g.Input(1, 5);
        Assert.Equal([(2, 0), (3, 1)], LinkView.Of(_g.Slice(x, 1, -3, 4), _g).Pairs(x, 1, 5, 2));
    }

    [Theory]
    [InlineData(0, 5, 2, "0 2 4")]
    [InlineData(4, 0, -2, "4 2")]
    [InlineData(-1, long.MinValue, -1, "4 3 2 1 0")]
    public void Slice_WithAStep_TiesWhatItTakes(long start, long end, long step, string taken)
    {
        var x = _g.Input(1, 5);
        var view = LinkView.Of(_g.Slice(x, 1, start, end, step), _g);
        Assert.Empty(view.Pins);
        Assert.Equal(taken, string.Join(' ', view.Pairs(x, 1, 5, 0).OrderBy(p => p.B).Select(p => p.A)));
    }

    [Fact]
    public void Gather_ConstantNumber_KeepsThePickedIndexOnly()
    {
        var view = LinkView.Of(_g.Op("Gather", [_g.Input(2, 3), _g.Constant(Tensor.Of([], [-1L]))], ("axis", 1)), _g);
        Assert.Equal([2], Assert.Single(view.Links.Pins).Indices);
        Assert.Equal(["input1[0]=gather1[0]"], view.Ties);
    }

    [Fact]
    public void Gather_ConstantTable_KeepsWhatItPicksAndTiesItsOwnAxes()
    {
        var view = LinkView.Of(_g.Op("Gather", [_g.Input(2, 5), _g.Constant(Tensor.Of([2, 2], [4L, 0, 0, 1]))], ("axis", 1)), _g);
        Assert.Equal([4, 0, 1], Assert.Single(view.Links.Pins).Indices);
        Assert.Equal(["input1[0]=gather1[0]", "constant1[0]=gather1[1]", "constant1[1]=gather1[2]"], view.Ties);
    }

    [Fact]
    public void Gather_ConstantVector_TiesWhatItPicks()
    {
        var x = _g.Input(2, 3);
        Assert.Equal([(2, 0), (0, 1), (0, 2)], LinkView.Of(_g.Gather(x, 1, -1, 0, 0), _g).Pairs(x, 1, 3, 3));
    }

    [Fact]
    public void Gather_Embedding_PinsRowsAndTiesColumns()
    {
        var indices = _g.Input(ElementType.Int64, [2L, 4L]);
        var view = LinkView.Of(_g.Op("Gather", [_g.Weight(1, 10, 6), indices]), _g);
        Assert.Equal(["weight1[0] NotCovered"], view.Pins);
        Assert.Contains("weight1[1]=gather1[2]", view.Ties);
        Assert.Contains("input1[1]=gather1[1]", view.Ties);
        Assert.Equal("weight1[1] gather1[2]", Assert.Single(view.Links.Carries) is var c ? $"{c.Weight} {c.Output}" : "");
    }

    [Fact]
    public void Reshape_MergedAxes_AreAProduct()
    {
        var view = LinkView.Of(_g.Reshape(_g.Input(2, 4, 3), 0, -1), _g);
        Assert.Equal(["input1[0]=reshape1[0]"], view.Ties);
        Assert.Equal("input1[1] x input1[2] = reshape1[1]", Assert.Single(view.Links.Products) is var p ? $"{string.Join(" x ", p.Factors)} = {p.Merged}" : "");
    }

    [Fact]
    public void Reshape_SeveralAgainstSeveralWithoutCommonFactors_IsPinned() =>
        Assert.Contains("input1[1] AmbiguousReshape", LinkView.Of(_g.Reshape(_g.Input(1, 4, 6), 1, 3, 8), _g).Pins);

    [Fact]
    public void Reshape_SeveralAgainstSeveral_IsCutIntoFinerAxes()
    {
        var view = LinkView.Of(_g.Reshape(_g.Input(1, 4, 6), 1, 8, 3), _g);
        var regroup = Assert.Single(view.Links.Regroups);
        Assert.Equal([4, 2, 3], regroup.Sizes);
        Assert.Equal([1, 2], regroup.CountsA);
        Assert.Equal([2, 1], regroup.CountsB);
    }

    [Fact]
    public void Reshape_ComputedShape_IsPinned()
    {
        var view = LinkView.Of(_g.Op("Reshape", [_g.Input(1, 4), _g.Op("Shape", [_g.Input(2, 2)])]), _g);
        Assert.Contains("input1[1] UnknownShape", view.Pins);
        Assert.Contains("reshape1[0] UnknownShape", view.Pins);
    }

    [Fact]
    public void Transpose_Default_ReversesAxes() =>
        Assert.Equal(["input1[2]=transpose1[0]", "input1[1]=transpose1[1]", "input1[0]=transpose1[2]"], LinkView.Of(_g.Transpose(_g.Input(2, 3, 4)), _g).Ties);

    [Fact]
    public void Squeeze_NegativeAxis_Renumbers() =>
        Assert.Equal(["input1[0]=squeeze1[0]", "input1[2]=squeeze1[1]"], LinkView.Of(_g.Squeeze(_g.Input(2, 1, 3), -2), _g).Ties);

    [Fact]
    public void Unsqueeze_NegativeAxis_CountsInTheResult() =>
        Assert.Equal(["input1[0]=unsqueeze1[0]", "input1[1]=unsqueeze1[1]"], LinkView.Of(_g.Unsqueeze(_g.Input(2, 3), -1), _g).Ties);

    [Fact]
    public void Pad_OfChannels_TiesByOffset()
    {
        var x = _g.Input(1, 3, 4, 4);
        var view = LinkView.Of(_g.Pad(x, 0, 2, 0, 0, 0, 1, 0, 0), _g);
        Assert.Equal([(0, 2), (1, 3), (2, 4)], view.Pairs(x, 1, 3, 6));
    }

    [Fact]
    public void Pad_Reflected_PinsTheAxis()
    {
        var view = LinkView.Of(_g.Op("Pad", [_g.Input(1, 3, 4, 4), _g.Ints(0, 1, 0, 0, 0, 0, 0, 0)], ("mode", "reflect")), _g);
        Assert.Equal(["input1[1] MixesAxis", "pad1[1] MixesAxis"], view.Pins);
    }

    [Fact]
    public void DepthToSpace_BothOrders_TieTheBlockOfOnePixel()
    {
        Assert.Equal([(0, 0), (1, 1), (0, 2), (1, 3), (0, 4), (1, 5), (0, 6), (1, 7)], Shuffled("DCR"));
        Assert.Equal([(0, 0), (0, 1), (0, 2), (0, 3), (1, 4), (1, 5), (1, 6), (1, 7)], Shuffled("CRD"));
    }

    [Fact]
    public void Tile_OfChannels_TiesEveryCopy()
    {
        var x = _g.Input(1, 2);
        Assert.Equal([(0, 0), (1, 1), (0, 2), (1, 3)], LinkView.Of(_g.Op("Tile", [x, _g.Ints(1, 2)]), _g).Pairs(x, 1, 2, 4));
    }

    [Fact]
    public void Expand_OfOneToMany_TiesNothingThere() =>
        Assert.Equal(["input1[1]=expand1[1]"], LinkView.Of(_g.Op("Expand", [_g.Input(1, 3, 1), _g.Ints(1, 3, 4)]), _g).Ties);

    [Fact]
    public void Resize_OfSpace_PinsSpaceOnly()
    {
        var view = LinkView.Of(_g.Upscale(_g.Input(1, 3, 4, 4)), _g);
        Assert.Equal(["input1[0]=resize1[0]", "input1[1]=resize1[1]"], view.Ties);
        Assert.Equal(["input1[2] SpatialAxis", "resize1[2] SpatialAxis", "input1[3] SpatialAxis", "resize1[3] SpatialAxis"], view.Pins);
    }

    [Fact]
    public void Shape_ReadByGather_PinsThePickedAxisOnly()
    {
        var shape = _g.Op("Shape", [_g.Input(2, 3, 4)]);
        _g.Output(_g.Gather(shape, 0, -2));
        var view = View(shape);
        Assert.Equal(["input1[1] UnknownShape", "shape1[0] UnknownShape"], view);
    }

    [Fact]
    public void Shape_ReadByAnythingElse_PinsAllAxes()
    {
        var shape = _g.Op("Shape", [_g.Input(2, 3)]);
        _g.Output(_g.Op("Neg", [shape]));
        Assert.Equal(["input1[0] UnknownShape", "input1[1] UnknownShape", "shape1[0] UnknownShape"], View(shape));
    }

    private IEnumerable<string> View(Value value)
    {
        var links = new AxisLinks();
        OperatorRegistry.Find(value.Producer!)!.Link(value.Producer!, ShapeInference.Infer(_g.Build().Graph), links);
        return links.Pins.Select(p => $"{p.Axis} {p.Reason.Kind}");
    }

    private static IEnumerable<(int, int)> Shuffled(string mode)
    {
        GraphBuilder g = new();
        var y = g.Op("DepthToSpace", [g.Input(1, 8, 2, 2)], ("blocksize", 2), ("mode", mode));
        return LinkView.Of(y, g).Pairs(y, 1, 2, 8);
    }
}
