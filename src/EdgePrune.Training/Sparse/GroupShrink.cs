using EdgePrune.Host;
using TorchSharp;

namespace EdgePrune.Training;

/// <summary>
/// Group lasso over dependency groups, as a proximal step: after each step of the optimizer, the joint norm of every channel becomes
/// smaller by learning rate * strength * sqrt(size), and exactly 0 when it was not larger than that.
/// </summary>
/// <remarks>
/// The penalty is the sum over channels of sqrt(size) times their norm (Yuan and Lin, 2006; whole dependency groups: Fang et al., DepGraph, 2023). As a term of
/// the loss its gradient has length sqrt(size) however small the norm is: channels would swing around 0 and never reach it, and an adaptive
/// optimizer would scale the term by the gradients' own size. The proximal step does neither (Parikh and Boyd, Proximal Algorithms, 2014).
/// A channel of norm 0 stays dead, because nothing on either side of it has a gradient.
/// </remarks>
internal sealed class GroupShrink : IStepAction, IDisposable
{
    private const double Smallest = 1e-30;

    private readonly List<(JointWeights Weights, torch.Tensor Roots)> _groups;
    private readonly double _strength;
    private readonly TrainingOptions _options;

    /// <param name="graph">The program of the analysed model.</param>
    /// <param name="analysis">The model, analysed for training.</param>
    /// <param name="strength">Weight of the penalty.</param>
    /// <param name="options">The run's learning rates.</param>
    public GroupShrink(TorchGraph graph, ModelAnalysis analysis, double strength, TrainingOptions options)
    {
        (_strength, _options) = (strength, options);
        _groups = [.. analysis.Groups.Select(g => new JointWeights(graph, g)).Select(w => (w, torch.tensor(w.Sizes.Select(MathF.Sqrt).ToArray()).DetachFromDisposeScope()))];
    }

    public void AfterStep(int step, int steps)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        var rate = new LearningRates(_options, steps, steps / _options.Epochs).At(step - 1);
        foreach (var (weights, roots) in _groups)
        {
            weights.Scale((roots / weights.Norms().AtLeast(Smallest)).Times(-rate * _strength).Plus(1.0).AtLeast(0));
        }
    }

    public void Dispose()
    {
        foreach (var (weights, roots) in _groups)
        {
            weights.Dispose();
            roots.Dispose();
        }
    }
}
