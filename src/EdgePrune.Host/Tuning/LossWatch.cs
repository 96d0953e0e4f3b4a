using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Scores the model after each step and says when the limit of the loss is broken.</summary>
internal sealed class LossWatch
{
    // A score is a share of whole samples; the difference of two of them is not exact in binary.
    private const double Rounding = 1e-9;

    private readonly IEvaluator _evaluator;
    private readonly List<LimitedStep> _steps = [];

    private LossWatch(IEvaluator evaluator, LossLimit report)
    {
        _evaluator = evaluator;
        Report = report;
    }

    /// <summary>What was scored so far.</summary>
    public LossLimit Report { get; private set; }

    /// <summary>Scores the original, or gives null when there is no limit.</summary>
    public static LossWatch? Start(CompressionPipeline original, CompressionOptions options, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        if (options.MaxLoss is not { } most)
        {
            return null;
        }

        progress?.Report("measuring the original");
        var evaluator = original.Evaluator!;
        return new LossWatch(evaluator, new LossLimit(most, evaluator.Metric, Score(evaluator, original.Analysis.Model, cancellationToken), []));
    }

    /// <summary>Whether what a step left is within the limit.</summary>
    public bool Allows(int step, double rate, Model model, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        progress?.Report($"step {step}: measuring accuracy");
        var score = Score(_evaluator, model, cancellationToken);
        _steps.Add(new LimitedStep(step, rate, score, Report.OriginalScore - score <= Report.MaxLoss + Rounding));
        Report = Report with { Steps = [.. _steps] };
        return _steps[^1].Met;
    }

    /// <summary>Whether a model of the last step's widths scores no lower than that step's.</summary>
    public bool IsNoWorse(Model model, CancellationToken cancellationToken) => Score(_evaluator, model, cancellationToken) >= _steps.Last(s => s.Met).Score;

    private static double Score(IEvaluator evaluator, Model model, CancellationToken cancellationToken) =>
        evaluator.EvaluateAsync(OnnxFile.ToBytes(model), cancellationToken).GetAwaiter().GetResult().Score;
}
