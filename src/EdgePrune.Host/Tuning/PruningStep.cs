namespace EdgePrune.Host;

/// <summary>One step of pruning in several, without its model.</summary>
/// <param name="Rate">Rate of the original that it went to.</param>
/// <param name="Plan">What it removed, in the channels that the step before left.</param>
/// <param name="Proof">The proof of that.</param>
/// <param name="Recovery">What repair did, or null.</param>
/// <param name="Training">What training did.</param>
/// <param name="Kept">Channels of the original that each group still has.</param>
internal sealed record PruningStep(
    double Rate,
    PrunePlan Plan,
    RemovalProof Proof,
    RecoveryReport? Recovery,
    IReadOnlyList<TrainingReport> Training,
    IReadOnlyDictionary<string, List<int>> Kept)
{
    /// <summary>A step after which a plan's channels are gone.</summary>
    public static PruningStep After(IReadOnlyDictionary<string, List<int>> kept, double rate, PrunedModel result)
    {
        var left = new Dictionary<string, List<int>>(kept);
        foreach (var group in result.Plan.Groups.Where(g => left.ContainsKey(g.Group)))
        {
            var removed = group.Remove.ToHashSet();
            left[group.Group] = [.. left[group.Group].Where((_, i) => !removed.Contains(i))];
        }

        return new PruningStep(rate, result.Plan, result.Proof, result.Recovery, result.Training, left);
    }

    /// <summary>The repairs of all steps as one report, or null when nothing was repaired.</summary>
    public static RecoveryReport? Repairs(IEnumerable<PruningStep> steps)
    {
        var reports = steps.Select(s => s.Recovery).OfType<RecoveryReport>().ToList();
        return reports.Count == 0 ? null : reports[^1] with { Kept = reports.Exists(r => r.Kept), Consumers = reports.Sum(r => r.Consumers) };
    }
}
