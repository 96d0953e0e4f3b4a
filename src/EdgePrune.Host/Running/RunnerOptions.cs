using EdgePrune.Profiler;
using Microsoft.ML.OnnxRuntime;

namespace EdgePrune.Host;

/// <summary>How a model runs on this machine.</summary>
public sealed record RunnerOptions
{
    /// <summary>Whether ONNX Runtime may rewrite the graph. <value>Default: true. Off for statistics and proofs, where every value is looked at.</value></summary>
    public bool Optimize { get; init; } = true;

    /// <summary>Threads. <value>Default: 0, all cores.</value></summary>
    public int Threads { get; init; }

    /// <summary>
    /// Whether signed 8-bit activations stay signed, as on ARM64, instead of being rewritten to unsigned ones, as ONNX Runtime
    /// does on x64. <value>Default: false. On x64 it is many times slower: for reading back the graph that an ARM64 device will run.</value>
    /// </summary>
    public bool SignedActivations { get; init; }

    /// <summary>Where to write the optimised graph, or null. <value>Default: null.</value></summary>
    public string? OptimizedModelPath { get; init; }

    /// <summary>
    /// Whether memory for activations is kept for the next run. <value>Default: true. Off where a model runs a few times only: what is kept
    /// is rounded up to twice of what one run needs.</value>
    /// </summary>
    internal bool KeepsMemory { get; init; } = true;

    internal SessionOptions ToSessionOptions()
    {
        var options = new SessionOptions
        {
            EnableCpuMemArena = KeepsMemory,
            EnableMemoryPattern = KeepsMemory,
            GraphOptimizationLevel = Optimize ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
            IntraOpNumThreads = Threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };

        if (SignedActivations)
        {
            options.AddSessionConfigEntry("session.qdqisint8allowed", "1");
        }
        else
        {
            SessionFactory.KeepIntegerSums(options);
        }

        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        if (OptimizedModelPath is not null)
        {
            options.OptimizedModelFilePath = OptimizedModelPath;
        }

        return options;
    }
}
