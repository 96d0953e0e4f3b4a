using TorchSharp;

namespace EdgePrune.Training;

/// <summary>What holds for all nodes of a graph while it runs.</summary>
/// <param name="real">The type that real numbers are computed in.</param>
internal sealed class ExecutionMode(torch.ScalarType real)
{
    /// <summary>The type that real numbers are computed in.</summary>
    public torch.ScalarType Real => real;

    /// <summary>Whether batch normalization uses, and remembers, the statistics of the batch.</summary>
    public bool HasLiveStatistics { get; set; }
}
