using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>
/// Chooses which units are quantized: those whose integer work saves more than their conversions between float and int8 cost, and of
/// those without a weight the ones that save conversions, counted in elements at the border of the island.
/// </summary>
/// <remarks>
/// Worked example: Conv, MaxPool (a quarter of the elements), HardSwish. In int8 the MaxPool converts its small output for
/// HardSwish; in float it would convert its large input: it joins the island. A Reshape in front of HardSwish converts as
/// much either way and stays out.
/// </remarks>
internal sealed class IslandPlanner
{
    private readonly CalibrationStatistics _statistics;
    private readonly IReadOnlyDictionary<string, AffineParameters> _given;
    private readonly double _macsPerConversion;
    private readonly Dictionary<Node, QuantizationUnit> _byNode = [];
    private readonly HashSet<QuantizationUnit> _kept;

    private IslandPlanner(List<QuantizationUnit> units, QuantizationRecipe recipe)
    {
        _statistics = recipe.Statistics;
        _given = recipe.Fixed;
        _macsPerConversion = RuntimeFusions.PresetOf(recipe.Signed ? "arm64" : "x64").MacsPerConversion;
        _kept = [.. units];
        foreach (var unit in units)
        {
            _byNode[unit.Core] = unit;
            _byNode[unit.Activation ?? unit.Core] = unit;
        }
    }

    /// <summary>The units to quantize, in the given order.</summary>
    public static List<QuantizationUnit> Choose(List<QuantizationUnit> units, QuantizationRecipe recipe)
    {
        var planner = new IslandPlanner(units, recipe);

        // Everything is in at first; leaving can only make neighbours leave, so this ends.
        while (units.Where(u => planner._kept.Contains(u)).FirstOrDefault(planner.IsNotWorthIt) is { } unit)
        {
            planner._kept.Remove(unit);
        }

        return [.. units.Where(planner._kept.Contains)];
    }

    private bool IsNotWorthIt(QuantizationUnit unit)
    {
        var inputs = unit.Inputs.Distinct().ToList();
        var inInt8 = inputs.Where(v => IsInt8(v, unit)).ToList();
        var outputs = unit.Outputs.Where(o => o.IsUsed).ToList();
        var asInt8 = Elements(inputs.Except(inInt8)) + Elements(outputs.Where(o => HasReader(o, quantized: false)));
        var asFloat = Elements(inInt8) + Elements(outputs.Where(o => HasReader(o, quantized: true)));
        return asInt8 >= asFloat + SavedWork(unit);
    }

    private double SavedWork(QuantizationUnit unit) => unit.Weight is { } slots
        ? UnitWork.Macs(unit.Core, unit.Core.Input(slots.Weight)!.Constant!, _statistics.Find(unit.Core.Output)!.Count) / _macsPerConversion
        : 0;

    /// <summary>Whether a value is converted or made in int8 whatever becomes of one of its readers.</summary>
    private bool IsInt8(Value value, QuantizationUnit reader) =>
        _given.ContainsKey(value.Name)
        || (value.Producer is { } producer && UnitOf(producer) is not null)
        || value.Uses.Any(u => UnitOf(u.Node) is { Rule: QuantizationRule.Weighted } other && other != reader);

    private bool HasReader(Value value, bool quantized) => quantized
        ? value.Uses.Any(u => UnitOf(u.Node) is not null)
        : value.IsGraphOutput || value.Uses.Any(u => UnitOf(u.Node) is null);

    private QuantizationUnit? UnitOf(Node node) => _byNode.TryGetValue(node, out var unit) && _kept.Contains(unit) ? unit : null;

    private long Elements(IEnumerable<Value> values) => values.Sum(v => _statistics.Find(v)?.Count ?? 0);
}
