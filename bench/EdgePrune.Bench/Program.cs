using System.Globalization;
using EdgePrune.Bench;
using EdgePrune.Profiler;
using EdgePrune.TestKit;

const string Usage = """
    Usage: dotnet run -c Release --project bench/EdgePrune.Bench -- <benchmark> [rounds]

      prune [rounds]     time and memory of one data-free prune of a ResNet-50   (default: 7 rounds)
      scaling [rounds]   time of each step against the number of nodes           (default: 3 rounds)
      accuracy [file]    MNIST accuracy against the rate, without training       (default: bench/results/mnist-frontier.md)
      frontier [draws]   one ranking against the same rate everywhere, at equal cost (default: 8 draws)
      sparsity [file]    MNIST accuracy against the share of zero weights        (default: bench/results/mnist-sparsity.md)
      quantization [options]  our int8 beside the ways of others to quantize       (--models, --draws, --latency, --text-model, --output)
      quantization calibration [images]  what calibration costs                   (default: 300 images)
      training <model> [seeds]  accuracy after training the repaired model         (models: mnist, cifar10, digits; default: seeds 1,2,3)
      profiling [rounds]  cost of the profiler; sums of operators; peak memory     (default: 5 rounds)
      training-step [rounds]  one training step, executed graph against module   (default: 30 rounds)
    """;

NativeEnvironment.DisableTelemetry();
switch (args)
{
    case ["prune", .. var rest] when rest.Length <= 1:
        new PruneBenchmark(Console.Out).Run(Rounds(rest, 7));
        return 0;
    case ["scaling", .. var rest] when rest.Length <= 1:
        new ScalingBenchmark(Console.Out).Run(Rounds(rest, 3));
        return 0;
    case ["accuracy", .. var rest] when rest.Length <= 1:
        await new FrontierBenchmark(Console.Out).RunAsync(rest.FirstOrDefault() ?? Path.Combine(RepositoryFiles.Root, "bench", "results", "mnist-frontier.md"));
        return 0;
    case ["frontier", .. var rest] when rest.Length <= 1:
        await new FrontierComparison(Console.Out, Rounds(rest, 8)).RunAsync();
        return 0;
    case ["sparsity", .. var rest] when rest.Length <= 1:
        await new SparsityBenchmark(Console.Out).RunAsync(rest.FirstOrDefault() ?? Path.Combine(RepositoryFiles.Root, "bench", "results", "mnist-sparsity.md"));
        return 0;
    case ["training", var model, .. var rest] when rest.Length <= 1 && TrainedRows.Of(model).Count > 0:
        return new TrainingBenchmark(Console.Out).Run(model, [.. (rest.FirstOrDefault() ?? "1,2,3").Split(',').Select(s => int.Parse(s, CultureInfo.InvariantCulture))]) ? 0 : 2;
    case ["training-step", .. var rest] when rest.Length <= 1:
        new TrainingStepBenchmark(Console.Out).Run(Rounds(rest, 30));
        return 0;
    case ["rivals", .. var rest] when RivalsOptions.TryParse(rest) is { } options:
        await new RivalsBenchmark(Console.Out).RunAsync(options);
        return 0;
    case ["quantization", "calibration", .. var rest] when rest.Length <= 1:
        new CalibrationCost(Console.Out).Run(Rounds(rest, 300));
        return 0;
    case [CalibrationCost.Verb, var samples]:
        CalibrationCost.RunMemory(int.Parse(samples, CultureInfo.InvariantCulture), Console.Out);
        return 0;
    case ["quantization", .. var rest] when QuantizationSettings.TryParse(rest) is { } settings:
        await new QuantizationBenchmark(Console.Out).RunAsync(settings);
        return 0;
    case ["profiling", .. var rest] when rest.Length <= 1:
        await new ProfilingBenchmark(Console.Out).RunAsync(Rounds(rest, 5));
        return 0;
    case [MeasuringWorker.Verb]:
        return MeasuringWorker.Run(Console.OpenStandardInput(), Console.OpenStandardOutput());
    case [UnblockedRun.Verb, var path]:
        UnblockedRun.Run(path, Console.Out);
        return 0;
    case ["memory-of", var step, var path]:
        MemoryStep.Run(step, path, Console.Out);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

static int Rounds(string[] arguments, int otherwise) =>
    arguments.Length == 0 ? otherwise : int.Parse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture);
