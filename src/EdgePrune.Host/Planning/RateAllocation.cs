using System.Text.Json.Serialization;

namespace EdgePrune.Host;

/// <summary>What decides how much each group gives.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RateAllocation>))]
public enum RateAllocation
{
    /// <summary>The scores of its channels.</summary>
    Score,
    /// <summary>What the model's output was measured to lose when the group alone gives: <see cref="SensitivityCurves"/>.</summary>
    Sensitivity,
    /// <summary>
    /// Trials: a few ways to share the rate out are carried out and repaired, and the one stays whose output is clearly nearest to
    /// the original's on samples that the repair has not seen; where none is, that by sensitivity.
    /// </summary>
    Trial,
}
