using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Prunes a little, repairs, scores what is left anew, and so on. Rates and limits of every step are of the original, so
/// five steps to 0.5 end at the widths of one step to 0.5. Each step is fitted to what the step before left, so that errors
/// add up; at the end the same widths are also repaired at once from the original, and the better of the two stays.
/// </summary>
internal sealed class StepwisePruning
{
    private readonly CompressionPipeline _original;
    private readonly Dictionary<string, List<int>> _kept;
    private readonly List<PrunePlan> _steps = [];
    private CompressionPipeline _now;
    private Model _model;
    private RemovalProof? _proof;
    private RecoveryReport? _recovery;

    /// <summary>Starts at a model.</summary>
    /// <param name="original">The model's pipeline.</param>
    public StepwisePruning(CompressionPipeline original)
    {
        _original = original;
        _now = original;
        _model = original.Analysis.Model;
        _kept = original.Analysis.Groups.ToDictionary(g => g.Name, g => Enumerable.Range(0, g.Channels.Count).ToList());
    }

    /// <summary>Plans and carries out all steps.</summary>
    public PrunedModel Run(CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var groups = _original.Analysis.Groups.ToDictionary(g => g.Name, g => g.Channels.Count);
        var basis = new PlanBasis(groups, CostLedger.Footprint(new CostModel(_original.Analysis, options.Target, options.Precision), []));
        foreach (var rate in options.Schedule.Rates(options.Rate, options.Steps))
        {
            // What is left of a group may be so narrow that it is no group of its own any more; it stays as it is.
            if (_now.Analysis.Groups.Count == 0 && _steps.Count > 0)
            {
                break;
            }

            var limits = options.Limits.Where(l => _now.Analysis.Groups.Any(g => l.Covers(g.Name))).ToList();
            var plan = _now.Plan(options with { Rate = rate, Limits = _steps.Count == 0 ? options.Limits : limits }, _steps.Count == 0 ? null : basis);
            Take(plan, options, progress, cancellationToken);
        }

        return Result(options, options.Rate, progress, cancellationToken);
    }

    /// <summary>Carries out the steps of a plan that was made before.</summary>
    public PrunedModel Replay(PrunePlan plan, CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        _ = new RemovedChannels(_original.Analysis, plan);
        foreach (var step in plan.Steps!)
        {
            Take(step, options, progress, cancellationToken);
        }

        var result = Result(options, plan.Rate, progress, cancellationToken);
        return Same(result.Plan, plan)
            ? result with { Plan = plan }
            : throw new Contracts.InputException(Contracts.ErrorCode.PlanMismatch, "The steps of the plan do not remove what the plan as a whole says. Make a new plan with 'edgeprune plan'.");
    }

    private void Take(PrunePlan plan, CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_steps.Count > 0 && plan.Groups.All(g => g.Remove.Count == 0))
        {
            return;
        }

        progress?.Report($"step {_steps.Count + 1}: pruning");
        var (pruned, proof) = ChannelPruner.Apply(_now.Analysis, plan);
        progress?.Report($"step {_steps.Count + 1}: recovering");
        (_model, var recovery) = _now.Recover(plan, pruned, options, cancellationToken);
        foreach (var group in plan.Groups.Where(g => _kept.ContainsKey(g.Group)))
        {
            var removed = group.Remove.ToHashSet();
            _kept[group.Group] = [.. _kept[group.Group].Where((_, i) => !removed.Contains(i))];
        }

        _steps.Add(plan);
        _proof = _proof is null ? proof : proof with { MaxRelativeError = Math.Max(_proof.MaxRelativeError, proof.MaxRelativeError) };
        _recovery = recovery is null ? _recovery : recovery with
        {
            Kept = recovery.Kept || _recovery?.Kept == true,
            Consumers = recovery.Consumers + (_recovery?.Consumers ?? 0),
        };
        _now = _original.Next(_model);
    }

    // The plan as a whole is proven on the original too: its steps are proven each on what the step before left.
    private PrunedModel Result(CompressionOptions options, double rate, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var plan = Composed(rate);
        var (unrepaired, whole) = ChannelPruner.Apply(_original.Analysis, plan);
        var proof = whole with { MaxRelativeError = Math.Max(whole.MaxRelativeError, _proof!.MaxRelativeError) };
        if (_recovery is null || !_original.HasSamples)
        {
            return new PrunedModel(_model, plan, proof, _recovery); // Nothing to judge two repairs by.
        }

        cancellationToken.ThrowIfCancellationRequested();
        progress?.Report("recovering from the original");
        var stepwise = _original.AgainstOriginal(_recovery, unrepaired, _model, options);
        var (atOnce, recovery) = _original.Recover(plan, unrepaired, options, cancellationToken);
        return recovery is { Kept: true } && recovery.ErrorAfter < stepwise.ErrorAfter
            ? new PrunedModel(atOnce, plan, proof, recovery)
            : new PrunedModel(_model, plan, proof, stepwise);
    }

    private PrunePlan Composed(double rate)
    {
        var last = _steps[^1];
        return _steps[0] with
        {
            Rate = rate,
            Reached = last.Reached,
            After = last.After,
            Steps = [.. _steps],
            Groups = [.. _steps[0].Groups.Select(g => g with
            {
                Remove = [.. Enumerable.Range(0, g.Channels).Except(_kept[g.Group])],
                LowestKept = null,
                HighestRemoved = null,
                ErrorShare = null,
            })],
        };
    }

    private static bool Same(PrunePlan a, PrunePlan b) =>
        a.Groups.Count == b.Groups.Count && a.Groups.Zip(b.Groups).All(p => p.First.Group == p.Second.Group && p.First.Remove.SequenceEqual(p.Second.Remove));
}
