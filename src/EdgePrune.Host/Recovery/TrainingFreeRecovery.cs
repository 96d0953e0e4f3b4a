using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Repairs a pruned model from unlabelled samples, and keeps the repair only if it is better on samples it has not seen.
/// </summary>
internal static class TrainingFreeRecovery
{
    private const int MaxHeldOut = 128;

    public static (Model Model, RecoveryReport Report) Recover(ModelAnalysis analysis, RemovedChannels removed, Model pruned, RepairStatistics statistics)
    {
        var folded = pruned.Clone();
        var consumers = CovarianceRepair.Apply(analysis, removed, folded, statistics.Channels);
        var polished = folded.Clone();
        var layers = SequentialRepair.Apply(analysis, removed, pruned, polished, PolishSamples.Of(analysis, statistics));
        var before = OutputError.Measure(analysis.Model, pruned, statistics.HeldOut);
        var (best, after) = new[] { folded, polished }
            .Select(m => (Model: m, Error: OutputError.Measure(analysis.Model, m, statistics.HeldOut)))
            .MinBy(m => m.Error);
        var better = after <= before;
        return (better ? best : pruned, new RecoveryReport(better, before, after, statistics.Fitted.Count, statistics.HeldOut.Count, consumers)
        {
            Layers = best == polished ? layers : [],
        });
    }

    /// <summary>Splits samples into those to fit on and those to decide on, and gathers statistics once for all rates.</summary>
    public static RepairStatistics Gather(ModelAnalysis analysis, ISampleSource samples, CancellationToken cancellationToken)
    {
        var heldOut = Math.Min(MaxHeldOut, samples.Count / 8);
        var fitted = SampleSubset.Range(samples, 0, samples.Count - heldOut);
        var decide = heldOut == 0 ? fitted : SampleSubset.Range(samples, samples.Count - heldOut, heldOut);
        return new RepairStatistics(StatisticsPass.Gather(analysis, fitted, cancellationToken), fitted, decide);
    }
}

/// <summary>What repair knows of a model's activations; gathered once, used at every rate.</summary>
/// <param name="Channels">Statistics at consumers' inputs.</param>
/// <param name="Fitted">Samples they rest on.</param>
/// <param name="HeldOut">Samples that decide whether a repair is kept.</param>
internal sealed record RepairStatistics(IReadOnlyDictionary<AxisRef, ChannelStatistics> Channels, ISampleSource Fitted, ISampleSource HeldOut);
