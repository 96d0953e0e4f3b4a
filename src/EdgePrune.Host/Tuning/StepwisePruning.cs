using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Prunes a little, recovers, scores what is left anew, and so on. Rates and limits of every step are of the original, so
/// five steps to 0.5 end at the widths of one step to 0.5. Repairs are fitted each to what the step before left, so that
/// errors add up; where nothing is trained, the same widths are at the end also repaired at once from the original, and the
/// better of the two stays. With a limit of the loss, the last step within it is what is taken.
/// </summary>
internal sealed class StepwisePruning
{
    private readonly CompressionPipeline _original;
    private readonly List<PruningStep> _steps = [];
    private CompressionPipeline _now;
    private Model _model;

    /// <summary>Starts at a model.</summary>
    /// <param name="original">The model's pipeline.</param>
    public StepwisePruning(CompressionPipeline original)
    {
        _original = original;
        _now = original;
        _model = original.Analysis.Model;
    }

    /// <summary>Plans and carries out all steps, or those until the limit of the loss.</summary>
    public PrunedModel Run(CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var groups = _original.Analysis.Groups.ToDictionary(g => g.Name, g => g.Channels.Count);
        var basis = new PlanBasis(groups, CostLedger.Footprint(new CostModel(_original.Analysis, options.Target, options.Precision), []));
        var watch = LossWatch.Start(_original, options, progress, cancellationToken);
        foreach (var rate in options.Schedule.Rates(options.Rate, options.Steps))
        {
            // What is left of a group may be so narrow that it is no group of its own any more; it stays as it is.
            if (_now.Analysis.Groups.Count == 0 && _steps.Count > 0)
            {
                break;
            }

            var limits = options.Limits.Where(l => _now.Analysis.Groups.Any(g => l.Covers(g.Name))).ToList();
            var plan = _now.Plan(options with { Rate = rate, Limits = _steps.Count == 0 ? options.Limits : limits }, _steps.Count == 0 ? null : basis);
            var before = _model;
            if (Take(plan, rate, options, progress, cancellationToken) && watch?.Allows(_steps.Count, rate, _model, progress, cancellationToken) == false)
            {
                _model = before;
                _steps.RemoveAt(_steps.Count - 1);
                return _steps.Count == 0 ? Nothing(options, watch) : Result(options, _steps[^1].Rate, watch, progress, cancellationToken);
            }
        }

        return Result(options, options.Rate, watch, progress, cancellationToken);
    }

    /// <summary>Carries out the steps of a plan that was made before.</summary>
    public PrunedModel Replay(PrunePlan plan, CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        _ = new RemovedChannels(_original.Analysis, plan);
        foreach (var step in plan.Steps!)
        {
            Take(step, step.Rate, options, progress, cancellationToken);
        }

        var result = Result(options, plan.Rate, null, progress, cancellationToken);
        return Same(result.Plan, plan)
            ? result with { Plan = plan }
            : throw new Contracts.InputException(Contracts.ErrorCode.PlanMismatch, "The steps of the plan do not remove what the plan as a whole says. Make a new plan with 'edgeprune plan'.");
    }

    /// <summary>Carries out one step, unless it removes nothing more than the ones before.</summary>
    private bool Take(PrunePlan plan, double rate, CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_steps.Count > 0 && plan.Groups.All(g => g.Remove.Count == 0))
        {
            _steps[^1] = _steps[^1] with { Rate = rate };
            return false;
        }

        var result = _now.CarryAndTrain(plan, options, progress is null ? null : new Numbered(progress, _steps.Count + 1), cancellationToken);
        var before = _steps.Count == 0 ? _original.Analysis.Groups.ToDictionary(g => g.Name, g => Enumerable.Range(0, g.Channels.Count).ToList()) : _steps[^1].Kept;
        _steps.Add(PruningStep.After(before, rate, result));
        _model = result.Model;
        _now = _now.Next(_model);
        return true;
    }

    // The plan as a whole is proven on the original too: its steps are proven each on what the step before left.
    private PrunedModel Result(CompressionOptions options, double rate, LossWatch? watch, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var plan = Composed(rate);
        var (unrepaired, whole) = ChannelPruner.Apply(_original.Analysis, plan);
        var proof = whole with { MaxRelativeError = Math.Max(whole.MaxRelativeError, _steps.Max(s => s.Proof.MaxRelativeError)) };
        var recovery = PruningStep.Repairs(_steps);
        var stepwise = new PrunedModel(_model, plan, proof, recovery) { Training = [.. _steps.SelectMany(s => s.Training)], Limit = watch?.Report };
        if (recovery is null || !_original.HasSamples)
        {
            return stepwise; // Nothing to judge two repairs by.
        }

        cancellationToken.ThrowIfCancellationRequested();
        stepwise = stepwise with { Recovery = _original.AgainstOriginal(recovery, unrepaired, stepwise.Model, options) };
        if (options.Recovery.Kind != RecoveryKind.Repair)
        {
            return stepwise; // What was learnt between the steps is worth more than the nearness of outputs.
        }

        progress?.Report("recovering from the original");
        var (atOnce, repair) = _original.Recover(plan, unrepaired, options, cancellationToken);
        return repair is { Kept: true } && repair.ErrorAfter < stepwise.Recovery!.ErrorAfter && watch?.IsNoWorse(atOnce, cancellationToken) != false
            ? stepwise with { Model = atOnce, Recovery = repair }
            : stepwise;
    }

    private PrunedModel Nothing(CompressionOptions options, LossWatch? watch)
    {
        var plan = _original.Plan(options with { Rate = 0 }, basis: null);
        var (model, proof) = ChannelPruner.Apply(_original.Analysis, plan);
        return new PrunedModel(model, plan, proof, null) { Limit = watch?.Report };
    }

    private PrunePlan Composed(double rate)
    {
        var (first, last) = (_steps[0].Plan, _steps[^1].Plan);
        return first with
        {
            Rate = rate,
            Reached = last.Reached,
            After = last.After,
            Steps = [.. _steps.Select(s => s.Plan)],
            Groups = [.. first.Groups.Select(g => g with
            {
                Remove = [.. Enumerable.Range(0, g.Channels).Except(_steps[^1].Kept[g.Group])],
                LowestKept = null,
                HighestRemoved = null,
                ErrorShare = null,
            })],
        };
    }

    private static bool Same(PrunePlan a, PrunePlan b) =>
        a.Groups.Count == b.Groups.Count && a.Groups.Zip(b.Groups).All(p => p.First.Group == p.Second.Group && p.First.Remove.SequenceEqual(p.Second.Remove));

    private sealed class Numbered(IProgress<string> progress, int step) : IProgress<string>
    {
        public void Report(string value) => progress.Report($"step {step}: {value}");
    }
}
