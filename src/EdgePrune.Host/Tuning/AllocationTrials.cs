using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>
/// Shares a rate out in a few ways, carries each out with its repair, and takes the one that comes nearest to the original's
/// output. What adds up losses of single groups cannot see what they do to each other; this measures it.
/// </summary>
internal sealed class AllocationTrials(CompressionPipeline pipeline)
{
    // An error near 1 means that nothing of the output is left, and no number of them makes up for it.
    private const double LeastLeft = 0.02;

    // What is nearer by less than this was nearer by chance: the first way, which rests on the output itself, then stays.
    private const double Clearly = 0.95;

    /// <summary>The best of the trials, with all of them in its plan.</summary>
    /// <exception cref="InputException">There are no samples to decide with.</exception>
    public PrunedModel Run(CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        List<(AllocationTrial Trial, PrunePlan Plan)> tried = [];
        (PrunedModel Model, double Error)? best = null;
        foreach (var (name, candidate) in Candidates(options, progress, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var plan = pipeline.Plan(candidate);
            if (tried.Exists(t => IsSame(t.Plan, plan)))
            {
                continue;
            }

            progress?.Report($"trying {name}");
            var pruned = pipeline.Carry(plan, candidate, null, cancellationToken);
            var error = pruned.Recovery is { Kept: true } recovery ? recovery.ErrorAfter : pipeline.HeldOutError(pruned.Model, options, cancellationToken);
            tried.Add((new AllocationTrial(name, plan.Reached ?? 0, error, false), plan));
            if (best is null || IsBetter(plan, error, best.Value.Model.Plan, best.Value.Error, options.Rate))
            {
                best = (pruned, error);
            }
        }

        return best!.Value.Model with { Plan = Decided(best.Value.Model.Plan, tried) };
    }

    private IEnumerable<(string Name, CompressionOptions Options)> Candidates(CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var curves = pipeline.Curves(options, progress, cancellationToken);
        var score = options with { Allocation = RateAllocation.Score };
        CompressionOptions Measured(Func<double, double> shape) => options with { Allocation = RateAllocation.Sensitivity, Sensitivity = curves.Reshaped(shape) };
        return
        [
            ("sensitivity", Measured(e => e)),
            ("sensitivity, error over what is left", Measured(e => e / Math.Max(LeastLeft, 1 - e))),
            ("sensitivity, squared error", Measured(e => e * e)),
            ("scores", score),
            ("the same rate everywhere", score with { Scope = PruningScope.PerLayer }),
        ];
    }

    // What was asked for comes first: limits can keep some ways from reaching it.
    private static bool IsBetter(PrunePlan plan, double error, PrunePlan other, double otherError, double rate)
    {
        var (reached, otherReached) = (Math.Min(plan.Reached ?? 0, rate), Math.Min(other.Reached ?? 0, rate));
        return Math.Abs(reached - otherReached) > 1e-9 ? reached > otherReached : error < Clearly * otherError;
    }

    private static PrunePlan Decided(PrunePlan taken, List<(AllocationTrial Trial, PrunePlan Plan)> tried) => taken with
    {
        Allocation = RateAllocation.Trial,
        Scope = PruningScope.Global,
        Trials = [.. tried.Select(t => t.Trial with { IsTaken = ReferenceEquals(t.Plan, taken) })],
    };

    private static bool IsSame(PrunePlan a, PrunePlan b) => a.Groups.Zip(b.Groups).All(p => p.First.Remove.SequenceEqual(p.Second.Remove));
}
