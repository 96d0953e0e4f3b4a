using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>Gives every value that becomes int8 its scale and zero point.</summary>
internal static class ParameterPlan
{
    /// <summary>Assigns the parameters.</summary>
    /// <param name="units">The units to quantize, in topological order.</param>
    /// <param name="recipe">Ranges, and what is fixed.</param>
    /// <returns>The values to convert; a value that is missing stays float.</returns>
    public static IReadOnlyDictionary<Value, AffineParameters> Assign(IReadOnlyList<QuantizationUnit> units, QuantizationRecipe recipe)
    {
        Dictionary<Value, AffineParameters> parameters = [];
        var read = units.SelectMany(u => u.Inputs).ToHashSet();
        foreach (var unit in units)
        {
            foreach (var input in unit.Inputs)
            {
                parameters.TryAdd(input, recipe.Fixed.TryGetValue(input.Name, out var given) ? given : AffineParameters.FromRange(recipe.RangeOf(input)));
            }

            foreach (var output in unit.Outputs.Where(o => o.IsUsed && (!unit.CanGiveFloat || read.Contains(o))))
            {
                parameters[output] = ForOutput(unit, output, parameters, recipe.RangeOf);
            }
        }

        return parameters;
    }

    private static AffineParameters ForOutput(QuantizationUnit unit, Value output, Dictionary<Value, AffineParameters> known, Func<Value, ValueRange> rangeOf)
    {
        if (unit.Rule == QuantizationRule.Movement)
        {
            // The same integers go through only under the same scale and zero point.
            return known[unit.Inputs.First()];
        }

        var range = rangeOf(output);
        if (unit.Activation is { } activation)
        {
            return AffineParameters.Within(range, LayerPlace.RangeOf(activation));
        }

        return unit.Core.OperatorType is "Sigmoid" or "Softmax" ? AffineParameters.UnitInterval : AffineParameters.FromRange(range);
    }
}
