namespace EdgePrune.Host;

/// <summary>The rates worth trying: one for each distinct set of aligned widths.</summary>
internal sealed class RateLadder
{
    private const double Step = 0.01;

    private RateLadder(IReadOnlyList<double> rates) => Rates = rates;

    /// <summary>Rates in ascending order, from 0.</summary>
    public IReadOnlyList<double> Rates { get; }

    public static RateLadder Build(CompressionPipeline pipeline, TuningOptions options)
    {
        if (pipeline.Analysis.Groups.Count == 0)
        {
            // Nothing can be pruned, but int8 alone may meet the budget.
            return new RateLadder([0]);
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        List<double> rates = [];
        for (var step = 0; step * Step <= options.MaxRate + 1e-9; step++)
        {
            var rate = Math.Round(step * Step, 4);
            if (seen.Add(string.Join('|', options.Precisions.Select(p => Shape(pipeline, options, rate, p)))))
            {
                rates.Add(rate);
            }
        }

        return new RateLadder(rates);
    }

    private static string Shape(CompressionPipeline pipeline, TuningOptions options, double rate, Precision precision) =>
        string.Join(',', pipeline.Plan(options.Compression with { Rate = rate, Precision = precision }).Groups.Select(g => g.Channels - g.Remove.Count));
}
