using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Trains a repaired model, and keeps what it learnt only if that is no worse on held-out samples.</summary>
/// <param name="trainer">Who trains.</param>
/// <param name="original">The model before anything was removed: the teacher, and what is compared with.</param>
/// <param name="heldOut">Samples that decide.</param>
internal sealed class TrainedRecovery(ITrainer trainer, Model original, ISampleSource heldOut)
{
    public (Model Model, TrainingReport Report) Train(Model repaired, RecoveryChoice choice, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var byLabels = choice.Kind == RecoveryKind.FineTune;
        var recipe = choice.Recipe with
        {
            Training = choice.Recipe.Training.For(repaired, original),
            Distillation = byLabels ? null : choice.Recipe.Distillation ?? new DistillationOptions(),
        };
        var trained = trainer.FineTune(repaired, new TrainingAids(byLabels ? null : original), recipe, progress is null ? null : new TrainingSteps(progress), cancellationToken);
        progress?.Report("comparing with the model before training");
        var (metric, before, after, kept) = (byLabels || recipe.Distillation!.LabelWeight > 0) && heldOut.Labels is not null
            ? ByAccuracy(repaired, trained.Model, cancellationToken)
            : ByOutput(repaired, trained.Model, cancellationToken);
        return (kept ? trained.Model : repaired, new TrainingReport(choice.Kind, kept, metric, before, after, heldOut.Count)
        {
            End = trained.Summary.End,
            Steps = trained.Summary.Steps,
            Epochs = trained.Summary.Epochs,
            Reason = trained.Summary.Reason,
            Note = trained.Summary.Note,
        });
    }

    private (string Metric, double Before, double After, bool Kept) ByAccuracy(Model before, Model after, CancellationToken cancellationToken)
    {
        var evaluator = new LabelEvaluator(heldOut);
        double Score(Model model) => Evaluate(evaluator, model, cancellationToken).Score;
        var (a, b) = (Score(before), Score(after));
        return ("accuracy, percent", a, b, b >= a);
    }

    // Between classes only the distribution counts: training may shift all scores of a sample alike, which says nothing.
    private (string Metric, double Before, double After, bool Kept) ByOutput(Model before, Model after, CancellationToken cancellationToken)
    {
        using var evaluator = new AgreementEvaluator(OnnxFile.ToBytes(original), heldOut);
        double Divergence(Model model)
        {
            var score = Evaluate(evaluator, model, cancellationToken);
            return score.Details.TryGetValue("klDivergence", out var divergence) ? divergence : Math.Pow(10, -score.Details["sqnrDb"] / 10);
        }

        var (a, b) = (Divergence(before), Divergence(after));
        return ("divergence from the original", a, b, b <= a);
    }

    private static Evaluation Evaluate(IEvaluator evaluator, Model model, CancellationToken cancellationToken) =>
        evaluator.EvaluateAsync(OnnxFile.ToBytes(model), cancellationToken).GetAwaiter().GetResult();
}
