using System.Runtime.InteropServices;
using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Steps 2 to 8 of the flow: normalize, group, score, plan, prune, recover, quantize. What does not depend on the rate is
/// done once for each model and kept, so that many rates are cheap.
/// </summary>
public sealed class CompressionPipeline
{
    private readonly ISampleSource? _samples;
    private readonly Lazy<Model> _original;
    private readonly Lazy<ModelAnalysis> _analysis;
    private readonly Planners _planners;
    private RepairStatistics? _statistics;
    private CarriedPlan? _carried;
    private CompressionPipeline? _next;
    private SensitivityCurves? _sensitivity;

    /// <summary>Prepares a model for compression; it is not changed.</summary>
    /// <param name="model">The model as it was loaded.</param>
    /// <param name="samples">Unlabelled samples for repair and calibration, or null for data-free pruning.</param>
    /// <exception cref="ModelException"><see cref="ErrorCode.AlreadyQuantized"/>: everything here changes float weights.</exception>
    public CompressionPipeline(Model model, ISampleSource? samples)
    {
        IntegerOperators.RequireFloat(model);
        _samples = samples;
        _planners = new Planners(this);
        _original = new Lazy<Model>(() => SampleSizes.Fixed(model, samples));
        _analysis = new Lazy<ModelAnalysis>(() => ModelAnalysis.Of(_original.Value));
    }

    /// <summary>Prepares an analysed model for compression.</summary>
    /// <param name="analysis">The analysis, by the choices that its groups rest on.</param>
    /// <param name="samples">Unlabelled samples for repair and calibration, or null for data-free pruning.</param>
    /// <exception cref="ModelException"><see cref="ErrorCode.AlreadyQuantized"/>: everything here changes float weights.</exception>
    public CompressionPipeline(ModelAnalysis analysis, ISampleSource? samples)
    {
        IntegerOperators.RequireFloat(analysis.Model);
        _samples = samples;
        _planners = new Planners(this);
        _original = new Lazy<Model>(analysis.Model);
        _analysis = new Lazy<ModelAnalysis>(analysis);
    }

    /// <summary>The model as it was given, but for free sizes that the samples know.</summary>
    internal Model Original => _original.Value;

    /// <summary>The normalised model with its groups and pins.</summary>
    public ModelAnalysis Analysis => _analysis.Value;

    /// <summary>Who trains and measures gradients, or null when nobody does. <value>Default: null.</value></summary>
    public ITrainer? Trainer { get; init; }

    /// <summary>Samples that training does not see and that decide whether what it learnt is kept; null for those that decide on the repair. <value>Default: null.</value></summary>
    public ISampleSource? HeldOut { get; init; }

    /// <summary>What scores each step for <see cref="CompressionOptions.MaxLoss"/>, or null without a limit. <value>Default: null.</value></summary>
    public IEvaluator? Evaluator { get; init; }

    /// <summary>What training learns from, when this pipeline goes on from a step; null when it starts at the original.</summary>
    internal Model? Teacher { get; init; }

    /// <summary>
    /// Whether what came of the last plan is kept without training too, for its other precisions. It is part of a result, so nobody may change that. <value>Default: false.</value>
    /// </summary>
    internal bool KeepsRepaired { get; init; }

    /// <summary>Whether there are samples to repair and to decide with.</summary>
    internal bool HasSamples => _samples is not null;

    /// <summary>Compresses a model once.</summary>
    /// <param name="model">The model as it was loaded; not changed.</param>
    /// <param name="samples">Unlabelled samples for repair and calibration, or null for data-free pruning.</param>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told of each step as it starts, or null.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The compressed model with plan, proof and reports.</returns>
    /// <exception cref="EdgePruneException">The model, the samples or the options cannot be used.</exception>
    public static Task<CompressionResult> RunAsync(Model model, ISampleSource? samples, CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken) =>
        new CompressionPipeline(model, samples).RunAsync(options, progress, cancellationToken);

