using EdgePrune.Contracts;
using EdgePrune.Onnx;

namespace EdgePrune.Host;

/// <summary>How long a target's estimates say that an operator computes and moves data.</summary>
/// <param name="performance">The target's estimates.</param>
/// <param name="precision">Number format of the model.</param>
/// <param name="shapes">Shapes of its values in float.</param>
internal sealed class OperatorClock(PerformanceEstimate performance, Precision precision, ShapeTable shapes)
{
    private readonly PrecisionCost _cost = PrecisionTable.Of(precision).Cost;

    public double SecondsPerByte { get; } = 1e-6 / performance.BandwidthMBs;

    public double Overhead { get; } = 1e-6 * performance.OperatorOverheadMicroseconds;

    /// <summary>What the precision makes of an operator.</summary>
    public PrecisionCost CostOf(Node node) => _cost.At(node, shapes);

    /// <summary>Seconds of a multiply-accumulate.</summary>
    public double SecondsPerMac(PrecisionCost cost) => 1e-9 / (cost.IsInteger ? performance.Int8GigaMacsPerSecond : performance.Float32GigaMacsPerSecond);
}
