using System.Globalization;
using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Bench;

/// <summary>How long one data-free prune of a ResNet-50 takes, step by step, and how much memory it needs.</summary>
internal sealed class PruneBenchmark(TextWriter output)
{
    private const int WarmUpRounds = 2;

    public void Run(int rounds)
    {
        using var folder = new ScratchFolder();
        var path = folder.File("resnet50.onnx");
        OnnxFile.Write(ResNet50.Make(), path);
        Describe(path);
        output.WriteLine(MachineFacts.Describe());
        output.WriteLine();
        var timer = new PhaseTimer();
        for (var round = 0; round < WarmUpRounds + rounds; round++)
        {
            if (round == WarmUpRounds)
            {
                timer.Start();
            }

            PrunePhases.Run(path, timer);
        }

        PrintTimes(timer, rounds);
        PrintMemory(path);
    }

    private void Describe(string path)
    {
        var model = OnnxFile.Read(path);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"ResNet-50 v1.5: {model.Graph.Nodes.Count} nodes, {model.Graph.Nodes.Count(n => n.OperatorType == "Conv")} convolutions, {model.ParameterCount / 1e6:f2} M parameters, {new ByteSize(new FileInfo(path).Length)}"));
        output.WriteLine();
    }

    private void PrintTimes(PhaseTimer timer, int rounds)
    {
        var whole = timer.Series.Where(s => PrunePhases.Whole.Contains(s.Name)).Sum(s => s.Median.TotalMilliseconds);
        output.WriteLine($"| step ({rounds} rounds) | min ms | median ms | share of the whole |");
        output.WriteLine("|---|---:|---:|---:|");
        foreach (var series in timer.Series)
        {
            var part = PrunePhases.Whole.Contains(series.Name) ? "" : "- ";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {part}{series.Name} | {series.Min.TotalMilliseconds:f1} | {series.Median.TotalMilliseconds:f1} | {series.Median.TotalMilliseconds / whole:p0} |"));
        }

        var least = timer.Series.Where(s => PrunePhases.Whole.Contains(s.Name)).Sum(s => s.Min.TotalMilliseconds);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| **whole prune** | {least:f1} | {whole:f1} | 100 % |"));
        output.WriteLine();
        output.WriteLine("Steps with a dash are measured alone and are parts of 'analyse'.");
    }

    private void PrintMemory(string path)
    {
        var size = (double)new FileInfo(path).Length;
        var idle = Peak(MemoryStep.Runtime, path);
        output.WriteLine();
        output.WriteLine("| peak memory of a process that | peak | of the model's size | without a process that runs a tiny model |");
        output.WriteLine("|---|---:|---:|---:|");
        foreach (var step in MemoryStep.Names)
        {
            var peak = Peak(step, path);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {step} | {new ByteSize(peak)} | {peak / size:f2} x | {(peak - idle) / size:f2} x |"));
        }
    }

    private static long Peak(string step, string path) => PeakMemory.Of("memory-of", step, path);
}
