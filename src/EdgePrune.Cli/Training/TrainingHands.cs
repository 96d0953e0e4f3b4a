using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary>Who trains for a compression, and on what.</summary>
/// <param name="Trainer">Who trains, or null when nothing is to be trained.</param>
/// <param name="HeldOut">Samples that training does not see, or null.</param>
internal sealed record TrainingHands(ITrainer? Trainer, ISampleSource? HeldOut)
{
    /// <summary>Finds the training program when a compression needs it, and only then.</summary>
    /// <param name="screen">The world around the tool.</param>
    /// <param name="model">What is compressed.</param>
    /// <param name="options">The compression.</param>
    /// <param name="samples">What is learnt from, or null when no samples were named.</param>
    /// <param name="cancellationToken">Stops a build.</param>
    /// <exception cref="ModelException"><see cref="ErrorCode.AlreadyQuantized"/>.</exception>
    /// <exception cref="InputException">There are no samples or labels, or this machine cannot train.</exception>
    public static async Task<TrainingHands> FindAsync(Screen screen, Model model, CompressionOptions options, SampleReference? samples, CancellationToken cancellationToken)
    {
        // Before a build of minutes.
        IntegerOperators.RequireFloat(model);
        var kind = options.Recovery.Kind;
        var criterion = options.Criterion == CompressionOptions.AutomaticCriterion ? null : CriterionRegistry.Find(options.Criterion);
        if (kind == RecoveryKind.Repair && criterion is not { NeedsGradients: true })
        {
            return new TrainingHands(null, null);
        }

        var named = samples ?? throw new InputException(ErrorCode.NoSamples, $"{(kind == RecoveryKind.Repair ? $"The criterion '{criterion!.Name}' looks at" : "Training learns from")} samples. Give some with '--data'.");
        var split = LearntSamples.Split(named, options.Seed, needsLabels: kind == RecoveryKind.FineTune || criterion is { NeedsLabels: true });
        var process = await TrainingProcess.FindAsync(screen.Shell, cancellationToken).ConfigureAwait(false);
        return new TrainingHands(new ProcessTrainer(process, split.Learn, cancellationToken), split.HeldOut);
    }
}
