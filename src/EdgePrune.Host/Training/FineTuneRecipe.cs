namespace EdgePrune.Host;

/// <summary>How a model is trained further, such as after pruning.</summary>
public sealed record FineTuneRecipe
{
    /// <summary>Epochs, learning rate and the like.</summary>
    public TrainingOptions Training { get; set; } = new();

    /// <summary>How the teacher is followed, or null to learn from labels alone. <value>Default: null.</value></summary>
    public DistillationOptions? Distillation { get; set; }

    /// <summary>
    /// How the model will be quantized, when it learns under that rounding (quantization-aware), or null. Activations and
    /// weights are rounded as the quantizer's Q/DQ pairs will, with straight-through gradients. <value>Default: null.</value>
    /// </summary>
    public QuantizationOptions? Quantization { get; set; }

    /// <summary>All faults; empty when the recipe is sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate() => [.. Training.Validate(), .. Distillation?.Validate() ?? []];
}
