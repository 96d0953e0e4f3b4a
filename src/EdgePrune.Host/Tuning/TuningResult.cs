using EdgePrune.Contracts;

namespace EdgePrune.Host;

/// <summary>What the tuning loop found.</summary>
/// <param name="Report">All trials and the verdict.</param>
/// <param name="Picked">The model that is active on the device, or null when nothing ran or the original was picked.</param>
/// <param name="Bundle">Its signed bundle, or null when nothing ran.</param>
public sealed record TuningResult(TuningReport Report, CompressionResult? Picked, BundleFile? Bundle);
