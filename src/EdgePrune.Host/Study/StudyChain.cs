namespace EdgePrune.Host;

/// <summary>A float cell and the cells in other precisions that are made from it; cells of one name are one.</summary>
/// <param name="Key">Name of the float cell.</param>
/// <param name="Cell">The float cell.</param>
/// <param name="Others">The cells in other precisions, by name.</param>
internal sealed record StudyChain(string Key, StudyCase Cell, IReadOnlyList<(string Key, StudyCase Cell)> Others)
{
    // A cell without training costs about as much as this share of an epoch.
    private const double Untrained = 0.1;

    /// <summary>What the chain costs about, in epochs.</summary>
    public double Cost => Cell.Epochs + (Untrained * Cells);

    /// <summary>Number of its cells.</summary>
    public int Cells => 1 + Others.Count;

    /// <summary>The chains of a grid: those without training first, for others start from them; then the longest first, so that none is waited for alone.</summary>
    public static IReadOnlyList<StudyChain> Of(IReadOnlyList<StudyCase> grid, StudyKeys keys) =>
    [
        .. grid.GroupBy(c => keys.Of(Float(c)))
            .Select(g => new StudyChain(g.Key, Float(g.First()), [.. g.Where(c => c.Precision != Precision.Float32).Select(c => (keys.Of(c), c)).DistinctBy(c => c.Item1)]))
            .OrderBy(c => c.Cell.Epochs > 0).ThenByDescending(c => c.Cell.Epochs),
    ];

    /// <summary>The cell in float, which those in other precisions are made from.</summary>
    public static StudyCase Float(StudyCase cell) => cell with { Precision = Precision.Float32 };
}
