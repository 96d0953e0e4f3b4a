namespace EdgePrune.Contracts;

/// <summary>
/// Estimates of how fast a board runs ONNX Runtime with the target's number of threads. They predict which of two models is
/// faster, never what a budget is judged by: that is measured on the device.
/// </summary>
public sealed record PerformanceEstimate
{
    /// <summary>Sustained multiply-accumulates a second in 32-bit floats, in thousands of millions. Range: above 0.</summary>
    public required double Float32GigaMacsPerSecond { get; init; }
    /// <summary>The same with 8-bit integers. Range: above 0.</summary>
    public required double Int8GigaMacsPerSecond { get; init; }
    /// <summary>Bytes that are read or written a second, in MB/s. Range: above 0.</summary>
    public required double BandwidthMBs { get; init; }
    /// <summary>Time that starting one operator takes, in microseconds. Range: at least 0.</summary>
    public required double OperatorOverheadMicroseconds { get; init; }
    /// <summary>How the figures were estimated.</summary>
    public required string Source { get; init; }
}
