using System.Diagnostics;
using System.Globalization;
using EdgePrune.Onnx;
using EdgePrune.Training;
using TorchSharp;
using static TorchSharp.torch;
using OnnxTensor = EdgePrune.Onnx.Tensor;

namespace EdgePrune.Bench;

/// <summary>One training step of a graph that is executed, against the same network written as a TorchSharp module.</summary>
internal sealed class TrainingStepBenchmark(TextWriter output)
{
    private const int Batch = 64;
    private const int WarmUp = 3;

    public void Run(int rounds)
    {
        LibTorch.Prepare(threads: 1);
        output.WriteLine($"Batches of {Batch}, one thread, {rounds} rounds in turn. {MachineFacts.Describe()}");
        output.WriteLine();
        output.WriteLine("| network | executed, min (median) ms | module, min (median) ms | ratio of minima | median of ratios | of it forward |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (var network in StepNetworks.All)
        {
            Measure(network, rounds);
        }
    }

    private void Measure(StepNetwork network, int rounds)
    {
        using var module = network.Module();
        var model = network.Graph();
        using var graph = new TorchGraph(model) { HasLiveStatistics = true };
        using var moduleOptimizer = optim.AdamW(module.parameters());
        using var graphOptimizer = optim.AdamW(graph.Parameters.Values);
        var values = new Random(1).GetItems([-1f, -0.5f, 0, 0.5f, 1], (int)OnnxTensor.Elements(network.Input) * Batch);
        var feed = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal) { [model.Graph.FedInputs.Single().Name] = OnnxTensor.Of([Batch, .. network.Input], values) };
        using var labels = arange(Batch).remainder(10);
        labels.DetachFromDisposeScope();

        List<(StepTime Executed, StepTime Module)> times = [];
        for (var round = -WarmUp; round < rounds; round++)
        {
            StepTime Executed() => Step(() => graph.Forward(feed)[0], graphOptimizer, labels);
            StepTime Native() => Step(() => module.forward(tensor(values, [Batch, .. network.Input])), moduleOptimizer, labels);

            // Each goes first as often as the other.
            var first = round % 2 == 0 ? Executed() : Native();
            var second = round % 2 == 0 ? Native() : Executed();
            if (round >= 0)
            {
                times.Add(round % 2 == 0 ? (first, second) : (second, first));
            }
        }

        Print(network.Name, times);
    }

    private static StepTime Step(Func<torch.Tensor> forward, optim.Optimizer optimizer, torch.Tensor labels)
    {
        using var scope = NewDisposeScope();
        var watch = Stopwatch.StartNew();
        optimizer.zero_grad();
        var scores = forward();
        var forwardTime = watch.Elapsed.TotalMilliseconds;
        nn.functional.cross_entropy(scores, labels).backward();
        optimizer.step();
        return new StepTime(watch.Elapsed.TotalMilliseconds, forwardTime);
    }

    private void Print(string name, List<(StepTime Executed, StepTime Module)> times)
    {
        var (executed, module) = (times.ConvertAll(t => t.Executed.Whole), times.ConvertAll(t => t.Module.Whole));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {executed.Min():f2} ({Median(executed):f2}) | {module.Min():f2} ({Median(module):f2}) | {executed.Min() / module.Min():f3} | {Median(times.ConvertAll(t => t.Executed.Whole / t.Module.Whole)):f3} | {Median(times.ConvertAll(t => t.Executed.Forward / t.Module.Forward)):f3} |"));
    }

    private static double Median(List<double> numbers) => numbers.Order().ElementAt(numbers.Count / 2);

    private sealed record StepTime(double Whole, double Forward);
}
