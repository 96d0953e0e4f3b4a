namespace EdgePrune.Profiler;

/// <summary>What one inference of a model costs, as a roofline sees it.</summary>
/// <param name="Channels">Output channels of the layers; each is rounded up to the device's quantum.</param>
/// <param name="MacsPerChannel">Multiply-accumulates of one channel of each layer.</param>
/// <param name="Bytes">Bytes moved between memory and processor.</param>
/// <param name="PeakBytes">Memory of the process at its peak.</param>
public sealed record SyntheticWork(IReadOnlyList<int> Channels, IReadOnlyList<double> MacsPerChannel, double Bytes, long PeakBytes);
