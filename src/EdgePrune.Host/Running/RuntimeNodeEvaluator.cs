using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Computes constants with ONNX Runtime: exact for every operator it knows.</summary>
internal sealed class RuntimeNodeEvaluator : INodeEvaluator
{
    private static readonly Dictionary<string, Tensor> NoFeeds = [];

    public IReadOnlyList<Tensor> Evaluate(Model model)
    {
        using var runner = new GraphRunner(model, new RunnerOptions { Optimize = false, Threads = 1 });
        return runner.Run(NoFeeds);
    }
}
