using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>Carries out methods on one model.</summary>
internal sealed class RivalTrials(RivalModel model, RivalScorer scorer, CellCache cache)
{
    private static readonly double[] Limits = [0.9, 0.95, 0.98];
    private readonly Dictionary<int, RivalDraw> _draws = [];

    /// <summary>One method at one rate: a cell for each draw, or one cell when nothing is drawn or the method is costly.</summary>
    public async Task<IReadOnlyList<RivalCell>> Run(RivalMethod method, double rate, IReadOnlyList<int> seeds)
    {
        List<RivalCell> cells = [];
        foreach (var seed in method is { IsDrawn: true, IsCostly: false } ? seeds : [seeds[0]])
        {
            if (cache.Find(model.Name, rate, method.Name, seed) is not { } cell)
            {
                cell = await Try(method, rate, Draw(seed));
                cache.Add(cell);
            }

            cells.Add(cell);
        }

        return cells;
    }

    /// <summary>Channels that the same rate for every layer leaves in each group.</summary>
    public string UniformWidths(double rate, int seed) => string.Join('/', Widths(Draw(seed).Uniform(rate)));

    /// <summary>What the original costs.</summary>
    public Footprint Before(int seed) => Draw(seed).Uniform(0).Before!;

    private RivalDraw Draw(int seed)
    {
        if (!_draws.TryGetValue(seed, out var draw))
        {
            _draws[seed] = draw = new RivalDraw(model, seed);
        }

        return draw;
    }

    private async Task<RivalCell> Try(RivalMethod method, double rate, RivalDraw draw)
    {
        var uniform = draw.Uniform(rate);
        var (candidate, plan) = method.Product is { } product
            ? await Product(product, method, uniform, draw)
            : Rival(method, rate, draw);
        if (method.Budget is null && !Widths(plan).SequenceEqual(Widths(uniform)))
        {
            throw new InvalidOperationException($"'{method.Name}' keeps {string.Join('/', Widths(plan))} channels at {rate}, but the same rate for every layer keeps {string.Join('/', Widths(uniform))}.");
        }

        var score = scorer.Score(candidate);
        return new RivalCell(model.Name, rate, method.Name, draw.Seed, score, scorer.Original - score.Accuracy, plan.After!.Parameters, plan.After.Macs, string.Join('/', Widths(plan)));
    }

    private static async Task<(Model, PrunePlan)> Product(Func<CompressionOptions, CompressionOptions> product, RivalMethod method, PrunePlan uniform, RivalDraw draw)
    {
        var options = product(draw.Options(uniform.Rate) with { Criterion = method.Criterion });
        if (method.Budget is not { } budget)
        {
            var same = await draw.Compress(options);
            return (same.Model, same.Plan);
        }

        // The limit of a group is raised only where the budget cannot be met with the default one.
        foreach (var limit in Limits)
        {
            var result = await draw.Compress(options with { RateOf = budget, Rate = 1 - (uniform.After!.Of(budget) / uniform.Before!.Of(budget)), MaxGroupRate = limit });
            if (result.Plan.After!.Of(budget) <= uniform.After.Of(budget))
            {
                return (result.Model, result.Plan);
            }
        }

        throw new InvalidOperationException($"'{method.Name}' does not come down to {uniform.After!.Of(budget)} {budget} even when a group may lose {Limits[^1]:p0}.");
    }

    private static (Model, PrunePlan) Rival(RivalMethod method, double rate, RivalDraw draw)
    {
        var plan = draw.Plan(draw.Options(rate) with { Criterion = method.Criterion });
        var removed = new RemovedChannels(draw.Analysis, plan);
        var pruned = ChannelPruner.Remove(draw.Analysis, removed);
        method.Repair?.Repair(draw, removed, pruned);
        return (pruned, plan);
    }

    private static IEnumerable<int> Widths(PrunePlan plan) => plan.Groups.Select(g => g.Channels - g.Remove.Count);
}
