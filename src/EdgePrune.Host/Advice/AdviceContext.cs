using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>What the rules of advice look at: the model's figures, the request, and what a change would bring.</summary>
internal sealed class AdviceContext
{
    private const double RateWithSamples = 0.5;
    private const double RateWithoutSamples = 0.3;
    private const double RateOfFragileModels = 0.15;
    private readonly Dictionary<(double Rate, Precision Precision), Projection> _projections = [];
    private readonly Roofline? _roof;
    private readonly Lazy<PrunePlanner> _planner;
    private readonly Lazy<IReadOnlyList<Precision>> _suiting;

    public AdviceContext(ModelAnalysis analysis, AdviceRequest request)
    {
        Analysis = analysis;
        Request = request;
        Figures = ModelFigures.Of(analysis, request.Target, request.FileBytes);
        _roof = Roofline.Of(request.Target);
        _suiting = new Lazy<IReadOnlyList<Precision>>(() => PrecisionTable.Suiting(analysis, request.Target));
        _planner = new Lazy<PrunePlanner>(() => new PrunePlanner(analysis, CriterionRegistry.Find("l2"), seed: 1));
    }

    public ModelAnalysis Analysis { get; }

    public AdviceRequest Request { get; }

    public ModelFigures Figures { get; }

    public AdviceNeed Need => Request.Need;

    public Target Target => Request.Target;

    /// <summary>Whether channels can be removed at a gain.</summary>
    public bool CanPrune => Analysis.Groups.Count > 0 && Math.Max(Figures.PrunableMacShare, Figures.PrunableParameterShare) >= 0.05;

    /// <summary>Whether the model holds quantized operators already.</summary>
    public bool IsQuantized => IntegerOperators.IsQuantized(Analysis.Model);

    /// <summary>Whether int8 reaches a part of the model that counts.</summary>
    public bool CanQuantize => !IsQuantized && Math.Max(Figures.IntegerMacShare, Figures.IntegerWeightShare) >= 0.1;

    /// <summary>The precisions that suit the model and the target.</summary>
    public IReadOnlyList<Precision> Suiting => _suiting.Value;

    /// <summary>The rate that predictions are made for: the highest the short trial found harmless, else a cautious one.</summary>
    public double Rate => Request.Probe is { Points.Count: > 0 } probe
        ? probe.HarmlessRate ?? RateOfFragileModels
        : Request.HasSamples ? RateWithSamples : RateWithoutSamples;

    /// <summary>The measured model that needs least and keeps what the study's tolerance asks for, or null; where it is there, nothing need be predicted.</summary>
    public MeasuredChoice? Measured => Request.Study is { } study ? MeasuredChoice.Of(study, Need) : null;

    /// <summary>Options that name the samples, where there are some.</summary>
    public string DataOption => Request.HasSamples ? $" --data {Request.DataFile}" : "";

    /// <summary>What the model costs now.</summary>
    public Projection Now => Projected(0, Precision.Float32);

    /// <summary>What the model would cost at a rate, the same for every group and rounded to the target's channel counts.</summary>
    public Projection Projected(double rate, Precision precision)
    {
        if (!_projections.TryGetValue((rate, precision), out var projection))
        {
            projection = Projection.Of(Analysis, Figures, _roof, Keep(rate, precision), PrecisionTable.Of(precision).Cost);
            _projections[(rate, precision)] = projection;
        }

        return projection;
    }

    /// <summary>The prediction for a rate and a precision.</summary>
    public Prediction Predict(double rate, Precision precision)
    {
        var after = Projected(rate, precision);
        var file = $"file to {AdviceWords.Percent(after.FileBytes / Now.FileBytes)}";
        var ratio = Ratio(after);
        var isKnown = _roof is not null || Need is AdviceNeed.Memory or AdviceNeed.Transfer;
        if (!isKnown && precision != Precision.Float32 && rate == 0)
        {
            return new Prediction($"{file}; the time is not predictable for this target", null, $"{PrecisionTable.Of(precision).Counted} The target states no clock or bandwidth. Measure with 'edgeprune profile'.");
        }

        var rest = $"operations to {AdviceWords.Percent(after.Macs / Math.Max(1, Now.Macs))}, {file}";
        return new Prediction($"{AdviceWords.Figure(Need, isKnown)} to {AdviceWords.Percent(ratio)} ({rest})", ratio, Basis(rate, precision, isKnown));
    }

    /// <summary>Share of the need's figure that a change saves. Range: 0 to 1.</summary>
    public double Saved(double rate, Precision precision) => Math.Clamp(1 - Ratio(Projected(rate, precision)), 0, 1);

    private double Ratio(Projection after) => after.Figure(Need) / Math.Max(double.Epsilon, Now.Figure(Need));

    private int[] Keep(double rate, Precision precision)
    {
        if (rate <= 0 || Analysis.Groups.Count == 0)
        {
            return [.. Analysis.Groups.Select(g => g.Channels.Count)];
        }

        var plan = _planner.Value.Plan(new PlanOptions(rate, PruningScope.PerLayer, 0.9, Target, precision, 1));
        return [.. plan.Groups.Select(g => g.Channels - g.Remove.Count)];
    }

    private string Basis(double rate, Precision precision, bool isKnown)
    {
        var widths = rate > 0 ? $"Every group at rate {AdviceWords.Rate(rate)}, rounded to the channel counts of {Target.Name}; a ranking over all groups keeps other widths. " : "";
        var form = PrecisionTable.Of(precision);
        var counted = form.Counted is { Length: > 0 } words ? words + " " : "";
        return widths + counted + Need switch
        {
            AdviceNeed.Memory => "Bytes of weights and of the activations that live at one time, without the runtime itself.",
            AdviceNeed.Transfer => "Brotli on the model's own weights, the graph uncompressed.",
            _ when !isKnown => "Operations only: the target states no clock or bandwidth.",
            _ => $"The longer of computing ({Roofline.OperationsPerCycle} float operations a cycle and core, assumed) and moving bytes (twice the copy bandwidth{(Figures.FitsCache == true ? "; none, for the model fits the cache" : "")}), summed over weighted operators."
                + (form.Cost.IsInteger && Target.Hardware.DotProduct != true ? " Without dot-product instructions integer arithmetic counts as no faster." : ""),
        };
    }
}
