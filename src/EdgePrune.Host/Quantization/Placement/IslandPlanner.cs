namespace EdgePrune.Host;

/// <summary>
/// Chooses which units are quantized: those with which the model costs least, work and conversions between float and int8 together.
/// </summary>
/// <remarks>
/// <para>
/// Each unit is in float or in int8, and a value is converted once where its producer and some of its readers differ. The cheapest choice of
/// all is a minimum cut, so that regions of which only the whole is worth it, or only the whole is not, are found; of choices that cost
/// the same, the one with the fewest units in int8 is taken.
/// </para>
/// <para>
/// Worked example: Conv, MaxPool (a quarter of the elements), HardSwish. In int8 the MaxPool converts its small output for
/// HardSwish; in float it would convert its large input: it joins the island. A Reshape in front of HardSwish converts as
/// much either way and stays out.
/// </para>
/// </remarks>
internal sealed class IslandPlanner
{
    private readonly (double Float, double Int8)[] _work;
    private readonly List<IslandBorder> _borders;

    /// <summary>Looks at units and what they cost.</summary>
    /// <param name="units">The units.</param>
    /// <param name="recipe">Their model; what was measured of it, or else the estimate, decides.</param>
    public IslandPlanner(IReadOnlyList<QuantizationUnit> units, QuantizationRecipe recipe)
        : this(units, recipe.Costs ?? (IUnitCosts)WorkEstimate.For(recipe), recipe.Fixed.ContainsKey)
    {
    }

    /// <summary>Looks at units and what they cost.</summary>
    /// <param name="units">The units.</param>
    /// <param name="costs">What they cost.</param>
    /// <param name="given">Whether a value is int8 from the start, by its name.</param>
    public IslandPlanner(IReadOnlyList<QuantizationUnit> units, IUnitCosts costs, Func<string, bool> given)
    {
        _work = [.. units.Select(costs.Of)];
        _borders = IslandBorder.Of(units, costs, given);
    }

    /// <summary>For each unit whether it is cheapest in int8.</summary>
    public bool[] Choose()
    {
        var cut = new MinimumCut();
        int[] nodes = [.. _work.Select(_ => cut.AddNode())];
        foreach (var (node, (inFloat, inInt8)) in nodes.Zip(_work))
        {
            if (inFloat > inInt8)
            {
                cut.AddEdge(MinimumCut.Source, node, inFloat - inInt8);
            }
            else if (inInt8 > inFloat)
            {
                cut.AddEdge(node, MinimumCut.Sink, inInt8 - inFloat);
            }
        }

        foreach (var border in _borders)
        {
            border.AddTo(cut, nodes);
        }

        var sides = cut.Solve();
        return [.. nodes.Select(n => sides[n])];
    }

    /// <summary>What the units and their conversions cost with some of them in int8.</summary>
    /// <param name="isInt8">For each unit whether it is in int8.</param>
    public double Cost(IReadOnlyList<bool> isInt8) =>
        _work.Select((w, i) => isInt8[i] ? w.Int8 : w.Float).Sum() + _borders.Sum(b => b.Cost(isInt8));
}
