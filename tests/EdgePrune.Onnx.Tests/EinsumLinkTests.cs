using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

/// <summary>Links of sums of products by an equation.</summary>
public sealed class EinsumLinkTests
{
    private readonly GraphBuilder _g = new();

    [Theory]
    [InlineData("ij,jk->ik", "i k")]
    [InlineData(" ij , jk ", "i k")]
    [InlineData("ba,ac", "b c")]
    public void Equation_ItsResult_IsRead(string equation, string result) =>
        Assert.Equal(result, string.Join(' ', EinsumEquation.Parse(equation, [2, 2]).Result));

    [Fact]
    public void Equation_Ellipsis_AlignsFromTheRight()
    {
        var equation = EinsumEquation.Parse("b...i,...ij", [4, 3]);
        Assert.Equal(["b", "...1", "...0", "i"], equation.Operands[0]);
        Assert.Equal(["...0", "i", "j"], equation.Operands[1]);
        Assert.Equal(["...1", "...0", "b", "j"], equation.Result);
    }

    [Theory]
    [InlineData("ij->i", 2)]
    [InlineData("ij,jk->i->k", 2)]
    [InlineData("ijk,jk->i", 2)]
    [InlineData("ij,jk->iz", 2)]
    [InlineData("", 2)]
    public void Equation_ThatDoesNotFit_IsRefused(string equation, int operands) =>
        Assert.Throws<ArgumentException>(() => EinsumEquation.Parse(equation, [.. Enumerable.Repeat(2, operands)]));

    [Fact]
    public void ConstantMatrix_IsAContraction()
    {
        var view = LinkView.Of(_g.Op("Einsum", [_g.Input(2, 4, 3), _g.Weight(1, 5, 3)], ("equation", "bti,oi->bto")), _g);
        Assert.Equal(("input1[2]", "weight1[1]", "einsum1[2]"), view.Contraction);
        Assert.True(view.Links.Contractions[0].IsAffine);
        Assert.Equal(2 * 4 * 5 * 3, view.Links.Contractions[0].Macs);
    }

    [Fact]
    public void ConstantOfSeveralAxes_HasAContractionForEachLetter()
    {
        var view = LinkView.Of(_g.Op("Einsum", [_g.Input(2, 4, 3), _g.Weight(1, 3, 2, 5)], ("equation", "btd,dhk->bthk")), _g);
        Assert.Equal(["einsum1[2]", "einsum1[3]"], view.Links.Contractions.Select(c => c.Output.ToString()));
        Assert.All(view.Links.Contractions, c => Assert.False(c.IsAffine));
        Assert.Equal(2 * 4 * 2 * 5 * 3, view.Links.Contractions.Sum(c => c.Macs));
    }

    [Fact]
    public void TwoComputedOperands_AreAProduct()
    {
        var view = LinkView.Of(_g.Op("Einsum", [_g.Input(1, 4, 2, 3), _g.Input(1, 5, 2, 3)], ("equation", "bthk,bshk->bhts")), _g);
        Assert.Equal("input1[3] Product", Assert.Single(view.Links.Reductions) is var r ? $"{r.Data} {r.Kind}" : "");
        Assert.Contains("input1[2]=input2[2]", view.Ties);
        Assert.Contains("input1[2]=einsum1[1]", view.Ties);
    }

    [Fact]
    public void OneOperand_IsASum() =>
        Assert.Equal("input1[0] Pooling", Assert.Single(LinkView.Of(_g.Op("Einsum", [_g.Input(3, 4)], ("equation", "ij->j")), _g).Links.Reductions) is var r ? $"{r.Data} {r.Kind}" : "");

    [Fact]
    public void Diagonal_IsPinned()
    {
        var view = LinkView.Of(_g.Op("Einsum", [_g.Input(3, 3)], ("equation", "ii->i")), _g);
        Assert.Equal(["input1[0] NotCovered", "input1[1] NotCovered"], view.Pins);
    }

    [Fact]
    public void LetterOfOneOperandOnly_ThatIsSummedOver_IsPinned() =>
        Assert.Equal(["input2[0] NotCovered"], LinkView.Of(_g.Op("Einsum", [_g.Input(3, 4), _g.Input(5, 4)], ("equation", "ij,kj->ij")), _g).Pins);
}
