using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// What a search knows before it asks a device: the analysed model and the precisions to try. All that model and options alone
/// make impossible is refused here, so that nothing has to be started for a search that cannot be.
/// </summary>
public sealed class TuningStart
{
    private TuningStart(Model model, ISampleSource samples, TuningOptions options, CancellationToken cancellationToken)
    {
        (Model, Samples) = (SampleSizes.Fixed(model, samples), samples);
        Analysis = ModelAnalysis.Of(Model, options.Grouping);
        GroupSlots.RequireKnown(Analysis, options.Compression.Limits);
        var precisions = CandidatePrecisions.Choose(Analysis, options, cancellationToken);
        Options = options with { Precisions = precisions.Tried };
        LeftOut = precisions.LeftOut;
    }

    /// <summary>The original that is measured: the model as it was given, but for free sizes that the samples know.</summary>
    public Model Model { get; }

    /// <summary>Unlabelled samples for repair and calibration.</summary>
    public ISampleSource Samples { get; }

    /// <summary>The normalised model with its groups and pins.</summary>
    public ModelAnalysis Analysis { get; }

    /// <summary>The options, with the precisions that are tried.</summary>
    public TuningOptions Options { get; }

    /// <summary>Precisions that are not tried, and why.</summary>
    public IReadOnlyList<LeftOutPrecision> LeftOut { get; }

    /// <summary>Prepares a search.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="samples">Unlabelled samples for repair and calibration.</param>
    /// <param name="options">Budget, compression and limits of the search.</param>
    /// <param name="cancellationToken">Stops between the precisions.</param>
    /// <returns>The start of the search.</returns>
    /// <exception cref="ModelException"><see cref="ErrorCode.AlreadyQuantized"/>; or the model is inconsistent or ONNX Runtime cannot run it.</exception>
    /// <exception cref="InputException">The options are unsound, a limit is for no group, or no precision that was asked for changes the model.</exception>
    public static TuningStart Of(Model model, ISampleSource samples, TuningOptions options, CancellationToken cancellationToken)
    {
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new InputException(ErrorCode.ImpossibleBudget, string.Join(" ", faults));
        }

        IntegerOperators.RequireFloat(model);
        return new TuningStart(model, samples, options, cancellationToken);
    }
}
