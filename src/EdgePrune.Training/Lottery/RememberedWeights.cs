using EdgePrune.Onnx;

namespace EdgePrune.Training;

/// <summary>Remembers the weights of one step.</summary>
internal sealed class RememberedWeights : IStepAction
{
    private readonly TorchGraph _graph;
    private readonly int _step;

    /// <param name="graph">The graph that learns.</param>
    /// <param name="step">The step, 0 for the weights as they are now.</param>
    public RememberedWeights(TorchGraph graph, int step)
    {
        (_graph, _step) = (graph, step);
        Weights = graph.Export();
    }

    /// <summary>The weights after the step, or the first ones while it is not reached.</summary>
    public Model Weights { get; private set; }

    public void AfterStep(int step, int steps) => Weights = step == _step ? _graph.Export() : Weights;
}
