using EdgePrune.Contracts;

namespace EdgePrune.Device;

/// <summary>How an application runs the served model.</summary>
public sealed record ModelRuntimeOptions
{
    /// <summary>Threads, spinning, arena and the value of free dimensions; the rest of the settings is about measuring and not looked at. <value>Default: one thread, no spinning.</value></summary>
    public ProfileSettings Settings { get; init; } = new();

    /// <summary>Calls that may run at the same time without memory being allocated for another; more are served, each with tensors of its own that are released after it. <value>Default: 1. Range: 1 to 64.</value></summary>
    public int KeptCalls { get; init; } = 1;
}
