using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Seconds that a device needs for each node in float and in int8, and for converting one element between them, from its times of
/// the operators of both forms.
/// </summary>
/// <remarks>
/// <para>Kernels that lead to no node (changes of layout, what a name does not tell) take part of their form's time; it is added to the others in proportion, so that each form's nodes sum up to its latency.</para>
/// <para>
/// A node with a weight that was not measured in a form counts by its multiply-accumulates and the form's mean seconds for one. A node without a weight that the float form
/// does not show was merged into a neighbour and is free there; one that ran in float in the int8 form counts by its elements and the mean of those that ran in
/// integers, or as in float when none did. Of several int8 forms the last one that shows something counts, see <see cref="Int8Times"/>. Without a measured conversion one element costs as much as <see cref="ArchitecturePreset.MacsPerConversion"/> multiply-accumulates in float.
/// </para>
/// </remarks>
internal sealed class QuantizationCosts : IUnitCosts
{
    // A node that is cheaper in float still loses a little when it goes back to it: its neighbours convert for it.
    private const double LeastSaved = 1e-9;

    private readonly CalibrationStatistics _statistics;
    private readonly IReadOnlyDictionary<string, (double Float, double Int8)> _seconds;
    private readonly IReadOnlyDictionary<string, double> _conversions;

    /// <summary>Costs that are known already.</summary>
    /// <param name="statistics">Sizes of the values.</param>
    /// <param name="seconds">Seconds of each node, by the name of its first output.</param>
    /// <param name="secondsPerElement">Seconds for converting one element.</param>
    /// <param name="secondsInFloat">Seconds of the whole float form.</param>
    /// <param name="conversions">Seconds for converting single values, by their names, that go before the size of the value; or null.</param>
    public QuantizationCosts(
        CalibrationStatistics statistics, IReadOnlyDictionary<string, (double Float, double Int8)> seconds, double secondsPerElement, double secondsInFloat, IReadOnlyDictionary<string, double>? conversions = null) =>
        (_statistics, _seconds, SecondsPerElement, SecondsInFloat, _conversions) = (statistics, seconds, secondsPerElement, secondsInFloat, conversions ?? new Dictionary<string, double>());

    /// <summary>Seconds for converting one element.</summary>
    public double SecondsPerElement { get; }

    /// <summary>Seconds of the whole float form.</summary>
    public double SecondsInFloat { get; }

    /// <summary>Leads measured times back to a model's nodes.</summary>
    /// <param name="forms">What was measured.</param>
    /// <param name="recipe">The float model as it is about to be quantized.</param>
    /// <exception cref="InputException">The profiles are of another model.</exception>
    public static QuantizationCosts Of(MeasuredForms forms, QuantizationRecipe recipe)
    {
        var graph = recipe.Prepared.Graph;
        var names = new KernelNames(graph, forms.Measured?.Graph);
        var inFloat = FormTimes.Of(forms.Float, names, Precision.Float32);
        var inInt8 = new Int8Times(forms, inFloat, names);
        var work = graph.Nodes.Where(n => UnitFinder.RuleOf(n) != QuantizationRule.Float).ToDictionary(n => n, n => UnitWork.Of(recipe, n.Output.Name));
        var means = (Float: inFloat.MeanOf(work), Int8: inInt8.MeanOf(work));
        var seconds = work.ToDictionary(w => w.Key.Output.Name, w => Seconds(w.Key, w.Value));
        var perElement = inInt8.PerConvertedElement(recipe.Statistics) ?? means.Float.Weighted * WorkEstimate.MacsPerConversion(recipe);
        return new QuantizationCosts(recipe.Statistics, seconds, perElement, forms.Float.Sum(o => o.Mean.TotalSeconds), inInt8.Conversions);

        (double Float, double Int8) Seconds(Node node, double amount)
        {
            var isWeighted = UnitFinder.RuleOf(node) == QuantizationRule.Weighted;
            var floating = inFloat.Of(node) ?? (isWeighted ? amount * means.Float.Weighted : 0);
            var integer = inInt8.Of(node) ?? (isWeighted ? amount * means.Int8.Weighted : means.Int8.Other is { } mean && UnitFinder.RuleOf(node) == QuantizationRule.Activation ? amount * mean : floating);
            return (floating, integer);
        }
    }

    /// <inheritdoc/>
    public (double Float, double Int8) Of(QuantizationUnit unit)
    {
        var (inFloat, inInt8) = _seconds.GetValueOrDefault(unit.Core.Output.Name);
        var activation = unit.Activation is { } merged ? _seconds.GetValueOrDefault(merged.Output.Name).Float : 0;
        return (inFloat + activation, inInt8);
    }

    /// <inheritdoc/>
    public double Conversion(Value value) => _conversions.TryGetValue(value.Name, out var measured) ? measured : SecondsPerElement * (_statistics.Find(value)?.Count ?? 0);

    /// <summary>What a choice of units makes of the model's time.</summary>
    /// <param name="planner">The planner, by these costs.</param>
    /// <param name="chosen">For each of its units whether it is in int8.</param>
    public PlannedTime Planned(IslandPlanner planner, IReadOnlyList<bool> chosen)
    {
        var change = planner.Cost(chosen) - planner.Cost(new bool[chosen.Count]);
        return new PlannedTime(TimeSpan.FromSeconds(SecondsInFloat), TimeSpan.FromSeconds(Math.Max(0, SecondsInFloat + change)));
    }

    /// <summary>Seconds that a node takes more in float than in int8, and a little where it takes no more.</summary>
    /// <param name="output">Name of its first output in the float model.</param>
    public double LostInFloat(string output)
    {
        var (inFloat, inInt8) = _seconds.GetValueOrDefault(output);
        return Math.Max(LeastSaved, inFloat - inInt8);
    }
}
