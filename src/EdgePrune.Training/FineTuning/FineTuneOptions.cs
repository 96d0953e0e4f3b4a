using EdgePrune.Contracts;
using EdgePrune.Host;

namespace EdgePrune.Training;

/// <summary>How a model is fine-tuned.</summary>
public sealed record FineTuneOptions
{
    /// <summary>Times that every sample is seen. <value>Default: 1. Range: 1 to 10000.</value></summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Learning rate of the first step; it falls to 0 along half a cosine. <value>Default: 1e-4, for AdamW; SGD wants about 100 times more. Range: above 0 to 1e30.</value></summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>Samples a step. <value>Default: 64. Models with a fixed batch of one are run for each sample, with the same result.</value></summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Optimizer. <value>Default: AdamW.</value></summary>
    public TrainingOptimizer Optimizer { get; init; } = TrainingOptimizer.AdamW;

    /// <summary>Weight decay of matrices and kernels; biases and scales have none. <value>Default: 1e-4.</value></summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Seed of the order of samples. <value>Default: 1.</value></summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads. <value>Default: 0, one for each core. With 1, the same seed gives the same bytes on the same machine.</value></summary>
    public int Threads { get; init; }

    /// <summary>All faults; empty when the options are sound.</summary>
    /// <returns>One sentence for each fault.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        Require(faults, Epochs is >= 1 and <= 10_000, $"Epochs is {Epochs}; it must be 1 to 10000.");
        Require(faults, LearningRate is > 0 and <= 1e30, $"LearningRate is {LearningRate}; it must be above 0 and at most 1e30.");
        Require(faults, BatchSize is >= 1 and <= 65_536, $"BatchSize is {BatchSize}; it must be 1 to 65536.");
        Require(faults, Enum.IsDefined(Optimizer), $"Optimizer is {Optimizer}; it must be AdamW or Sgd.");
        Require(faults, double.IsFinite(WeightDecay) && WeightDecay >= 0, $"WeightDecay is {WeightDecay}; it must be 0 or a number above.");
        Require(faults, Threads is >= 0 and <= 1024, $"Threads is {Threads}; it must be 0 to 1024.");
        return faults;
    }

    internal void RequireSound()
    {
        if (Validate() is { Count: > 0 } faults)
        {
            throw new InputException(ErrorCode.InvalidOption, $"The options of fine-tuning have {faults.Count} fault(s): {string.Join(" ", faults)}");
        }
    }

    private static void Require(List<string> faults, bool sound, string fault)
    {
        if (!sound)
        {
            faults.Add(fault);
        }
    }
}
