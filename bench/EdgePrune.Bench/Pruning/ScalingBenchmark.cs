using System.Globalization;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>Whether the time of each step grows in proportion to the number of nodes.</summary>
internal sealed class ScalingBenchmark(TextWriter output)
{
    private static readonly int[] Sizes = [500, 1000, 2000, 5000];

    public void Run(int rounds)
    {
        using var folder = new ScratchFolder();
        var paths = Sizes.Select(size => Write(size, folder)).ToList();
        var timers = Sizes.Select(_ => new PhaseTimer()).ToList();
        PrunePhases.Run(paths[0], new PhaseTimer());
        timers.ForEach(t => t.Start());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (path, timer) in paths.Zip(timers))
            {
                PrunePhases.Run(path, timer);
            }
        }

        Print(timers, rounds);
    }

    private static string Write(int nodes, ScratchFolder folder)
    {
        var path = folder.File($"chain{nodes}.onnx");
        OnnxFile.Write(ChainModel.Make(nodes), path);
        return path;
    }

    private void Print(List<PhaseTimer> timers, int rounds)
    {
        output.WriteLine($"| step (min ms of {rounds} rounds) | {string.Join(" | ", Sizes.Select(s => $"{s} nodes"))} | growth from {Sizes[0]} to {Sizes[^1]} nodes ({Sizes[^1] / Sizes[0]} is linear) |");
        output.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", Sizes.Length + 1))}");
        foreach (var phase in timers[0].Series.Select(s => s.Name))
        {
            var times = timers.ConvertAll(t => t.Series.First(s => s.Name == phase).Min.TotalMilliseconds);
            var cells = times.Select(t => t.ToString("f2", CultureInfo.InvariantCulture));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {phase} | {string.Join(" | ", cells)} | {times[^1] / times[0]:f1} |"));
        }
    }
}
