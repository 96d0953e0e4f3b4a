using EdgePrune.TestKit;

namespace EdgePrune.Onnx.Tests;

public sealed class RemovalTests
{
    public static TheoryData<string> Names => [.. TestModels.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Removal_OfAnyClassOfAFixture_EqualsMasking(string name) => AssertRemovals(() => Prepared(TestModels.Make(name)), name, atMost: 25);

    [Fact]
    public void Removal_OfAnyClassOfRandomGraphs_EqualsMasking() =>
        Assert.All(RandomGraphs.Fixed(250), g => AssertRemovals(() => g.Model, g.Description, atMost: 6));

    [Fact]
    public void Removal_OfTwoClassesAfterEachOther_EqualsMasking() =>
        Assert.All(RandomGraphs.Fixed(60), g =>
        {
            if (new MaskedRemoval(g.Model) is var first && first.Removable() is { Count: > 0 } classes)
            {
                AssertRemovals(() => first.Remove(classes[^1]), g.Description, atMost: 3);
            }
        });

    [Theory]
    [InlineData(nameof(TestModels.ResidualBlocks))]
    [InlineData(nameof(TestModels.ConcatInception))]
    [InlineData(nameof(TestModels.GroupedConv))]
    [InlineData(nameof(TestModels.DepthwiseSeparable))]
    [InlineData(nameof(TestModels.ChannelShuffle))]
    [InlineData(nameof(TestModels.SplitHalves))]
    [InlineData(nameof(TestModels.OptionAShortcut))]
    [InlineData(nameof(TestModels.Decoder))]
    [InlineData(nameof(TestModels.Mlp))]
    [InlineData(nameof(TestModels.SharedWeights))]
    [InlineData(nameof(TestModels.SubgraphIf))]
    [InlineData(nameof(TestModels.UnknownOperator))]
    [InlineData(nameof(TestModels.ConstantNodeWeights))]
    [InlineData(nameof(TestModels.ComputedShapes))]
    public void Fixture_HasChannelsToRemove(string name)
    {
        var model = Prepared(TestModels.Make(name));
        if (name == nameof(TestModels.ComputedShapes))
        {
            // Its only channels meet a shape that is computed from the free batch.
            Assert.Empty(new MaskedRemoval(model).Removable());
            return;
        }

        Assert.NotEmpty(new MaskedRemoval(model).Removable());
    }

    private static Model Prepared(Model model)
    {
        PassSequence.Run(model, new ConstantNodesToInitializers());
        return model;
    }

    private static void AssertRemovals(Func<Model> make, string description, int atMost)
    {
        var model = make();
        var removal = new MaskedRemoval(model);
        var classes = removal.Removable();
        var feeds = Feeds.Random(model, 1);
        var step = Math.Max(1, classes.Count / atMost);
        for (var i = 0; i < classes.Count; i += step)
        {
            var pruned = removal.Remove(classes[i]);
            Assert.Empty(GraphInvariants.Faults(pruned.Graph));
            var error = Compare.MaxRelativeError(Runtime.Run(removal.Mask(classes[i]), feeds), Runtime.Run(pruned, feeds));
            Assert.True(error < 2e-5, $"Error {error:g3} without {string.Join(", ", classes[i].Select(c => $"{c.Value}[{c.Axis}][{c.Index}]"))}; {description}");
        }
    }
}
