using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Quantizes a float model to int8 for ONNX Runtime: calibrated 8-bit activations, 8-bit weights with a scale for each
/// channel, written as QuantizeLinear and DequantizeLinear pairs that the runtime merges into integer kernels.
/// </summary>
/// <remarks>
/// Only what the runtime really merges is quantized: its optimised graph is read back, and a node that it leaves in float
/// between conversions gets its conversions removed. The same model, samples and options give the same bytes.
/// </remarks>
public static class StaticQuantizer
{
    // Every rebuild takes at least one node back to float; graphs settle after one or two.
    private const int LargestRebuilds = 8;

    private static readonly Dictionary<string, AffineParameters> Nothing = [];

    /// <summary>Quantizes a model; the given one is not changed.</summary>
    /// <param name="model">The float model; it need not be normalised.</param>
    /// <param name="calibration">Samples as the model will see them; 100 to 500 are enough. Labels are not used.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops between batches and rebuilds.</param>
    /// <returns>The quantized model and its report; when nothing can be quantized the model comes back as it was, and the report says why.</returns>
    /// <exception cref="InputException">The options are unsound, or the samples do not fit the model.</exception>
    /// <exception cref="ModelException">The model is quantized already, cannot run, or is too old to be rewritten.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static QuantizedModel Quantize(Model model, ISampleSource calibration, QuantizationOptions options, CancellationToken cancellationToken) =>
        Quantize(model, calibration, options, null, cancellationToken);

    /// <summary>Quantizes a model within a limit of what its score may lose: where the limit is broken, the nodes that do most harm for the least work go back to float.</summary>
    /// <param name="model">The float model; it need not be normalised.</param>
    /// <param name="calibration">Samples as the model will see them; 100 to 500 are enough. Labels are not used.</param>
    /// <param name="options">How.</param>
    /// <param name="limit">What may be lost, or null for no limit.</param>
    /// <param name="cancellationToken">Stops between batches, rebuilds and trials.</param>
    /// <returns>The quantized model and its report.</returns>
    /// <exception cref="InputException">The options are unsound, or the samples do not fit the model.</exception>
    /// <exception cref="ModelException">The model is quantized already, cannot run, or is too old to be rewritten.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static QuantizedModel Quantize(Model model, ISampleSource calibration, QuantizationOptions options, QuantizationLimit? limit, CancellationToken cancellationToken)
    {
        Require(model, options);
        if (options.InputType == ModelInputType.Float32)
        {
            return Run(model, calibration, options, limit, Nothing, cancellationToken);
        }

        var form = ByteFold.Apply(Prepare(model, calibration), calibration);
        var within = limit is null ? null : limit with { Loss = (candidate, token) => limit.Loss(form.Write(candidate), token) };
        var given = new Dictionary<string, AffineParameters> { [form.Input] = form.Parameters };
        var quantized = Run(form.Model, form.Samples, options with { SignedActivations = false }, within, given, cancellationToken);
        return new QuantizedModel(form.Write(quantized.Model), quantized.Report with { Bytes = form.Report });
    }

    private static QuantizedModel Run(
        Model model, ISampleSource calibration, QuantizationOptions options, QuantizationLimit? limit, IReadOnlyDictionary<string, AffineParameters> given, CancellationToken cancellationToken)
    {
        var searches = options.Searches || limit is not null;
        var samples = searches ? JudgedSamples.Of(calibration) : new JudgedSamples(calibration, calibration, calibration);
        var (recipe, attempt) = Start(model, samples.All, options, given, cancellationToken);
        if (attempt.Units.Count == 0)
        {
            return new QuantizedModel(model.Clone(), attempt.Report(recipe));
        }

        IReadOnlyList<QuantizationStep> steps = [];
        if (searches)
        {
            (recipe, steps) = QuantizationSearch.Run(model, (recipe, attempt), samples, (options, limit), cancellationToken);
            attempt = Verified(recipe);
        }

        var errors = NodeErrors.Measure(recipe, attempt, samples.Judge, cancellationToken);
        return new QuantizedModel(attempt.Units.Count > 0 ? attempt.Model : model.Clone(), attempt.Report(recipe, errors) with { Steps = steps, RaisedFromOpset = model.Opset < OpsetRaise.Needed ? model.Opset : null });
    }

    /// <summary>Where <see cref="Quantize(Model, ISampleSource, QuantizationOptions, CancellationToken)"/> rounds a model, for training under that rounding.</summary>
    internal static QuantizationPlacement Place(Model model, ISampleSource calibration, QuantizationOptions options, CancellationToken cancellationToken)
    {
        Require(model, options);
        return Start(model, calibration, options, Nothing, cancellationToken).Attempt.Placement;
    }

    /// <summary>The recipe to start from, and what it gives: what ONNX Runtime leaves in float stays in float.</summary>
    private static (QuantizationRecipe Recipe, QuantizationAttempt Attempt) Start(
        Model model, ISampleSource calibration, QuantizationOptions options, IReadOnlyDictionary<string, AffineParameters> given, CancellationToken cancellationToken)
    {
        var prepared = Prepare(model, calibration);
        var kept = options.KeepFloat.ToDictionary(name => name, _ => "The options keep it in float.");
        var recipe = new QuantizationRecipe(prepared, CalibrationPass.Run(prepared, calibration, kept, cancellationToken), options.SignedActivations)
        {
            KeepFloat = kept,
            Method = options.Method == CalibrationMethod.Auto ? CalibrationMethod.Extremes : options.Method,
            Percentile = options.Percentile,
            Fixed = given,
        };
        recipe = options.Measured is { } forms ? recipe with { Costs = QuantizationCosts.Of(forms, recipe) } : recipe;
        var attempt = Verified(recipe);
        for (var rebuild = 0; rebuild < LargestRebuilds && attempt.Check.Unfused.Count > 0; rebuild++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var name in attempt.UnfusedNames)
            {
                kept[name] = "ONNX Runtime merges no integer kernel for it here; conversions around it would only cost time.";
            }

            attempt = Verified(recipe);
        }

        return (recipe, attempt);
    }

    private static QuantizationAttempt Verified(QuantizationRecipe recipe)
    {
        var attempt = QuantizationAttempt.Make(recipe);
        attempt.Verify(recipe.Signed);
        return attempt;
    }

    private static Model Prepare(Model model, ISampleSource calibration)
    {
        var prepared = ModelNormalizer.Normalize(SampleSizes.Fixed(model, calibration));
        if (prepared.Opset < OpsetRaise.Needed)
        {
            // One sample shows the shapes that the rewriting needs.
            OpsetRaise.Apply(prepared, CalibrationPass.Shapes(prepared, calibration));
        }

        ActivationHoist.Apply(prepared.Graph);
        return prepared;
    }

    private static void Require(Model model, QuantizationOptions options)
    {
        RequireSound(options);
        IntegerOperators.RequireFloat(model);
    }

    private static void RequireSound(QuantizationOptions options)
    {
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new InputException(ErrorCode.InvalidOption, "The quantization options are unsound: " + string.Join(" ", faults));
        }
    }
}
