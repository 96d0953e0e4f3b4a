using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using EdgePrune.Onnx;
using EdgePrune.TestKit;
using TorchSharp;

namespace EdgePrune.Training.Tests;

/// <summary>Whole models as differentiable programs.</summary>
public sealed class TorchGraphTests
{
    [TorchFact]
    public void Run_OfTheMnistModel_EqualsOnnxRuntime()
    {
        var model = OnnxFile.Read(RepositoryFiles.Find("samples/mnist/mnist-cnn.onnx"));
        var feeds = Feeds.Random(model, seed: 4, freeDimension: 5);
        using var graph = new TorchGraph(model);

        Assert.InRange(Compare.MaxRelativeError(Runtime.Run(model, feeds), graph.Run(feeds)), 0, 1e-4);
        Assert.Equal(model.ParameterCount, graph.Parameters.Values.Sum(p => p.numel()));
    }

    [TorchFact]
    public void Parameters_AreTheWeights_NotStatisticsBoundsOrSingleNumbers()
    {
        GraphBuilder g = new();
        var x = g.BatchNorm(g.Conv(g.Input(1, 2, 4, 4), 3));
        x = g.Op("Clip", [g.Mul(x, g.Scalar(0.5f)), g.Scalar(-1), g.Scalar(1)]);
        g.Output(g.Add(x, g.Constant(g.RandomTensor(-1, 1, 1, 3, 1, 1), "bias")));
        using var graph = new TorchGraph(g.Build());

        Assert.Equal(["weight1", "weight2", "gamma1", "weight3", "bias1"], graph.Parameters.Keys);
    }

    [TorchFact]
    public void Parameters_LieAlignedInMemory_SoThatEqualRunsGiveEqualBits()
    {
        GraphBuilder g = new();
        var x = g.BatchInput(6);
        for (var i = 0; i < 40; i++)
        {
            x = g.Gemm(x, 6);
        }

        g.Output(x);
        using var graph = new TorchGraph(g.Build());

        Assert.All(graph.Parameters.Values, p => Assert.Equal(0, Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref MemoryMarshal.GetReference(p.bytes)) % 64));
    }

    [TorchFact]
    public void Export_WithoutTraining_GivesTheModelBack()
    {
        var model = TestModels.ResidualBlocks();
        using var graph = new TorchGraph(model);

        Assert.Equal(OnnxFile.ToBytes(model), OnnxFile.ToBytes(graph.Export()));
    }

    [TorchFact]
    public void Export_OfAHalfPrecisionWeight_KeepsItsType()
    {
        GraphBuilder g = new();
        var input = g.Input(ElementType.Float16, 2L, 4L);
        g.Output(g.MatMul(input, g.Constant(new Tensor(ElementType.Float16, [4, 3], new byte[24]).WithFloats([.. Enumerable.Range(0, 12).Select(i => i * 0.1f)]))));
        var model = g.Build();
        using var graph = new TorchGraph(model);
        using (torch.no_grad())
        {
            graph.Parameters["constant1"].mul_(2);
        }

        var learnt = graph.Export().Graph.Values["constant1"].Constant!;

        Assert.Equal(ElementType.Float16, learnt.ElementType);
        Assert.Equal(model.Graph.Values["constant1"].Constant!.ToFloats().Select(w => 2 * w), learnt.ToFloats());
    }

    [TorchFact]
    public void Forward_GradientsOfEveryWeight_EqualFiniteDifferencesInOnnxRuntime()
    {
        GraphBuilder g = new();
        var x = g.Op("Tanh", [g.BatchNorm(g.Conv(g.Input(2, 2, 6, 6), 4, groups: 2, stride: 2))]);
        x = g.Concat(1, x, g.Sigmoid(g.Depthwise(x)));
        x = g.Op("Tanh", [g.Gemm(g.Flatten(g.AveragePool(x)), 5)]);
        g.Output(g.Softmax(g.Add(g.MatMul(x, 3), g.Weight(0.5f, 3)), -1));
        var model = g.Build();
        var feeds = Feeds.Random(model, seed: 6);
        using var graph = new TorchGraph(model);
        using var scope = torch.NewDisposeScope();
        Score(graph.Forward(feeds)[0]).backward();

        Assert.All(graph.Parameters, p =>
        {
            var slope = TorchTensors.ToFloats(p.Value.grad!);
            foreach (var index in new[] { 0, slope.Length / 2, slope.Length - 1 })
            {
                var expected = (Score(model, feeds, p.Key, index, 0.01f) - Score(model, feeds, p.Key, index, -0.01f)) / 0.02;
                Assert.Equal(expected, slope[index], 2e-4 + (0.01 * Math.Abs(expected)));
            }
        });
    }

    [TorchFact]
    public void Forward_AnInputThatIsNotFed_IsNamed()
    {
        using var graph = new TorchGraph(TestModels.Mlp());

        var error = Assert.Throws<InputException>(() => graph.Run(new Dictionary<string, Tensor>()));

        Assert.Equal(ErrorCode.SampleShapeMismatch, error.Code);
        Assert.Contains("'input1'", error.Message, StringComparison.Ordinal);
    }

    [TorchFact]
    public void Forward_AShapeThatDoesNotFit_NamesTheNode()
    {
        using var graph = new TorchGraph(TestModels.Mlp());

        var error = Assert.Throws<ModelException>(() => graph.Run(new Dictionary<string, Tensor> { ["input1"] = Tensor.Of([2, 9], new float[18]) }));

        Assert.Equal(ErrorCode.ShapeMismatch, error.Code);
        Assert.Contains("(MatMul)", error.Message, StringComparison.Ordinal);
    }

    [TorchFact]
    public void Forward_MoreThanMemoryHolds_SaysSo()
    {
        // A sum of a row and a column: 2^48 bytes, more than any process can address, whatever the system promises.
        GraphBuilder g = new();
        Dim free = new(null, "n");
        g.Output(g.Add(g.Input(ElementType.Float32, [free, 1L]), g.Input(ElementType.Float32, [1L, free])));
        using var graph = new TorchGraph(g.Build());
        var feeds = new Dictionary<string, Tensor> { ["input1"] = Tensor.Of([1 << 23, 1], new float[1 << 23]), ["input2"] = Tensor.Of([1, 1 << 23], new float[1 << 23]) };

        var error = Assert.Throws<InputException>(() => graph.Run(feeds));

        Assert.Equal(ErrorCode.TrainingUnavailable, error.Code);
        Assert.Contains("Lower the batch size", error.Message, StringComparison.Ordinal);
    }

    // A fixed weighting of the outputs, so that no gradient cancels.
    private static torch.Tensor Score(torch.Tensor output) => (output * torch.arange(1, output.numel() + 1).reshape(output.shape)).sum();

    private static double Score(Model model, IReadOnlyDictionary<string, Tensor> feeds, string weight, int index, float change)
    {
        var copy = model.Clone();
        var value = copy.Graph.Values[weight];
        var numbers = value.Constant!.ToFloats();
        numbers[index] += change;
        new GraphEditor(copy.Graph).SetInitializer(value, value.Constant.WithFloats(numbers));
        return Runtime.Run(copy, feeds)[0].ToFloats().Select((v, i) => (double)v * (i + 1)).Sum();
    }
}
