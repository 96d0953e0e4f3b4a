using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.TestKit;

namespace EdgePrune.Bench.Tests;

public sealed class RivalQuantizerTests
{
    [Fact]
    public void Quantize_EveryRecipe_RunsInIntegersAndStaysNear()
    {
        var g = new GraphBuilder(3);
        var x = g.Relu(g.Conv(g.BatchInput(3, 8, 8), 8));
        x = g.Relu(g.Add(g.Conv(g.Relu(g.Conv(x, 8)), 8), x));
        g.Output(g.Gemm(g.Flatten(g.GlobalAveragePool(x)), 5));
        var model = g.Build();
        var samples = new RandomImages([3, 8, 8], 20);
        var prepared = new PreparedModel(model, samples);
        var feeds = new SampleFeeder(model, samples).Batches().First().Feeds;
        var expected = Run(model, feeds);

        foreach (var recipe in RivalRecipe.All)
        {
            var quantized = RivalQuantizer.Quantize(prepared, recipe);
            var actual = Run(quantized, feeds);

            var error = expected.Zip(actual).Sum(p => Math.Pow(p.First - p.Second, 2)) / expected.Sum(e => e * e);
            Assert.True(error < 0.02, $"{recipe.Name}: {error}");
            Assert.DoesNotContain(quantized.Graph.Nodes, n => n.OperatorType == "Relu" && n.Input(0)!.Producer!.OperatorType == "Conv");
            Assert.Equal(0, FusionCheck.Run(quantized, [], signed: true).FloatNodes);
        }
    }

    [Fact]
    public void Quantize_RectifierAtTheEnd_IsNotLost()
    {
        var g = new GraphBuilder(3);
        g.Output(g.Relu(g.Gemm(g.Flatten(g.Relu(g.Conv(g.BatchInput(3, 4, 4), 8))), 40)));
        var samples = new RandomImages([3, 4, 4], 20);
        var prepared = new PreparedModel(g.Build(), samples);
        var feeds = new SampleFeeder(prepared.Model, samples).Batches().First().Feeds;

        Assert.All(RivalRecipe.All, r => Assert.All(Run(RivalQuantizer.Quantize(prepared, r), feeds), y => Assert.True(y >= 0)));
    }

    [Fact]
    public void Layer_OfMeans_IsTheLayerOnConstantChannels()
    {
        var g = new GraphBuilder(1);
        var x = g.Input(1, 2, 3, 3);
        var weight = Tensor.Of([1, 2, 1, 1], [2f, 3f]);
        g.Output(g.Conv(x, g.Constant(weight), g.Constant(Tensor.Of([1], [1f]))));
        var record = new ValueRecord { Shape = [1, 2, 3, 3] };
        record.Range([.. Enumerable.Repeat(1f, 9), .. Enumerable.Repeat(10f, 9)]);

        var means = LayerMeans.Of(g.Build().Graph.Nodes[0], record, weight, [1f]);

        Assert.Equal([33], means, (e, a) => Math.Abs(e - a) < 1e-5);
    }

    private static float[] Run(Model model, IReadOnlyDictionary<string, Tensor> feeds)
    {
        using var runner = new GraphRunner(model);
        return runner.Run(feeds)[0].ToFloats();
    }
}
