using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

/// <summary>Links of recurrent layers.</summary>
public sealed class RecurrentLinkTests
{
    private readonly GraphBuilder _g = new();

    [Theory]
    [InlineData("LSTM", 4)]
    [InlineData("GRU", 3)]
    [InlineData("RNN", 1)]
    public void Units_OfEveryGate_GoTogether(string type, int gates)
    {
        var view = View(type, gates, directions: 1);
        Assert.Equal(Enumerable.Range(0, gates).Select(g => (1, (g * 5) + 1)), UnitsOf(view, "weight1", 1));
        Assert.Equal(Enumerable.Range(0, gates).Select(g => (1, (g * 5) + 1)), UnitsOf(view, "weight2", 1));
        Assert.Equal(Enumerable.Range(0, 2 * gates).Select(g => (1, (g * 5) + 1)), UnitsOf(view, "weight3", 1));
        Assert.Equal([(1, 1)], UnitsOf(view, type.ToLowerInvariant() + "1", 3));
        Assert.Equal([(1, 1)], UnitsOf(view, type.ToLowerInvariant() + "1_1", 2));
    }

    [Fact]
    public void Sums_AreOverTheInputAndTheState()
    {
        var contractions = View("LSTM", 4, directions: 2).Links.Contractions;
        Assert.Equal(["input1[2] weight1[2] weight1[1]", "lstm1[3] weight2[2] weight2[1]"], contractions.Select(c => $"{c.Data} {c.Weight} {c.Output}"));
        Assert.Equal([false, true], contractions.Select(c => c.IsRecurrent));
        Assert.All(contractions, c => Assert.False(c.IsAffine));
        Assert.Equal([4 * 2 * 2 * 20 * 3, 4 * 2 * 2 * 20 * 5], contractions.Select(c => c.Macs));
    }

    [Fact]
    public void StepsAndDirections_Stay()
    {
        var pins = View("GRU", 3, directions: 2).Pins;
        Assert.Contains("input1[0] MixesAxis", pins);
        Assert.Contains("gru1[1] NotCovered", pins);
        Assert.Contains("weight2[0] NotCovered", pins);
    }

    [Fact]
    public void Layout_BatchFirst_MovesTheAxes()
    {
        // ONNX Runtime has no such kernel: shapes and links alone are looked at.
        var x = _g.Input(2, 4, 3);
        var states = _g.Ops("RNN", 2, [x, _g.Weight(1, 1, 5, 3), _g.Weight(1, 1, 5, 5)], ("hidden_size", 5), ("layout", 1));
        Assert.Equal([2, 4, 1, 5], _g.Shape(states[0]));
        Assert.Equal([2, 1, 5], _g.Shape(states[1]));
        var links = new AxisLinks();
        OperatorRegistry.Find(states[0].Producer!)!.Link(states[0].Producer!, ShapeInference.Infer(_g.Build().Graph), links);
        Assert.Contains(links.Ties, t => t.A == new AxisRef(x, 0) && t.B == new AxisRef(states[0], 0));
        Assert.Contains(links.Pins, p => p.Axis == new AxisRef(x, 1));
    }

    [Fact]
    public void ComputedWeights_AreNotCovered()
    {
        var weight = _g.Input(1, 5, 3);
        var view = LinkView.Of(_g.Op("RNN", [_g.Input(4, 2, 3), weight, _g.Weight(1, 1, 5, 5)], ("hidden_size", 5)), _g);
        Assert.Empty(view.Links.Contractions);
        Assert.Contains("rnn1[3] NotCovered", view.Pins);
    }

    private LinkView View(string type, int gates, int directions)
    {
        Value[] inputs = [_g.Input(4, 2, 3), _g.Weight(1, directions, gates * 5, 3), _g.Weight(1, directions, gates * 5, 5), _g.Weight(1, directions, 2 * gates * 5)];
        var states = _g.Ops(type, 2, inputs, ("hidden_size", 5), ("direction", directions == 2 ? "bidirectional" : "forward"));
        _g.Output(states[1]);
        return LinkView.Of(states[0], _g);
    }

    private static IEnumerable<(int, int)> UnitsOf(LinkView view, string value, int axis) =>
        view.Links.Ties.Where(t => t.A.ToString() == "weight2[2]" && t.B.ToString() == $"{value}[{axis}]").SelectMany(t => t.Map.Pairs(5, 0)).Where(p => p.A == 1);
}
