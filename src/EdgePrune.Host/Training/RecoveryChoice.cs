using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>What brings accuracy back after a removal.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecoveryKind>))]
public enum RecoveryKind
{
    /// <summary>Repair without training.</summary>
    Repair,
    /// <summary>Repair, then distillation from the original; no labels needed.</summary>
    Distill,
    /// <summary>Repair, then fine-tuning by labels.</summary>
    FineTune,
}

/// <summary>How a pruned model is recovered.</summary>
/// <param name="Kind">What brings accuracy back.</param>
/// <param name="Recipe">How it is trained, for the kinds that train.</param>
public sealed record RecoveryChoice(RecoveryKind Kind, FineTuneRecipe Recipe)
{
    /// <summary>Repair without training.</summary>
    public static RecoveryChoice None { get; } = new(RecoveryKind.Repair, new FineTuneRecipe());
}
