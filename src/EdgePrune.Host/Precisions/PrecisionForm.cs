using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>What there is to know of a precision.</summary>
public sealed record PrecisionForm
{
    /// <summary>The precision.</summary>
    public required Precision Precision { get; init; }

    /// <summary>Its name on the command line and in reports.</summary>
    public required string Name { get; init; }

    /// <summary>What a model of it is stored in, to end a sentence such as "the rest is stored in".</summary>
    public required string StoredIn { get; init; }

    /// <summary>What makes it of a float model without samples, or null where nothing does.</summary>
    public IPrecisionConversion? Conversion { get; init; }

    /// <summary>Whether <see cref="StaticQuantizer"/> makes it, which needs samples. <value>Default: false.</value></summary>
    public bool NeedsSamples { get; init; }

    /// <summary>The precision in <c>targets/*.json</c> by whose rules channel counts are rounded: what its products are computed in.</summary>
    internal string Quanta { get; init; } = "float32";

    /// <summary>What its operators cost, for predictions.</summary>
    internal PrecisionCost Cost { get; init; } = PrecisionCost.Float;

    /// <summary>What predictions count, as a sentence; nothing for floats.</summary>
    internal string Counted { get; init; } = "";

    /// <summary>Why it suits a model that it suits, in sentences.</summary>
    internal Func<PrecisionFacts, string> Why { get; init; } = _ => "";

    /// <summary>Its style in plots.</summary>
    internal string Style { get; init; } = "s1";

    /// <summary>Whether a search tries it without being asked to.</summary>
    internal Func<PrecisionFacts, bool> Suits { get; init; } = _ => true;

    /// <summary>Brings a float model into the precision.</summary>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="calibration">What it is calibrated with; asked for only where <see cref="NeedsSamples"/>.</param>
    /// <param name="cancellationToken">Stops between weights.</param>
    /// <returns>The model and what was done; the model as it came where nothing makes the precision.</returns>
    /// <exception cref="ModelException">The model is quantized already, cannot run or cannot be rewritten.</exception>
    internal PreciseModel Make(Model model, Func<CalibrationInput> calibration, CancellationToken cancellationToken)
    {
        if (Conversion?.Convert(model, cancellationToken) is { } converted)
        {
            return new PreciseModel(converted.Model, Conversion: converted.Report);
        }

        if (!NeedsSamples)
        {
            return new PreciseModel(model);
        }

        var (samples, options, limit) = calibration();
        var quantized = StaticQuantizer.Quantize(model, samples, options, limit, cancellationToken);
        return new PreciseModel(quantized.Model, quantized.Report);
    }
}

/// <summary>What a precision is calibrated with.</summary>
/// <param name="Samples">Samples as the model will see them.</param>
/// <param name="Options">How.</param>
/// <param name="Limit">What may be lost, or null for no limit.</param>
internal sealed record CalibrationInput(ISampleSource Samples, QuantizationOptions Options, QuantizationLimit? Limit = null);
