using System.Globalization;
using EdgePrune.TestKit;

namespace EdgePrune.Bench;

/// <summary>What Torch-Pruning 1.6.1 reached at one rate, without fine-tuning.</summary>
/// <param name="Rate">Rate of every layer.</param>
/// <param name="Cells">L1, L2 and Taylor: mean and standard deviation of three base models.</param>
internal sealed record RivalRow(double Rate, IReadOnlyList<string> Cells)
{
    public static IReadOnlyList<string> Criteria { get; } = ["L1", "L2", "Taylor"];

    public static IReadOnlyDictionary<double, RivalRow> Read() =>
        File.ReadLines(RepositoryFiles.Find("bench/results/torch-pruning-1.6.1-mnist.csv")).Skip(1).Select(Parse).ToDictionary(r => r.Rate);

    private static RivalRow Parse(string line)
    {
        var cells = line.Split(',');
        return new RivalRow(
            double.Parse(cells[0], CultureInfo.InvariantCulture),
            [.. Enumerable.Range(0, Criteria.Count).Select(i => $"{cells[2 + (2 * i)]} ± {cells[3 + (2 * i)]}")]);
    }
}
