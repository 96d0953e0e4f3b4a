using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Costs where nothing is measured, in converted elements: integers save a fixed number of multiply-accumulates for each element
/// that a conversion touches, and units without a weight cost the same either way.
/// </summary>
/// <param name="statistics">Sizes of the values.</param>
/// <param name="macsPerConversion">Multiply-accumulates that integers save in the time that converting one element takes.</param>
internal sealed class WorkEstimate(CalibrationStatistics statistics, double macsPerConversion) : IUnitCosts
{
    /// <summary>The estimate for what a recipe is made for.</summary>
    /// <param name="recipe">The recipe.</param>
    public static WorkEstimate For(QuantizationRecipe recipe) => new(recipe.Statistics, MacsPerConversion(recipe));

    /// <summary>Multiply-accumulates that the architecture of a recipe takes one conversion for.</summary>
    /// <param name="recipe">The recipe.</param>
    public static double MacsPerConversion(QuantizationRecipe recipe) => RuntimeFusions.PresetOf(recipe.Signed ? "arm64" : "x64").MacsPerConversion;

    /// <inheritdoc/>
    public (double Float, double Int8) Of(QuantizationUnit unit) => unit.Weight is { } slots
        ? (UnitWork.Macs(unit.Core, unit.Core.Input(slots.Weight)!.Constant!, statistics.Find(unit.Core.Output)!.Count) / macsPerConversion, 0)
        : (0, 0);

    /// <inheritdoc/>
    public double Conversion(Value value) => statistics.Find(value)?.Count ?? 0;
}
