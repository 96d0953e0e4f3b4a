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

    /// <summary>Quantizes a model; the given one is not changed.</summary>
    /// <param name="model">The float model; it need not be normalised.</param>
    /// <param name="calibration">Samples as the model will see them; 100 to 500 are enough. Labels are not used.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops between batches and rebuilds.</param>
    /// <returns>The quantized model and its report; when nothing can be quantized the model comes back as it was, and the report says why.</returns>
    /// <exception cref="InputException">The options are unsound, or the samples do not fit the model.</exception>
    /// <exception cref="ModelException">The model is quantized already, cannot run, or is too old to be rewritten.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static QuantizedModel Quantize(Model model, ISampleSource calibration, QuantizationOptions options, CancellationToken cancellationToken)
    {
        var (attempt, samples) = Settle(model, calibration, options, cancellationToken);
        return new QuantizedModel(attempt.Units.Count > 0 ? attempt.Model : model.Clone(), attempt.Report(options.Method, samples));
    }

    /// <summary>Where <see cref="Quantize"/> rounds a model, for training under that rounding.</summary>
    internal static QuantizationPlacement Place(Model model, ISampleSource calibration, QuantizationOptions options, CancellationToken cancellationToken) =>
        Settle(model, calibration, options, cancellationToken).Attempt.Placement;

    private static (QuantizationAttempt Attempt, int Samples) Settle(Model model, ISampleSource calibration, QuantizationOptions options, CancellationToken cancellationToken)
    {
        RequireSound(options);
        RequireFloat(model);
        var prepared = Prepare(model, calibration, options, cancellationToken);
        var statistics = CalibrationPass.Run(prepared, calibration, options, cancellationToken);
        var kept = options.KeepFloat.ToDictionary(name => name, _ => "The options keep it in float.");
        for (var rebuild = 0; ; rebuild++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var attempt = QuantizationAttempt.Make(prepared, statistics, kept, options.SignedActivations);
            if (attempt.Check.Unfused.Count == 0 || rebuild == LargestRebuilds)
            {
                return (attempt, statistics.Samples);
            }

            foreach (var name in attempt.UnfusedNames)
            {
                kept[name] = "ONNX Runtime merges no integer kernel for it here; conversions around it would only cost time.";
            }
        }
    }

    private static Model Prepare(Model model, ISampleSource calibration, QuantizationOptions options, CancellationToken cancellationToken)
    {
        var prepared = ModelNormalizer.Normalize(model);
        if (prepared.Opset < OpsetRaise.Needed)
        {
            // One sample shows the shapes that the rewriting needs.
            OpsetRaise.Apply(prepared, CalibrationPass.Run(prepared, SampleSubset.Range(calibration, 0, 1), options, cancellationToken));
        }

        ActivationHoist.Apply(prepared.Graph);
        return prepared;
    }

    private static void RequireSound(QuantizationOptions options)
    {
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new InputException(ErrorCode.InvalidOption, "The quantization options are unsound: " + string.Join(" ", faults));
        }
    }

    private static void RequireFloat(Model model)
    {
        if (model.Graph.Nodes.FirstOrDefault(FusionCheck.IsQuantized) is { } node)
        {
            throw new ModelException(ErrorCode.AlreadyQuantized,
                $"The model is quantized already: node {node} computes with or converts to integers. Give the float model it was made from.");
        }
    }
}
