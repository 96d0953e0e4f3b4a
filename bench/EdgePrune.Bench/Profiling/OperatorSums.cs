using System.Globalization;
using EdgePrune.Profiler;

namespace EdgePrune.Bench;

/// <summary>
/// The sum of all operators' times against the model's time without ONNX Runtime's profiler, from another process, so that the one is
/// not made from the other. Each round measures with and without operators; the median of the rounds' ratios counts.
/// </summary>
internal sealed class OperatorSums(TextWriter output, ChildProcessProfiler profiler)
{
    public const int Models = 3;

    public async Task RunAsync(IReadOnlyList<(string Name, string Path)> models, int rounds)
    {
        output.WriteLine();
        output.WriteLine("| model | operators | sum over total, median of rounds | all rounds |");
        output.WriteLine("|---|---:|---:|---|");
        foreach (var (name, path) in models)
        {
            List<double> ratios = [];
            var operators = 0;
            for (var round = 0; round < rounds; round++)
            {
                var attributed = await profiler.ProfileAsync(path, ProfilingBenchmark.Settings with { PerOperator = true }, CancellationToken.None);
                var plain = await profiler.ProfileAsync(path, ProfilingBenchmark.Settings, CancellationToken.None);
                operators = attributed.Operators.Count;
                ratios.Add(attributed.Operators.Sum(o => o.Mean.TotalMicroseconds) / plain.Latency.P50.Estimate.TotalMicroseconds);
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {operators} | {ratios.Order().ElementAt(rounds / 2):0.000} | {string.Join(' ', ratios.Select(r => r.ToString("0.000", CultureInfo.InvariantCulture)))} |"));
        }

        output.WriteLine();
        output.WriteLine("Goal: between 0.97 and 1.03.");
    }
}
