using EdgePrune.Onnx;
using EdgePrune.TestKit;
using TorchSharp;

namespace EdgePrune.Training.Tests;

/// <summary>Gradients of every operator, by inputs and weights, against central differences. Both are computed with 64 bits, so that they agree closely.</summary>
public sealed class GradientTests
{
    private const double Step = 1e-5;

    public static TheoryData<string> Names => [.. OperatorModels.Names];

    [TorchTheory]
    [MemberData(nameof(Names))]
    public void Forward_OfASmallGraph_HasTheGradientOfFiniteDifferences(string name)
    {
        using var scope = torch.NewDisposeScope();
        var model = OperatorModels.Get(name);
        var feeds = Feeds.Random(model, seed: 2);
        using var graph = new TorchGraph(model, torch.ScalarType.Float64);
        var leaves = graph.Parameters.ToDictionary(p => p.Key, p => (torch.Tensor)p.Value);
        foreach (var input in graph.Graph.FedInputs.Where(i => i.ElementType.IsFloat()))
        {
            var leaf = TorchTensors.From(feeds[input.Name], torch.ScalarType.Float64).requires_grad_();
            leaves.Add(input.Name, leaf);
            graph.Transform(input, _ => leaf);
        }

        var score = Score(graph, feeds);
        if (score.requires_grad)
        {
            score.backward();
        }

        Assert.All(leaves, leaf => AssertSlopes(graph, feeds, leaf.Value));
    }

    private static void AssertSlopes(TorchGraph graph, IReadOnlyDictionary<string, Tensor> feeds, torch.Tensor leaf)
    {
        using var frozen = torch.no_grad();
        var slopes = leaf.grad?.reshape(-1).data<double>().ToArray() ?? new double[leaf.numel()];
        var flat = leaf.view(-1);
        foreach (var index in new[] { 0, slopes.Length / 3, slopes.Length / 2, slopes.Length - 1 }.Distinct())
        {
            flat[index].add_(Step);
            var above = Score(graph, feeds).item<double>();
            flat[index].sub_(2 * Step);
            var below = Score(graph, feeds).item<double>();
            flat[index].add_(Step);
            var expected = (above - below) / (2 * Step);
            Assert.Equal(expected, slopes[index], 1e-6 * (1 + Math.Abs(expected)));
        }
    }

    // A weighting of the outputs that no symmetry cancels.
    private static torch.Tensor Score(TorchGraph graph, IReadOnlyDictionary<string, Tensor> feeds)
    {
        var sum = torch.zeros([], torch.ScalarType.Float64);
        foreach (var output in graph.Forward(feeds).Where(o => o.is_floating_point()))
        {
            var weights = torch.arange(1, output.numel() + 1, torch.ScalarType.Float64).sin() + 0.3;
            sum += (output * weights.reshape(output.shape)).sum();
        }

        return sum;
    }
}
