using EdgePrune.Host;

namespace EdgePrune.Bench;

/// <summary>A way to make a model smaller without training.</summary>
/// <param name="Name">What it is called in tables and results.</param>
/// <param name="Criterion">Name of the criterion.</param>
internal sealed record RivalMethod(string Name, string Criterion)
{
    private static readonly string[] Criteria = ["l1", "l2", "fpgm", "lamp", "activation", "apoz", "wanda", "random"];

    /// <summary>The repair of others; null for none, and for methods of the product, which have their own.</summary>
    public IRivalRepair? Repair { get; init; }

    /// <summary>What a method of the product sets beyond the same rate for every layer; null for those of others.</summary>
    public Func<CompressionOptions, CompressionOptions>? Product { get; init; }

    /// <summary>The figure in which the method stays within what the same rate for every layer leaves; null when it has the same widths.</summary>
    public RateUnit? Budget { get; init; }

    public bool IsOurs => Product is not null;

    /// <summary>Whether the choice of channels is ours and the repair another's: says what each of the two is worth, and counts for neither side.</summary>
    public bool IsMixed => !IsOurs && Criterion == "obs";

    /// <summary>Whether the result depends on the drawn samples or on random scores.</summary>
    public bool IsDrawn => IsOurs || Repair is not null || Criterion == "random" || CriterionRegistry.Find(Criterion).NeedsSamples;

    /// <summary>Whether only the first draw is tried, since it takes several times as long as the others.</summary>
    public bool IsCostly { get; init; }

    /// <summary>The product's default: its criterion and repair, each layer at the same rate.</summary>
    public static RivalMethod SameWidths { get; } = new("EdgePrune: obs, repair", "obs") { Product = o => o };

    /// <summary>The product's default scope under the operations that the same rate for every layer leaves.</summary>
    public static RivalMethod SameMacs { get; } = Global("EdgePrune: obs global, repair, at most the same MACs", RateUnit.Macs);

    /// <summary>The product's default scope under the parameters that the same rate for every layer leaves.</summary>
    public static RivalMethod SameParameters { get; } = Global("EdgePrune: obs global, repair, at most the same parameters", RateUnit.Parameters);

    /// <summary>All methods: those of others, what is mixed, ours.</summary>
    public static IReadOnlyList<RivalMethod> All { get; } =
    [
        .. Criteria.Select(c => new RivalMethod(c, c)),
        .. Criteria.Select(c => With(c, new MeanCompensation())),
        With("l1", new LinearRegressionRepair(inSequence: false)),
        With("l2", new LinearRegressionRepair(inSequence: false)),
        With("l1", new LinearRegressionRepair(inSequence: true)),
        With("l2", new LinearRegressionRepair(inSequence: true)),
        With("l1", new LinearRegressionRepair(inSequence: true, convolutionsOnly: true)),
        With("l2", new LinearRegressionRepair(inSequence: true, convolutionsOnly: true)),
        With("obs", new LinearRegressionRepair(inSequence: true)),
        new("EdgePrune: l2, repair", "l2") { Product = o => o },
        SameWidths,
        SameMacs,
        Global("EdgePrune: obs global, repair, 4 steps, at most the same MACs", RateUnit.Macs) with { Product = o => o with { Scope = PruningScope.Global, Steps = 4 }, IsCostly = true },
        Global("EdgePrune: obs by sensitivity, repair, at most the same MACs", RateUnit.Macs) with { Product = o => o with { Scope = PruningScope.Global, Allocation = RateAllocation.Sensitivity }, IsCostly = true },
        SameParameters,
    ];

    private static RivalMethod With(string criterion, IRivalRepair repair) => new($"{criterion}, {repair.Name}", criterion) { Repair = repair };

    private static RivalMethod Global(string name, RateUnit budget) =>
        new(name, "obs") { Product = o => o with { Scope = PruningScope.Global }, Budget = budget };
}
