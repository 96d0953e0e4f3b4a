using EdgePrune.Host;
using EdgePrune.Onnx;
using EdgePrune.TestKit;
using TorchSharp;

namespace EdgePrune.Training.Tests;

/// <summary>Training under the rounding of a quantized model.</summary>
public sealed class FakeQuantizationTests
{
    [TorchTheory]
    [InlineData(nameof(TestModels.MnistCnnLike), 10)]
    [InlineData(nameof(TestModels.ResidualBlocks), 10)]
    [InlineData(nameof(TestModels.DenseNetLike), 10)]
    [InlineData(nameof(TestModels.Mlp), 10)]
    public void Apply_RoundsAsTheQuantizedModelDoesInOnnxRuntime(string name, int count)
    {
        var model = TestModels.Make(name);
        var samples = new MemorySamples(64, 3, [.. model.Graph.FedInputs.Single().DeclaredShape!.Skip(1).Select(d => d.Size!.Value)]);
        var options = QuantizationOptions.Plain;
        var placement = StaticQuantizer.Place(model, samples, options, TestContext.Current.CancellationToken);
        var quantized = StaticQuantizer.Quantize(model, samples, options, TestContext.Current.CancellationToken);
        using var graph = new TorchGraph(placement.Prepared);
        FakeQuantization.Apply(graph, placement);

        var feeds = new SampleFeeder(model, SampleSubset.Range(samples, 0, count), count).Batches().First().Feeds;
        var expected = Runtime.Run(quantized.Model, feeds)[0].ToFloats();
        var actual = graph.Run(feeds)[0].ToFloats();

        var quantum = placement.Values.TryGetValue(placement.Prepared.Graph.Outputs[0].Name, out var parameters) ? parameters.Scale : expected.Max(MathF.Abs) / 255;
        Assert.NotEmpty(placement.Weights);
        Assert.InRange(expected.Zip(actual).Count(p => Math.Abs(p.First - p.Second) <= 1.01f * quantum) / (double)expected.Length, 0.99, 1);
    }

    [TorchFact]
    public void Activation_RoundsToTheNearestStep_AndItsGradientStopsOutsideTheRange()
    {
        // Steps of 0.5 from -128 to 127 around a zero point of 0: the range is -64 to 63.5.
        using var scope = torch.NewDisposeScope();
        var x = torch.tensor(new[] { 0.3f, 0.2f, -0.6f, 100, -100, 0.25f }).requires_grad_();

        var y = FakeQuantization.Activation(x, new AffineParameters(0.5f, 0));
        y.sum().backward();

        Assert.Equal([0.5f, 0, -0.5f, 63.5f, -64, 0], TorchTensors.ToFloats(y)); // A half goes to the even step.
        Assert.Equal([1f, 1, 1, 0, 0, 1], TorchTensors.ToFloats(x.grad!));
    }

    [TorchFact]
    public void Run_WithAQuantization_MakesABadlyQuantizableModelBetterInInt8()
    {
        var samples = new MemorySamples(400, 5, 10);
        var training = new TrainingOptions { Epochs = 15, LearningRate = 5e-3, BatchSize = 32, Seed = 7, Threads = 1 };
        var model = WithOutlier(Tune(Net(), samples, new FineTuneRecipe { Training = training }), 400);
        var options = QuantizationOptions.Plain;

        var aware = Tune(model, samples, new FineTuneRecipe { Training = training, Quantization = options });
        var (floats, before, after) = (Accuracy(model, samples), Int8Accuracy(model, samples, options), Int8Accuracy(aware, samples, options));

        Assert.DoesNotContain(aware.Graph.Nodes, n => n.OperatorType is "QuantizeLinear" or "DequantizeLinear");
        Assert.True(before < floats - 5 && after > before + 5, $"float {floats}, int8 after training {before}, int8 after aware training {after}");
    }

    [TorchFact]
    public void Run_WithAQuantization_TwiceWithTheSameSeed_GivesTheSameBytes()
    {
        var recipe = new FineTuneRecipe { Training = new TrainingOptions { BatchSize = 32, Seed = 7, Threads = 1 }, Quantization = QuantizationOptions.Plain };
        var samples = new MemorySamples(64, 5, 10);

        Assert.Equal(OnnxFile.ToBytes(Tune(Net(), samples, recipe)), OnnxFile.ToBytes(Tune(Net(), samples, recipe)));
    }

    private static Model Net()
    {
        GraphBuilder g = new(4);
        g.Output(g.Gemm(g.Relu(g.Gemm(g.BatchInput(10), 24)), 5));
        return g.Build();
    }

    // One hidden unit counts so many times as much and is read with as much less: the same function, with a range that leaves few steps to the others.
    private static Model WithOutlier(Model model, float factor)
    {
        var analysis = ModelAnalysis.Of(model);
        var copy = analysis.Model.Clone();
        var editor = new GraphEditor(copy.Graph);
        var group = analysis.Groups[0];
        var strongest = Enumerable.Range(0, group.Channels.Count).MaxBy(c => GroupWeights.All(group)[0].Sums(2)[c]);
        var made = group.Producers.Select(p => p.Weight.Value).ToHashSet();
        foreach (var weights in GroupWeights.WithVectors(group))
        {
            var places = weights.Places(strongest).ToHashSet();
            var value = copy.Graph.Values[weights.Weight.Name];
            var scale = made.Contains(weights.Weight) || value.Constant!.Rank == 1 ? factor : 1 / factor;
            editor.SetInitializer(value, value.Constant!.Map((i, w) => places.Contains(i) ? w * scale : w));
        }

        return copy;
    }

    private static Model Tune(Model model, MemorySamples samples, FineTuneRecipe recipe) =>
        new FineTuner().Run(model, samples, new TrainingAids(), recipe, null, TestContext.Current.CancellationToken).Model;

    private static double Int8Accuracy(Model model, MemorySamples samples, QuantizationOptions options) =>
        Accuracy(StaticQuantizer.Quantize(model, samples, options, TestContext.Current.CancellationToken).Model, samples);

    private static double Accuracy(Model model, MemorySamples samples)
    {
        var feeds = new SampleFeeder(model, samples, samples.Count).Batches().First().Feeds;
        return Runtime.Run(model, feeds)[0].ToFloats().Chunk(5).Zip(samples.Labels!).Count(p => p.First.AsSpan().IndexOf(p.First.Max()) == p.Second) * 100.0 / samples.Count;
    }
}
