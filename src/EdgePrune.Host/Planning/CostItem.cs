namespace EdgePrune.Host;

/// <summary>A part of a model's cost that depends on the sizes of some axes.</summary>
internal abstract class CostItem
{
    /// <summary>Numbers of the axes it depends on, each once.</summary>
    public abstract IReadOnlyList<int> Axes { get; }

    /// <summary>The cost at these sizes.</summary>
    public abstract double At(int[] sizes, int[] full);
}

/// <summary>A whole number that is proportional to each of its axes: elements of a tensor, operations of a contraction.</summary>
/// <param name="full">The figure at full sizes.</param>
/// <param name="axes">The axes.</param>
/// <param name="weight">What one of it counts.</param>
internal sealed class ProductCost(double full, int[] axes, double weight = 1) : CostItem
{
    public override IReadOnlyList<int> Axes => axes;

    public double Full => full;

    public ProductCost Weighted(double other) => new(full, axes, weight * other);

    // Rounded, so that the quotients leave no trace: the figure is a whole number.
    public override double At(int[] sizes, int[] fullSizes)
    {
        var value = full;
        foreach (var axis in axes)
        {
            value *= (double)sizes[axis] / fullSizes[axis];
        }

        return weight * Math.Round(value);
    }
}

/// <summary>
/// Predicted time of one operator: the longer of computing and moving its data, and a fixed share for starting it.
/// </summary>
/// <remarks>Roofline model: Williams, Waterman and Patterson, Communications of the ACM 52 (4), 2009.</remarks>
/// <param name="compute">Seconds of computing.</param>
/// <param name="traffic">Seconds of moving data.</param>
/// <param name="overhead">Seconds that starting it takes.</param>
internal sealed class RooflineCost(IReadOnlyList<ProductCost> compute, IReadOnlyList<ProductCost> traffic, double overhead) : CostItem
{
    public override IReadOnlyList<int> Axes { get; } = [.. compute.Concat(traffic).SelectMany(c => c.Axes).Distinct()];

    public override double At(int[] sizes, int[] full) => Math.Max(Sum(compute, sizes, full), Sum(traffic, sizes, full)) + overhead;

    private static double Sum(IReadOnlyList<ProductCost> parts, int[] sizes, int[] full)
    {
        var sum = 0.0;
        foreach (var part in parts)
        {
            sum += part.At(sizes, full);
        }

        return sum;
    }
}
