using System.Globalization;
using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Bench;

/// <summary>One ranking over all layers against the same rate for every layer, on MNIST without training, at equal parameters and at equal operations, draw by draw.</summary>
internal sealed class FrontierComparison(TextWriter output, int draws)
{
    private static readonly double[] Rates = [0.3, 0.5, 0.7, 0.8, 0.9];
    private static readonly FrontierSetting Obs = FrontierSetting.All(Precision.Float32).Single(s => s is { Criterion: "obs", Repair: true });

    private readonly FrontierTrials _trials = new([.. Enumerable.Range(1, draws)]);

    public async Task RunAsync()
    {
        output.WriteLine(MachineFacts.Describe());
        output.WriteLine();
        output.WriteLine("| rate | | parameters | MACs | top-1 | agrees with the original | gain in top-1 ± standard error |");
        output.WriteLine("|---:|---|---:|---:|---:|---:|---:|");
        foreach (var rate in Rates)
        {
            await CompareAsync(rate);
        }
    }

    private async Task CompareAsync(double rate)
    {
        List<Point> uniform = [], parameters = [], macs = [];
        for (var seed = 1; seed <= draws; seed++)
        {
            var same = await At(PruningScope.PerLayer, (rate, RateUnit.Channels), seed);
            uniform.Add(same);
            parameters.Add(await At(PruningScope.Global, (1 - ((double)same.Cost.Parameters / same.Before.Parameters), RateUnit.Parameters), seed));
            macs.Add(await At(PruningScope.Global, (1 - ((double)same.Cost.Macs / same.Before.Macs), RateUnit.Macs), seed));
        }

        Write(rate, "same rate everywhere", uniform, uniform);
        Write(rate, "one ranking, as many parameters", parameters, uniform);
        Write(rate, "one ranking, as many MACs", macs, uniform);
    }

    private async Task<Point> At(PruningScope scope, (double Rate, RateUnit Of) share, int seed)
    {
        var (result, score) = await _trials.Try(Obs, scope, share, seed);
        return new Point(score, await _trials.Agreement(result), result.After, result.Before);
    }

    private void Write(double rate, string name, List<Point> points, List<Point> uniform)
    {
        double[] gains = [.. points.Zip(uniform, (a, b) => a.Score - b.Score)];
        var deviation = Math.Sqrt(gains.Sum(g => Math.Pow(g - gains.Average(), 2)) / Math.Max(1, gains.Length - 1) / gains.Length);
        var gain = ReferenceEquals(points, uniform) ? "" : string.Create(CultureInfo.InvariantCulture, $"{gains.Average():+0.000;-0.000} ± {deviation:0.000}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {rate:p0} | {name} | {points.Average(p => p.Cost.Parameters):n0} | {points.Average(p => p.Cost.Macs):n0} | {points.Average(p => p.Score):0.000} | {points.Average(p => p.Agreement):0.000} | {gain} |"));
    }

    private sealed record Point(double Score, double Agreement, ModelCost Cost, ModelCost Before);
}
