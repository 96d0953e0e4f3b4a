using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>A quantized model and what ONNX Runtime makes of it.</summary>
internal sealed class QuantizationAttempt
{
    private readonly Dictionary<Node, string> _refusals;
    private readonly Dictionary<QuantizationUnit, string> _outputs;
    private readonly IReadOnlyList<Node> _nodes;

    private QuantizationAttempt(Model model, IReadOnlyList<QuantizationUnit> units, Dictionary<Node, string> refusals)
    {
        Model = model;
        Units = units;
        _refusals = refusals;
        _nodes = [.. model.Graph.Nodes];

        // Values that are graph outputs get other names while the graph is built.
        _outputs = units.ToDictionary(u => u, u => u.Core.Output.Name);
    }

    /// <summary>The model with its conversions.</summary>
    public Model Model { get; }

    /// <summary>What was quantized.</summary>
    public IReadOnlyList<QuantizationUnit> Units { get; }

    /// <summary>What the conversions round.</summary>
    public required QuantizationPlacement Placement { get; init; }

    /// <summary>What ONNX Runtime makes of it.</summary>
    public FusionCheck Check { get; private set; } = new(0, 0, []);

    /// <summary>Names of the first outputs, as the float model has them, of the nodes that ONNX Runtime leaves in float.</summary>
    public IEnumerable<string> UnfusedNames => Check.Unfused.Select(u => _outputs[u]);

    /// <summary>Scale and zero point of every value that is converted.</summary>
    public required IReadOnlyDictionary<string, AffineParameters> Parameters { get; init; }

    /// <summary>How long it takes by what a device measured, or null when nothing was measured.</summary>
    public PlannedTime? Planned { get; private init; }

    /// <summary>Quantizes a copy of a model.</summary>
    /// <param name="recipe">How.</param>
    /// <param name="addsBiases">Whether every node that can have a bias gets one, of zeros where it had none.</param>
    /// <returns>The attempt; ONNX Runtime has not seen it yet.</returns>
    public static QuantizationAttempt Make(QuantizationRecipe recipe, bool addsBiases = false)
    {
        var model = recipe.Prepared.Clone();
        var (found, refusals) = UnitFinder.Find(model.Graph, recipe.Statistics, recipe.KeepFloat);
        var planner = new IslandPlanner(found, recipe);
        var chosen = planner.Choose();
        List<QuantizationUnit> units = [.. found.Where((_, i) => chosen[i])];
        foreach (var left in found.Except(units))
        {
            refusals[left.Core] = WhyLeft(left, recipe);
            if (left.Activation is { } activation)
            {
                refusals[activation] = $"The node in front of it, {left.Core}, runs in float.";
            }
        }

        var parameters = ParameterPlan.Assign(units, recipe);
        var attempt = new QuantizationAttempt(model, units, refusals)
        {
            Placement = QuantizationPlacement.Of(recipe.Prepared, model.Graph, units, parameters),
            Parameters = parameters.ToDictionary(p => p.Key.Name, p => p.Value),
            Planned = recipe.Costs is { } costs ? costs.Planned(planner, chosen) : null,
        };
        QdqBuilder.Build(model.Graph, units, parameters, addsBiases ? WithBiases(recipe, units) : recipe);
        return attempt;
    }

    private static string WhyLeft(QuantizationUnit left, QuantizationRecipe recipe) => (recipe.Costs, left.Weight) switch
    {
        (not null, _) => "By the device's measurements integers save less here than converting for it costs.",
        (_, null) => "Its neighbours run in float; converting for it alone would cost more than it saves.",
        _ => "It has so little work that converting its values to integers and back would cost more than integers save.",
    };

    private static QuantizationRecipe WithBiases(QuantizationRecipe recipe, IEnumerable<QuantizationUnit> units)
    {
        var shifts = recipe.BiasShifts.ToDictionary();
        foreach (var unit in units.Where(u => u is { CanHaveBias: true, Weight.Bias: < 0 }))
        {
            shifts.TryAdd(unit.Core.Output.Name, new float[unit.Core.Input(unit.Weight!.Weight)!.Constant!.Dims[unit.Weight.OutputAxis]]);
        }

        return recipe with { BiasShifts = shifts };
    }

    /// <summary>Reads back what ONNX Runtime makes of it.</summary>
    /// <param name="signed">Whether activations are signed.</param>
    public void Verify(bool signed) => Check = FusionCheck.Run(Model, Units, signed);

    /// <summary>Name of a unit's first output as the float model has it.</summary>
    public string NameOf(QuantizationUnit unit) => _outputs[unit];

    /// <summary>What was done to every node that could be quantized.</summary>
    /// <param name="recipe">What it was made by.</param>
    /// <param name="errors">Errors of the nodes, by the name of their first output, or null.</param>
    public QuantizationReport Report(QuantizationRecipe recipe, IReadOnlyDictionary<string, double>? errors = null)
    {
        Dictionary<Node, NodePrecision> quantized = [];
        foreach (var unit in Units)
        {
            quantized[unit.Core] = Precise(unit.Core, Precision.Int8, Reason(unit)) with { Error = errors?.TryGetValue(_outputs[unit], out var error) == true ? error : null };
            if (unit.Activation is { } activation)
            {
                quantized[activation] = Precise(activation, Precision.Int8, $"It merges into {unit.Core}.");
            }
        }

        var nodes = _nodes.Where(n => quantized.ContainsKey(n) || _refusals.ContainsKey(n))
            .Select(n => quantized.GetValueOrDefault(n) ?? Precise(n, Precision.Float32, _refusals[n]));
        return new QuantizationReport(recipe.Method, recipe.Statistics.Samples, [.. nodes], Check.IntegerNodes, Check.FloatNodes) { Planned = Planned };
    }

    private string Reason(QuantizationUnit unit)
    {
        if (Check.Unfused.Contains(unit))
        {
            return "It has int8 constants, but ONNX Runtime computes it in float.";
        }

        return unit.Rule switch
        {
            QuantizationRule.Weighted => "It runs as an integer kernel with a scale for each channel of its weight.",
            QuantizationRule.Movement => "It moves int8 values under its input's scale.",
            _ => "Its inputs are int8 already, or need less conversion than its float form.",
        };
    }

    private static NodePrecision Precise(Node node, Precision precision, string reason) => new(node.Label, node.OperatorType, precision, reason);
}
