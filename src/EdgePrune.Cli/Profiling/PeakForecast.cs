using EdgePrune.Contracts;
using EdgePrune.Host;
using EdgePrune.Onnx;

namespace EdgePrune.Cli;

/// <summary>The peak memory of a model, said before it runs: on this machine, and on a target that has another processor.</summary>
internal static class PeakForecast
{
    private const long Mebibyte = 1 << 20;

    /// <summary>Predicts and prints what follows. A model that cannot be analysed is measured without a prediction.</summary>
    /// <param name="screen">Where the lines about the work go.</param>
    /// <param name="modelPath">The <c>.onnx</c> file.</param>
    /// <param name="target">The target that was named, or null.</param>
    /// <returns>This machine's prediction first, then the target's where it differs; empty when there is none.</returns>
    public static IReadOnlyList<MemoryPrediction> Announce(Screen screen, string modelPath, Target? target)
    {
        // What does not exist is for the profiler to say.
        var predictions = File.Exists(modelPath) ? Predict(screen, modelPath, target) : [];
        foreach (var prediction in predictions)
        {
            screen.Note($"Predicted peak memory on {prediction.Architecture}: {Words(prediction)}.");
        }

        if (target is not null && predictions.Count > 0 && Shortage(predictions[^1].Peak, target) is { } shortage)
        {
            screen.Note($"Warning: {shortage}");
        }

        return predictions;
    }

    /// <summary>The sum and its parts.</summary>
    public static string Words(MemoryPrediction p) =>
        $"{p.Peak} (runtime {p.Runtime}, weights {p.Weights}, their copies {p.Copies}, activations {p.Activations})";

    /// <summary>Why a model does not fit the memory of a target, or null when it fits or the memory is not known.</summary>
    internal static string? Shortage(ByteSize peak, Target target)
    {
        if (target.Hardware.MemoryMiB is not { Count: > 0 } sizes || peak.Bytes <= sizes.Min() * Mebibyte)
        {
            return null;
        }

        var enough = sizes.Where(s => peak.Bytes <= s * Mebibyte).Order().Select(s => new ByteSize(s * Mebibyte).ToString()).ToArray();
        return enough.Length == 0
            ? $"the model needs about {peak}, more than any '{target.Name}' has (at most {new ByteSize(sizes.Max() * Mebibyte)}), and the system needs some too. Make the model smaller, or name another target."
            : $"the model needs about {peak}; of '{target.Name}' only boards with {string.Join(" or ", enough)} have that, and the system needs some too. Check the board, or make the model smaller.";
    }

    private static IReadOnlyList<MemoryPrediction> Predict(Screen screen, string modelPath, Target? target)
    {
        try
        {
            var analysis = ModelAnalysis.Consume(OnnxFile.Read(modelPath), new GroupingOptions());
            MemoryRule[] rules = target is null ? [MemoryRule.OfThisMachine] : [MemoryRule.OfThisMachine, MemoryRule.For(target.Architecture)];
            return [.. rules.Distinct().Select(r => r.Predict(analysis))];
        }
        catch (EdgePruneException refused)
        {
            screen.Note($"The peak memory is not predicted: {refused.Message}");
            return [];
        }
    }
}
