using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

/// <summary>Links of operators with weights.</summary>
public sealed class LayerLinkTests
{
    private readonly GraphBuilder _g = new();

    [Fact]
    public void Conv_ContractsInputChannelsAndTiesOutputChannels()
    {
        var view = LinkView.Of(_g.Conv(_g.Input(2, 3, 6, 6), 4), _g);
        Assert.Equal(("input1[1]", "weight1[1]", "conv1[1]"), view.Contraction);
        Assert.Contains("weight1[0]=conv1[1]", view.Ties);
        Assert.Contains("weight2[0]=conv1[1]", view.Ties);
        Assert.Contains("input1[0]=conv1[0]", view.Ties);
        Assert.Contains("input1[2] SpatialAxis", view.Pins);
        Assert.Equal(2 * 4 * 36 * 3 * 9, view.Links.Contractions[0].Macs);
    }

    [Fact]
    public void GroupedConv_ContractsInBlocksOfEqualCount()
    {
        var view = LinkView.Of(_g.Conv(_g.Input(1, 4, 6, 6), 8, groups: 2), _g);
        Assert.Equal(2, Assert.Single(view.Links.Contractions).Blocks);
        Assert.Equal(["input1[1] 2", "conv1[1] 2"], view.Links.EqualBlocks.Select(b => $"{b.Axis} {b.Blocks}"));
    }

    [Fact]
    public void DepthwiseConv_TiesEachInputToItsOutputs()
    {
        var x = _g.Input(1, 3, 6, 6);
        var view = LinkView.Of(_g.Depthwise(x, 2), _g);
        Assert.Empty(view.Links.Contractions);
        Assert.Equal([(0, 0), (0, 1), (1, 2), (1, 3), (2, 4), (2, 5)], view.Pairs(x, 1, 3, 6));
    }

    [Fact]
    public void Conv_ComputedWeight_IsPinned()
    {
        var weight = _g.Op("Abs", [_g.Input(4, 3, 1, 1)]);
        var view = LinkView.Of(_g.Op("Conv", [_g.Input(1, 3, 6, 6), weight]), _g);
        Assert.Empty(view.Links.Contractions);
        Assert.Contains("input2[1] NotCovered", view.Pins);
    }

    [Fact]
    public void ConvTranspose_ContractsWeightAxisZero()
    {
        var view = LinkView.Of(_g.ConvTranspose(_g.Input(1, 3, 4, 4), 5), _g);
        Assert.Equal(("input1[1]", "weight1[0]", "convtranspose1[1]"), view.Contraction);
        Assert.Equal(1, view.Links.Contractions[0].WeightOutputAxis);
        Assert.Equal(3 * 16 * 5 * 4, view.Links.Contractions[0].Macs);
        Assert.Contains("weight1[1]=convtranspose1[1]", view.Ties);
    }

    [Theory]
    [InlineData(true, "weight1[1]", 0)]
    [InlineData(false, "weight1[0]", 1)]
    public void Gemm_EitherLayout_ContractsTheInnerAxis(bool transposed, string weight, int outputAxis)
    {
        var view = LinkView.Of(_g.Gemm(_g.Input(2, 3), 5, transposed), _g);
        Assert.Equal(("input1[1]", weight, "gemm1[1]"), view.Contraction);
        Assert.Equal(outputAxis, view.Links.Contractions[0].WeightOutputAxis);
        Assert.Contains("weight2[0]=gemm1[1]", view.Ties);
    }

    [Fact]
    public void MatMul_ConstantRight_Contracts()
    {
        var view = LinkView.Of(_g.MatMul(_g.Input(2, 4, 3), 5), _g);
        Assert.Equal(("input1[2]", "weight1[0]", "matmul1[2]"), view.Contraction);
        Assert.Equal(["input1[1]=matmul1[1]", "input1[0]=matmul1[0]", "weight1[1]=matmul1[2]"], view.Ties.Where(t => !t.StartsWith("weight1[0]", StringComparison.Ordinal)));
        Assert.Equal(2 * 4 * 3 * 5, view.Links.Contractions[0].Macs);
    }

    [Fact]
    public void MatMul_ConstantLeft_ContractsTheColumnsOfTheData()
    {
        var view = LinkView.Of(_g.MatMul(_g.Weight(1, 5, 3), _g.Input(2, 3, 4)), _g);
        Assert.Equal(("input1[1]", "weight1[1]", "matmul1[1]"), view.Contraction);
        Assert.Equal(0, view.Links.Contractions[0].WeightOutputAxis);
        Assert.Contains("input1[2]=matmul1[2]", view.Ties);
        Assert.Contains("input1[0]=matmul1[0]", view.Ties);
    }

    [Fact]
    public void MatMul_BothComputed_TiesOuterAxesAndThoseSummedOver()
    {
        var view = LinkView.Of(_g.MatMul(_g.Input(2, 4, 3), _g.Input(2, 3, 5)), _g);
        Assert.Equal(["input1[1]=matmul1[1]", "input1[0]=matmul1[0]", "input2[0]=matmul1[0]", "input2[2]=matmul1[2]", "input1[2]=input2[1]"], view.Ties);
        Assert.Equal("input1[2] Product", Assert.Single(view.Links.Reductions) is var r ? $"{r.Data} {r.Kind}" : "");
    }

    [Fact]
    public void MatMul_VectorData_ContractsItsOnlyAxis() =>
        Assert.Equal(("input1[0]", "weight1[0]", "matmul1[0]"), LinkView.Of(_g.MatMul(_g.Input(3), _g.Weight(1, 3, 5)), _g).Contraction);

    [Fact]
    public void MatMul_ConstantVector_IsAWeightedSum()
    {
        var view = LinkView.Of(_g.MatMul(_g.Input(2, 3), _g.Weight(1, 3)), _g);
        Assert.Contains("input1[1]=weight1[0]", view.Ties);
        Assert.Equal("input1[1] WeightedSum", Assert.Single(view.Links.Reductions) is var r ? $"{r.Data} {r.Kind}" : "");
    }

    [Fact]
    public void MatMul_ConstantBatchOfMatrices_IsAWeightedSumAndTiesTheBatch()
    {
        var view = LinkView.Of(_g.MatMul(_g.Input(2, 4, 3), _g.Weight(1, 2, 3, 5)), _g);
        Assert.Contains("weight1[0]=matmul1[0]", view.Ties);
        Assert.Contains("input1[2]=weight1[1]", view.Ties);
        Assert.Equal("input1[2] WeightedSum", Assert.Single(view.Links.Reductions) is var r ? $"{r.Data} {r.Kind}" : "");
    }

    [Fact]
    public void BatchNormalization_TiesItsFourConstants()
    {
        var view = LinkView.Of(_g.BatchNorm(_g.Input(1, 3, 4, 4)), _g);
        Assert.Equal(4, view.Ties.Count(t => t.EndsWith("[0]=batchnormalization1[1]", StringComparison.Ordinal)));
        Assert.Empty(view.Pins);
    }

    [Fact]
    public void LayerNormalization_CombinesTheAxesItMixes()
    {
        var view = LinkView.Of(_g.LayerNorm(_g.Input(1, 4, 3)), _g);
        Assert.Empty(view.Pins);
        Assert.Equal("input1[2] Normalization", Assert.Single(view.Links.Reductions) is var r ? $"{r.Data} {r.Kind}" : "");
    }
}
