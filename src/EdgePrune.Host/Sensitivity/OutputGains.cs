using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// What a loss at a group's readers does to the model's output: one factor for each group, so that the scores of all groups are in
/// one unit, the error of the output. Each group alone loses half of its channels and is repaired, and the error that is measured is
/// set against the losses that its scores add up to.
/// </summary>
/// <remarks>
/// Example: the scores of the half that goes add up to 0.10 of the readers' variance, and the output moves by 0.02 of its energy:
/// the gain is 0.2. The scores give the course of the loss over the widths, the measurement its height.
/// </remarks>
internal sealed class OutputGains(ModelAnalysis analysis, PrunePlanner planner)
{
    // Below it, an error says nothing of the channels that matter, as where the half was dead: then more have to go.
    private const double LeastError = 1e-6;
    private const int MostSamples = 64;
    private const int FewestSamples = 16;
    private static readonly double[] Rates = [.. Enumerable.Range(1, 16).Select(halvings => 1 - Math.Pow(0.5, halvings))];

    /// <summary>What repair rests on, or null without repair.</summary>
    public required Lazy<RepairStatistics>? Statistics { get; init; }

    /// <summary>Samples for a model: all gains together take about two passes of the samples at most, so that deep models do not wait.</summary>
    public static int SamplesFor(int groups, int samples) => Math.Min(samples, Math.Clamp(2 * samples / Math.Max(1, groups), FewestSamples, MostSamples));

    /// <summary>The gain of each group, in the model's order; 1 throughout when the output says nothing.</summary>
    /// <param name="samples">Samples that the error is measured on.</param>
    /// <param name="cancellationToken">Stops between measurements.</param>
    public IReadOnlyList<double> Measure(ISampleSource samples, CancellationToken cancellationToken)
    {
        var reference = new OutputReference(analysis.Model, samples, cancellationToken);
        var lone = new LonePruning(analysis, planner, Statistics);
        (double Share, double Error)[] losses = [.. analysis.Groups.Select((group, index) => Loss(lone, reference, group, index, cancellationToken))];
        return losses.All(l => l.Error < LeastError)
            ? [.. losses.Select(_ => 1.0)]
            : [.. losses.Select(l => l.Share > 0 ? Math.Max(LeastError, l.Error) / l.Share : 1)];
    }

    // At half of the channels, or at the first narrower width where the output shows something.
    private static (double Share, double Error) Loss(LonePruning lone, OutputReference reference, PruningGroup group, int index, CancellationToken cancellationToken)
    {
        var (share, error) = (0.0, 0.0);
        foreach (var width in LonePruning.Widths(group, Rates).TakeWhile(_ => error < LeastError))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var plan = lone.Plan(index, width);

            // What no reader would miss has no gain.
            if (plan.Groups[index].ErrorShare is > 0 and var lost)
            {
                (share, error) = (lost, reference.Compare(lone.Carry(plan), cancellationToken).Error);
            }
        }

        return (share, error);
    }
}
