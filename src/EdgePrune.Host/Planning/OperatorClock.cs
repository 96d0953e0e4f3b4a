using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>How long a target's estimates say that an operator computes and moves data.</summary>
/// <param name="performance">The target's estimates.</param>
/// <param name="precision">Number format of the model.</param>
internal sealed class OperatorClock(PerformanceEstimate performance, Precision precision)
{
    public double SecondsPerMac { get; } = 1e-9 / (precision == Precision.Int8 ? performance.Int8GigaMacsPerSecond : performance.Float32GigaMacsPerSecond);

    public double SecondsPerByte { get; } = 1e-6 / performance.BandwidthMBs;

    public double Overhead { get; } = 1e-6 * performance.OperatorOverheadMicroseconds;

    /// <summary>Bytes of one element as the target holds it; floats of an 8-bit model have one.</summary>
    public double BytesOf(ElementType type) => type switch
    {
        ElementType.Undefined => precision == Precision.Int8 ? 1 : 4,
        _ when type.IsFloat() && precision == Precision.Int8 => 1,
        _ => Math.Max(1, type.Size()),
    };
}
