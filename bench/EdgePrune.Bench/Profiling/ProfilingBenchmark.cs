using EdgePrune.Contracts;
using EdgePrune.Profiler;

namespace EdgePrune.Bench;

/// <summary>What the profiler itself costs, and how near its figures are to what they stand for.</summary>
internal sealed class ProfilingBenchmark(TextWriter output)
{
    public async Task RunAsync(int rounds)
    {
        using var folder = new ScratchFolder();
        output.WriteLine(MachineFacts.Describe());
        output.WriteLine();
        new HarnessOverhead(output).Run(folder, rounds);
        new SamplerCost(output).Run();
        var profiler = new ChildProcessProfiler(MeasuringProgram.Current());
        var models = ProfiledModels.All(folder);
        await new MemoryPredictionTable(output, profiler).RunAsync(models, folder);
        await new OperatorSums(output, profiler).RunAsync([.. models.Take(OperatorSums.Models)], rounds);
    }

    /// <summary>Settings of one measurement.</summary>
    internal static ProfileSettings Settings { get; } = new() { Window = TimeSpan.FromMilliseconds(500), MinRunsPerWindow = 8, MaxWarmup = TimeSpan.FromSeconds(3), PerOperator = false };
}