    /// <summary>Compresses the model with these options.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told of each step as it starts, or null.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The compressed model with plan, proof and reports.</returns>
    /// <exception cref="EdgePruneException">The model, the samples or the options cannot be used.</exception>
    public Task<CompressionResult> RunAsync(CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        Require(options);
        return Task.Run(() => Finish(Prune(options, progress, cancellationToken), options, progress, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Makes the plan of one step for these options without applying it. Several steps score a model that was repaired in
    /// between, so their plan is part of what <see cref="RunAsync(CompressionOptions, IProgress{string}?, CancellationToken)"/> gives.
    /// </summary>
    /// <param name="options">Rate, scope, criterion, target and precision.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ModelException">A rate above 0 is asked for, but no channel of the model can be removed.</exception>
    /// <exception cref="InputException">A limit is for no group, or samples or estimates are missing.</exception>
    public PrunePlan Plan(CompressionOptions options) =>
        options.Allocation == RateAllocation.Trial ? new AllocationTrials(this).Run(options, null, CancellationToken.None).Plan : Plan(options, basis: null);

    internal PrunePlan Plan(CompressionOptions options, PlanBasis? basis)
    {
        if (Analysis.Groups.Count == 0 && options.Rate > 0)
        {
            throw new ModelException(ErrorCode.NothingToPrune,
                $"No channel of '{Analysis.Model.Name}' can be removed. {string.Join(" ", Analysis.Pins.Take(3))} Quantize it instead, or see 'edgeprune inspect --groups'.");
        }

        var planner = options is { Allocation: RateAllocation.Score, Scope: not PruningScope.PerLayer } ? _planners.Competing(options) : _planners.For(options);
        return planner.Plan(new PlanOptions(options.Rate, options.Scope, options.MaxGroupRate, options.Target, options.Precision, options.Seed)
        {
            RateOf = options.RateOf,
            Limits = options.Limits,
            Spines = options.Spines,
            Sensitivity = Curves(options, basis),
            Basis = basis,
        });
    }

    /// <summary>Measures what the model's output loses when each group alone is pruned and repaired.</summary>
    /// <param name="options">What to measure.</param>
    /// <param name="cache">Where points that were measured before are kept, or null.</param>
    /// <param name="progress">Told of each point as its measurement starts, or null.</param>
    /// <param name="cancellationToken">Stops between points; what was measured stays in the cache.</param>
    /// <returns>The curves.</returns>
    /// <exception cref="EdgePruneException">There are no samples, or the model or the options cannot be used.</exception>
    public Task<SensitivityCurves> MeasureSensitivityAsync(SensitivityOptions options, SensitivityCache? cache, IProgress<string>? progress, CancellationToken cancellationToken) =>
        Task.Run(() => Measure(options, cache, progress, cancellationToken), cancellationToken);

    /// <summary>Applies a plan: prunes with proof, recovers, quantizes.</summary>
    /// <param name="plan">A plan for this model.</param>
    /// <param name="options">Recovery, precision and calibration; the plan's rate counts.</param>
    /// <param name="progress">Told of each step as it starts, or null.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The compressed model with plan, proof and reports.</returns>
    /// <exception cref="EdgePruneException">The plan is for another model, or a step failed.</exception>
    public CompressionResult Apply(PrunePlan plan, CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        Require(options);
        return Finish(plan.Steps is null ? CarryAndTrain(plan, options, progress, cancellationToken) : new StepwisePruning(this).Replay(plan, options, progress, cancellationToken), options, progress, cancellationToken);
    }

    /// <summary>Carries out a plan of one step: prunes with proof, and repairs.</summary>
    internal PrunedModel Carry(PrunePlan plan, CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        progress?.Report("pruning");
        var (pruned, proof) = ChannelPruner.Apply(Analysis, plan);
        progress?.Report("recovering");
        var (recovered, recovery) = Recover(plan, pruned, options, cancellationToken);
        return new PrunedModel(recovered, plan, proof, recovery);
    }

    /// <summary>
    /// The same, and trains where the options ask for it. What came of the last trained plan is kept, so that a second
    /// precision of it does not train again.
    /// </summary>
    internal PrunedModel CarryAndTrain(PrunePlan plan, CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (options.Recovery.Kind == RecoveryKind.Repair && !KeepsRepaired)
        {
            return Carry(plan, options, progress, cancellationToken);
        }

        var key = CarriedPlan.KeyOf(plan, options);
        if (_carried?.Key != key)
        {
            _carried = new CarriedPlan(key, Train(Carry(plan, options, progress, cancellationToken), options, progress, cancellationToken));
            _next = null;
        }

        return _carried.Model with { Plan = plan };
    }

    /// <summary>Trains a repaired model against what this pipeline started from, when training is asked for and something was removed.</summary>
    internal PrunedModel Train(PrunedModel repaired, CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (options.Recovery.Kind == RecoveryKind.Repair || repaired.Plan.Groups.All(g => g.Remove.Count == 0))
        {
            return repaired;
        }

        cancellationToken.ThrowIfCancellationRequested();
        var heldOut = HeldOut ?? Statistics(options, cancellationToken).HeldOut;
        var (model, report) = new TrainedRecovery(Trainer!, Teacher ?? Analysis.Model, heldOut).Train(repaired.Model, options.Recovery, progress, cancellationToken);
        return repaired with { Model = model, Training = [.. repaired.Training, report] };
    }

    /// <summary>The same samples with the model that a step left.</summary>
    internal CompressionPipeline Next(Model model)
    {
        if (_carried?.Model.Model != model)
        {
            return MakeNext(model);
        }

        // The steps after a trained one were trained too, and are wanted again with another precision.
        return _next ??= MakeNext(model);
    }

    /// <summary>Repairs a pruned model from the samples, when repair is asked for and there are some.</summary>
    internal (Model Model, RecoveryReport? Report) Recover(PrunePlan plan, Model pruned, CompressionOptions options, CancellationToken cancellationToken)
    {
        if (!options.Repair || plan.Groups.All(g => g.Remove.Count == 0))
        {
            return (pruned, null);
        }

        var removed = new RemovedChannels(Analysis, plan);
        return _samples is null
            ? DataFreeRepair.Recover(Analysis, removed, pruned)
            : TrainingFreeRecovery.Recover(Analysis, removed, pruned, Statistics(options, cancellationToken));
    }

    /// <summary>A report of several repairs, each held against what the step before left, with the errors on held-out samples held against the original.</summary>
    internal RecoveryReport AgainstOriginal(RecoveryReport report, Model unrepaired, Model repaired, CompressionOptions options)
    {
        var samples = Statistics(options, CancellationToken.None).HeldOut;
        return report with
        {
            ErrorBefore = OutputError.Measure(Analysis.Model, unrepaired, samples),
            ErrorAfter = OutputError.Measure(Analysis.Model, repaired, samples),
        };
    }

    /// <summary>How far a model's output is from the original's, on the samples that repair does not see.</summary>
    internal double HeldOutError(Model model, CompressionOptions options, CancellationToken cancellationToken) =>
        OutputError.Measure(Analysis.Model, model, Statistics(options, cancellationToken).HeldOut);

    /// <summary>The curves for these options: those given, or those measured once.</summary>
    internal SensitivityCurves Curves(CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken) =>
        options.Sensitivity ?? (_sensitivity ??= Measure(SensitivityOptions.For(options), null, progress, cancellationToken));

    private CompressionPipeline MakeNext(Model model) => new(ModelAnalysis.Of(model, Analysis.Options), _samples)
    {
        Trainer = Trainer,
        HeldOut = HeldOut,
        Evaluator = Evaluator,
        Teacher = Teacher ?? Analysis.Model,
    };

    private PrunedModel Prune(CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken) => options switch
    {
        { Steps: > 1 } or { MaxLoss: not null } => new StepwisePruning(this).Run(options, progress, cancellationToken),
        { Allocation: RateAllocation.Trial } => Train(new AllocationTrials(this).Run(options, progress, cancellationToken), options, progress, cancellationToken),
        _ => CarryAndTrain(Plan(options), options, progress, cancellationToken),
    };

    private CompressionResult Finish(PrunedModel pruned, CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var after = Cost(pruned.Model);
        var form = PrecisionTable.Of(options.Precision);
        progress?.Report(form switch { { NeedsSamples: true } => "quantizing", { Conversion: not null } => "converting", _ => "writing" });
        var final = form.Make(pruned.Model, () => Calibration(options, cancellationToken), cancellationToken);
        return new CompressionResult
        {
            Model = final.Model,
            Bytes = OnnxFile.ToBytes(final.Model),
            Plan = pruned.Plan,
            Proof = pruned.Proof,
            Widths = [.. pruned.Plan.Groups.Select(g => new GroupWidth(g.Group, g.Channels, g.Channels - g.Remove.Count))],
            Pins = [.. Analysis.Pins.Select(p => p.ToString())],
            Adapted = Adapted(pruned.Plan),
            Before = Analysis.Cost,
            After = after,
            Recovery = pruned.Recovery,
            Training = pruned.Training,
            Limit = pruned.Limit,
            Quantization = final.Quantization,
            Conversion = final.Conversion,
            Precision = final.Unchanged is null ? options.Precision : Precision.Float32,
        };
    }

    private string[] Adapted(PrunePlan plan)
    {
        var removed = new RemovedChannels(Analysis, plan);
        return [.. Analysis.Reductions.Where(r => removed.Of(r.Data).Count > 0).Select(r => r.Text).Distinct()];
    }

    private SensitivityCurves? Curves(CompressionOptions options, PlanBasis? basis)
    {
        if (options.Allocation != RateAllocation.Sensitivity)
        {
            return null;
        }

        var curves = Curves(options, null, CancellationToken.None);

        // In later steps the curves are those of the original, as the rates are.
        if (basis is null)
        {
            curves.RequireFit(Analysis);
        }

        return curves;
    }

    private SensitivityCurves Measure(SensitivityOptions options, SensitivityCache? cache, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new InputException(ErrorCode.InvalidOption, string.Join(" ", faults));
        }

        var compression = options.Compression;
        var samples = CalibrationSamples(compression);
        var scan = new SensitivityScan(Analysis, _planners.For(compression), options, cache)
        {
            Statistics = compression.Repair ? new Lazy<RepairStatistics>(() => Statistics(compression, cancellationToken)) : null,
            Data = new SensitivityData(samples, SampleSubset.Range(samples, 0, options.Samples)),
        };
        return scan.Run(progress, cancellationToken);
    }

    /// <summary>What repair and criteria know of the model's activations; gathered once.</summary>
    internal RepairStatistics Statistics(CompressionOptions options, CancellationToken cancellationToken) =>
        _statistics ??= TrainingFreeRecovery.Gather(Analysis, CalibrationSamples(options), cancellationToken);

    private CalibrationInput Calibration(CompressionOptions options, CancellationToken cancellationToken)
    {
        var quantization = options.Quantization with { SignedActivations = HasSignedActivations(options.Target) };
        var limit = options.QuantizationLoss is { } points ? QuantizationLimit.ByAsync(Evaluator!, Analysis.Model, points, cancellationToken).GetAwaiter().GetResult() : null;
        return new CalibrationInput(CalibrationSamples(options), quantization, limit);
    }

    private static bool HasSignedActivations(Target? target) => RuntimeFusions.PresetOf(target?.Architecture == "any" ? RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant() : target?.Architecture).SignedActivations;

    private SampleSubset CalibrationSamples(CompressionOptions options) =>
        SampleSubset.Random(_samples ?? throw new InputException(ErrorCode.NoSamples, "int8, measured sensitivity and criteria that look at activations need samples. Give some with '--data'."), options.CalibrationSamples, options.Seed);

    private static ModelCost Cost(Model model)
    {
        var shapes = ShapeProbe.Complete(model, ShapeInference.Infer(model.Graph));
        return new ModelCost(model.ParameterCount, ChannelLinker.Link(model.Graph, shapes).Macs, new ByteSize(OnnxFile.Digest(model).Length));
    }

    /// <summary>Requires that options are sound and that everyone is there whom they need.</summary>
    /// <exception cref="InputException">They are not, or there is no trainer, no sample or no evaluator.</exception>
    internal void Require(CompressionOptions options)
    {
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new InputException(ErrorCode.InvalidOption, string.Join(" ", faults));
        }

        if (options.Recovery.Kind != RecoveryKind.Repair && Trainer is null)
        {
            throw new InputException(ErrorCode.TrainingUnavailable, $"The recovery {options.Recovery.Kind} trains, but nobody is there to train. Give the pipeline a Trainer, or recover by repair.");
        }

        if (options.Recovery.Kind != RecoveryKind.Repair && HeldOut is null && _samples is null)
        {
            throw new InputException(ErrorCode.NoSamples, $"The recovery {options.Recovery.Kind} learns from samples. Give some with '--data'.");
        }

        if ((options.MaxLoss ?? options.QuantizationLoss) is not null && Evaluator is null)
        {
            throw new InputException(ErrorCode.InvalidOption, "A limit of the accuracy that may be lost needs something to score with. Give the pipeline an Evaluator.");
        }
    }
}
