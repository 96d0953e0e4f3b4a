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

    // Adam moves a weight by about the learning rate: a tenth of that, and what the samples need wins even in a short run.
    private const double Strongest = 0.1;

    private readonly List<(JointWeights Weights, torch.Tensor Roots, double Median)> _groups;
    private readonly double? _strength;
    private readonly TrainingOptions _options;
    private double? _sumOfRates;

    /// <param name="graph">The program of the analysed model.</param>
    /// <param name="analysis">The model, analysed for training.</param>
    /// <param name="strength">Weight of the penalty; null makes it, group by group, just so strong that a channel of median weight which no sample holds on to is gone at the end.</param>
    /// <param name="options">The run's learning rates.</param>
    public GroupShrink(TorchGraph graph, ModelAnalysis analysis, double? strength, TrainingOptions options)
    {
        (_strength, _options) = (strength, options);
        _groups = [.. analysis.Groups.Select(g => Measured(new JointWeights(graph, g)))];
    }

    public void AfterStep(int step, int steps)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        var rates = new LearningRates(_options, steps, steps / _options.Epochs);
        var rate = rates.At(step - 1);
        _sumOfRates ??= Enumerable.Range(0, steps).Sum(rates.At);
        foreach (var (weights, roots, median) in _groups)
        {
            var strength = _strength ?? Math.Min(median / _sumOfRates.Value, Strongest);
            weights.Scale((roots / weights.Norms().AtLeast(Smallest)).Times(-rate * strength).Plus(1.0).AtLeast(0));
        }
    }

    public void Dispose()
    {
        foreach (var (weights, roots, _) in _groups)
        {
            weights.Dispose();
            roots.Dispose();
        }
    }

    // The weights that training starts from, whatever a checkpoint brings: the same strength before and after an interruption.
    private static (JointWeights Weights, torch.Tensor Roots, double Median) Measured(JointWeights weights)
    {
        using var scope = torch.NewDisposeScope();
        using var frozen = torch.no_grad();
        var roots = torch.tensor(weights.Sizes.Select(MathF.Sqrt).ToArray());
        var means = TorchTensors.ToFloats(weights.Norms() / roots.AtLeast(Smallest));
        return (weights, roots.DetachFromDisposeScope(), means.Order().ElementAt((means.Length - 1) / 2));
    }
}
